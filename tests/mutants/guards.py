"""The committed list: a guard, the change that removes it, the test that must fail without it."""

from tests.mutants.challenges import CHALLENGES
from tests.mutants.claims import CLAIMS
from tests.mutants.contracts import CONTRACTS
from tests.mutants.coverage import COVERAGE
from tests.mutants.delivering import DELIVERING
from tests.mutants.donations import DONATIONS
from tests.mutants.explaining import EXPLAINING
from tests.mutants.finding import FINDING
from tests.mutants.frame import FRAME
from tests.mutants.funds import FUNDS
from tests.mutants.handing_on import HANDING_ON
from tests.mutants.money import MONEY
from tests.mutants.mutant import Mutant
from tests.mutants.orders import ORDERS
from tests.mutants.oversight import OVERSIGHT
from tests.mutants.owing import OWING
from tests.mutants.paying_out import PAYING_OUT
from tests.mutants.payments import CONTRACT_PAYMENTS
from tests.mutants.people import PEOPLE
from tests.mutants.planning import PLANNING
from tests.mutants.programs import PROGRAMS
from tests.mutants.providers import PROVIDERS
from tests.mutants.provinces import PROVINCES
from tests.mutants.quotations import QUOTATIONS
from tests.mutants.scenarios import SCENARIOS
from tests.mutants.settlements import SETTLEMENTS
from tests.mutants.the_day import THE_DAY
from tests.mutants.villages import VILLAGES
from tests.mutants.year import FIGURES
from tests.mutants.year_ends import YEAR_ENDS

ASSIGNMENTS = "volunteers/piccolo_migrations/assignments.sql"
FITNESS = "volunteers/piccolo_migrations/known_ways.sql"
SIGN_UPS = "tests/volunteers/assignments/sign_ups/test_guarantees.py"
ATTENDANCE = "tests/volunteers/attendance/test_attendance.py"
WAITING = "tests/volunteers/assignments/waiting/test_waiting.py"
STAND_BY = "tests/volunteers/assignments/stand_by/test_stand_by.py"

GUARDS = (
    *FRAME,
    *FUNDS,
    *YEAR_ENDS,
    *DONATIONS,
    *FINDING,
    *MONEY,
    *SETTLEMENTS,
    *CLAIMS,
    *OWING,
    *DELIVERING,
    *ORDERS,
    *CONTRACT_PAYMENTS,
    *PAYING_OUT,
    *CONTRACTS,
    *CHALLENGES,
    *PEOPLE,
    *COVERAGE,
    *SCENARIOS,
    *PLANNING,
    *EXPLAINING,
    *QUOTATIONS,
    *HANDING_ON,
    *OVERSIGHT,
    *THE_DAY,
    *VILLAGES,
    *PROVIDERS,
    *PROVINCES,
    *FIGURES,
    *PROGRAMS,
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
        "time to travel", FITNESS,
        "CONSTRAINT = 'sign_up_travel_and_rest';\n    END IF;", "CONSTRAINT = 'sign_up_other';\n    END IF;",
        f"{SIGN_UPS}::test_there_is_time_to_travel_between_neighbours",
    ),
    Mutant(
        "credential verified and valid on the day", FITNESS,
        "AND c.verified_at IS NOT NULL\n", "\n",
        f"{SIGN_UPS}::test_a_credential_is_verified_and_valid_on_the_day",
    ),
    Mutant(
        "recusal", FITNESS,
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
        "an offer is accepted in time or not at all", "volunteers/piccolo_migrations/dispatch_offers.sql",
        "OLD.offer_expires_at <= coalesce", "NULL <= coalesce",
        f"{WAITING}::test_the_database_keeps_the_turn_and_the_time_whoever_writes",
    ),
    Mutant(
        "who steps back passes the seat to the line", "volunteers/assignments/sign_ups/service.py",
        "        await promote(principal, [position_id])\n", "        pass\n",
        f"{WAITING}::test_who_steps_back_passes_the_seat_to_the_first_in_line_in_the_same_moment",
    ),
    Mutant(
        "who stands by is called first", "volunteers/assignments/call_outs/people.py",
        "person.id = ANY ($4::bigint[]) THEN 0", "person.id = ANY ($4::bigint[]) THEN 2",
        f"{STAND_BY}::test_who_stands_by_for_the_shift_is_asked_before_who_lives_nearer",
    ),
)  # fmt: skip
