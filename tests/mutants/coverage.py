"""The guards around what places are promised: counted truly, made once, nothing about people for everybody."""

from tests.mutants.mutant import Mutant

SCHEMA = "volunteers/piccolo_migrations/coverage.sql"
STATUS = "volunteers/coverage/status.py"
TESTS = "tests/volunteers/coverage"

COVERAGE = (
    Mutant(
        "a shift is made once for a place and period",
        SCHEMA,
        "CONSTRAINT coverage_demand_once UNIQUE (rule_id, place_id, period_start, attempt)",
        "CONSTRAINT coverage_demand_once UNIQUE (id)",
        f"{TESTS}/test_guards.py::test_a_demand_is_made_once_for_a_period_and_serves_its_place",
    ),
    Mutant(
        "whoever makes demand waits for the rule",
        "volunteers/coverage/demand/service.py",
        '        await database.locked("coverage_rule", [rule.id])\n',
        "",
        f"{TESTS}/test_demand.py::test_two_workers_at_once_make_each_shift_once",
    ),
    Mutant(
        "a visit counts once the station has confirmed that somebody came",
        STATUS,
        "AND t.outcome = 'attended' AND t.minutes >= rule.minutes",
        "AND t.minutes >= rule.minutes",
        f"{TESTS}/test_status.py::test_only_who_held_the_credential_that_day_and_was_confirmed_counts",
    ),
    Mutant(
        "what an officer called off is not made again",
        "volunteers/coverage/demand/queries.py",
        "bool_or(a.status = 'cancelled' OR a.ends > $2)",
        "bool_or(a.status <> 'cancelled' AND a.ends > $2)",
        f"{TESTS}/test_demand.py::test_what_went_by_in_vain_is_made_again_and_what_was_called_off_is_not",
    ),
    Mutant(
        "months are those of the wall calendar",
        SCHEMA,
        "(date_trunc('month', day::timestamp) + interval '1 month')::date)",
        "date_trunc('month', day::timestamp)::date + 30)",
        f"{TESTS}/test_rules.py::test_the_database_divides_time_as_the_rules_do",
    ),
    Mutant(
        "numbers of people are for planners",
        "volunteers/coverage/controllers.py",
        "    return principal.can(can) and principal.scope(can).covers_place(area)\n",
        "    return True\n",
        f"{TESTS}/test_pages.py::test_everybody_sees_the_sentence_and_each_number_is_one_of_the_database",
    ),
    Mutant(
        "an open map asks nothing of the database while nothing is recorded",
        "volunteers/coverage/controllers.py",
        "        if known.head == version.head:\n            return Response(None, status_code=204)\n",
        "",
        f"{TESTS}/test_following.py::test_an_open_map_hears_nothing_until_something_is_recorded_and_then_only_what_changed",
    ),
)
