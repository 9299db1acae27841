"""The committed list: a guard, the change that removes it, the test that must fail without it."""

from tests.mutants.frame import FRAME
from tests.mutants.handing_on import HANDING_ON
from tests.mutants.money import MONEY
from tests.mutants.mutant import Mutant
from tests.mutants.people import PEOPLE
from tests.mutants.the_day import THE_DAY

ASSIGNMENTS = "volunteers/piccolo_migrations/assignments.sql"
SIGN_UPS = "tests/volunteers/assignments/sign_ups/test_guarantees.py"
ATTENDANCE = "tests/volunteers/attendance/test_attendance.py"
WAITING = "tests/volunteers/assignments/waiting/test_waiting.py"
STAND_BY = "tests/volunteers/assignments/stand_by/test_stand_by.py"
THANKS_SQL = "volunteers/piccolo_migrations/thanks.sql"
THANKS = "tests/volunteers/thanks/test_thanks.py"
REGULARS_SQL = "volunteers/piccolo_migrations/regulars.sql"
REGULARS = "tests/volunteers/assignments/regulars/test_regulars.py"
GAPS = "tests/volunteers/gaps/test_gaps.py"
PAIRINGS_SQL = "volunteers/piccolo_migrations/pairings.sql"
PAIRINGS = "tests/volunteers/pairings/test_pairings.py"

GUARDS = (
    *FRAME,
    *MONEY,
    *PEOPLE,
    *HANDING_ON,
    *THE_DAY,
    Mutant(
        "capacity of a position", ASSIGNMENTS,
        "CHECK (booked BETWEEN 0 AND capacity)", "CHECK (booked >= 0)",
        f"{SIGN_UPS}::test_a_position_never_takes_more_than_its_capacity",
    ),
    Mutant(
        "one live sign-up per person and assignment", ASSIGNMENTS,
        "CREATE UNIQUE INDEX sign_up_once", "CREATE INDEX sign_up_once",
        f"{SIGN_UPS}::test_one_live_sign_up_per_person_and_assignment_but_one_may_come_back",
    ),
    Mutant(
        "nobody in two places", ASSIGNMENTS,
        "int8range(person_id, person_id, '[]') WITH &&", "int8range(id, id, '[]') WITH &&",
        f"{SIGN_UPS}::test_nobody_is_in_two_places_at_once",
    ),
    Mutant(
        "time to travel", ASSIGNMENTS,
        "CONSTRAINT = 'sign_up_travel_and_rest';\n    END IF;", "CONSTRAINT = 'sign_up_other';\n    END IF;",
        f"{SIGN_UPS}::test_there_is_time_to_travel_between_neighbours",
    ),
    Mutant(
        "credential verified and valid on the day", ASSIGNMENTS,
        "AND c.verified_at IS NOT NULL\n", "\n",
        f"{SIGN_UPS}::test_a_credential_is_verified_and_valid_on_the_day",
    ),
    Mutant(
        "recusal", ASSIGNMENTS,
        "r.party = ANY (a.parties)\n    WHERE s.id", "r.party = ''\n    WHERE s.id",
        f"{SIGN_UPS}::test_a_tie_to_a_party_keeps_away_whichever_comes_first",
    ),
    Mutant(
        "nobody confirms their own attendance", ASSIGNMENTS,
        "WHERE p.account_id = n.confirmed_by LIMIT 1", "WHERE false LIMIT 1",
        f"{ATTENDANCE}::test_nobody_confirms_themselves_not_even_past_the_service",
    ),
    Mutant(
        "only the latest attempt of a dispatch run writes", "volunteers/dispatch/results.py",
        'row["fence"] != fence or ', "",
        "tests/volunteers/dispatch/test_service.py"
        "::test_a_run_whose_worker_died_is_taken_over_and_the_late_result_is_ignored",
    ),
    Mutant(
        "a free seat goes to the next in line", "volunteers/piccolo_migrations/waiting.sql",
        "AND (w.line, w.id) < (NEW.line, NEW.id)", "AND (w.line, w.id) < (0, 0)",
        f"{WAITING}::test_a_place_out_of_turn_gets_no_offer",
    ),
    Mutant(
        "an offer is accepted in time or not at all", "volunteers/piccolo_migrations/waiting.sql",
        "OLD.offer_expires_at <= now()", "OLD.offer_expires_at IS NULL",
        f"{WAITING}::test_the_database_keeps_the_turn_and_the_time_whoever_writes",
    ),
    Mutant(
        "who steps back passes the seat to the line", "volunteers/assignments/sign_ups/service.py",
        "            await promote(principal, [position_id])\n", "            pass\n",
        f"{WAITING}::test_who_steps_back_passes_the_seat_to_the_first_in_line_in_the_same_moment",
    ),
    Mutant(
        "who stands by is called first", "volunteers/assignments/call_outs/people.py",
        "person.id = ANY ($4::bigint[]) THEN 0", "person.id = ANY ($4::bigint[]) THEN 2",
        f"{STAND_BY}::test_who_stands_by_for_the_shift_is_asked_before_who_lives_nearer",
    ),
    Mutant(
        "one browser rates a shift once", THANKS_SQL,
        "UNIQUE (assignment_id, browser_sha256)", "CHECK (stars > 0)",
        f"{THANKS}::test_one_browser_rates_a_shift_once_and_may_add_one_thanks",
    ),
    Mutant(
        "nobody rates a shift on which nobody is", THANKS_SQL,
        "AND s.status IN ('confirmed', 'checked_in', 'completed'))) THEN", "AND true) OR true) THEN",
        f"{THANKS}::test_raw_sql_neither_rewrites_words_nor_decides_about_its_own_shift",
    ),
    Mutant(
        "an erased person is named in no thanks", THANKS_SQL,
        "WHEN (NEW.name = '-' AND length(OLD.name) > 1)", "WHEN (NEW.name = '=' AND length(OLD.name) > 1)",
        f"{THANKS}::test_an_erased_person_is_named_in_no_thanks_and_the_ratings_stay",
    ),
    Mutant(
        "one pairing of a kind at a time for a village", PAIRINGS_SQL,
        "daterange(from_day, until_day, '[]') WITH &&) WHERE (status = 'active')",
        "daterange(from_day, until_day, '[]') WITH &&) WHERE (status = 'other')",
        f"{PAIRINGS}::test_raw_sql_pairs_no_village_twice_and_nobody_without_a_licence_or_a_yes",
    ),
    Mutant(
        "only who is to come says yes to a pairing", PAIRINGS_SQL,
        "IF NEW.agreed_how = 'tap' AND NOT EXISTS", "IF NEW.agreed_how = '' AND NOT EXISTS",
        f"{PAIRINGS}::test_raw_sql_pairs_no_village_twice_and_nobody_without_a_licence_or_a_yes",
    ),
    Mutant(
        "the village's own lawyer counts as known there", "volunteers/dispatch/week.py",
        "UNION SELECT x.place_id FROM pairing x WHERE x.status = 'active'",
        "UNION SELECT x.place_id FROM pairing x WHERE x.status = 'ended'",
        f"{PAIRINGS}::test_the_villages_own_lawyer_is_known_there_to_the_weekly_plan",
    ),
    Mutant(
        "a seat that is only offered is a gap", "volunteers/gaps/queries.py",
        "p.minimum - p.booked + coalesce(asked.seats, 0)", "p.minimum - p.booked",
        f"{GAPS}::test_who_is_only_offered_a_seat_has_not_taken_it_and_extra_seats_are_no_gap",
    ),
    Mutant(
        "a coordinator sees the gaps of their own places", "volunteers/gaps/queries.py",
        "    scope.require_place(area)\n", "",
        f"{GAPS}::test_the_pages_show_the_map_the_town_the_seat_and_hand_out_a_file",
    ),
    Mutant(
        "only regulars sit down during their head start", REGULARS_SQL,
        "CREATE TRIGGER sign_up_regulars_first BEFORE INSERT ON sign_up FOR EACH ROW\n    WHEN (",
        "CREATE TRIGGER sign_up_regulars_first BEFORE INSERT ON sign_up FOR EACH ROW\n    WHEN (false AND ",
        f"{REGULARS}::test_raw_sql_seats_nobody_before_the_time_and_a_call_lets_in",
    ),
    Mutant(
        "nobody stands in line before their time", REGULARS_SQL,
        "WHERE p.id = NEW.position_id AND NEW.joined_at < a.regulars_until", "WHERE false",
        f"{REGULARS}::test_nobody_gets_round_the_head_start_by_standing_in_line",
    ),
)  # fmt: skip
