"""Guards of ratings, pairings, gaps, regulars and of the hours handed to the national platform."""

from tests.mutants.mutant import Mutant

THANKS_SQL = "volunteers/piccolo_migrations/thanks.sql"
THANKS = "tests/volunteers/thanks/test_thanks.py"
PAIRINGS_SQL = "volunteers/piccolo_migrations/pairings.sql"
PAIRINGS = "tests/volunteers/pairings/test_pairings.py"
GAPS = "tests/volunteers/gaps/test_gaps.py"
REGULARS_SQL = "volunteers/piccolo_migrations/regulars.sql"
REGULARS = "tests/volunteers/assignments/regulars/test_regulars.py"
EXPORTS_SQL = "volunteers/piccolo_migrations/hours_exports.sql"
EXPORTS = "tests/volunteers/hours/exports/test_hours_exports.py"

VILLAGES = (
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
        "the village's own lawyer counts as known there", "volunteers/dispatch/input/people.py",
        "WHERE x.person_id = p.id AND x.status = 'active'", "WHERE x.person_id = p.id AND x.status = 'ended'",
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
    Mutant(
        "a record of hours is handed in once", EXPORTS_SQL,
        "CONSTRAINT hours_export_row_once UNIQUE (attendance_id, number)",
        "CONSTRAINT hours_export_row_once CHECK (number > 0)",
        f"{EXPORTS}::test_raw_sql_hands_nothing_in_twice_and_nothing_that_the_hours_do_not_say",
    ),
    Mutant(
        "a file of hours says what the chain says", EXPORTS_SQL,
        "WHERE n.minutes <> (SELECT", "WHERE n.minutes < 0 AND n.minutes <> (SELECT",
        f"{EXPORTS}::test_raw_sql_hands_nothing_in_twice_and_nothing_that_the_hours_do_not_say",
    ),
    Mutant(
        "full identity numbers are for who may reveal them", "volunteers/hours/exports/service.py",
        "                principal.scope(Permission.ACCOUNT_REVEAL).require_place(code)\n", "                pass\n",
        f"{EXPORTS}::test_full_numbers_are_for_who_may_reveal_them_and_each_look_leaves_a_trace",
    ),
)  # fmt: skip
