"""What plans say of themselves: numbers that are true, reasons that are the real ones, nobody named."""

from tests.mutants.mutant import Mutant

ENGINE = "volunteers/dispatch/engine"
ENGINE_TESTS = "tests/volunteers/dispatch/engine"
COSTS = "volunteers/dispatch/explanations/costs"
TESTS = "tests/volunteers/dispatch/explanations"

EXPLAINING = (
    Mutant(
        "each sieve of the funnel keeps its own people away",
        f"{ENGINE}/funnel.py",
        "v for v in qualified if distance(v, place) <= v.max_travel_m",
        "v for v in qualified",
        f"{ENGINE_TESTS}/test_funnel.py::test_each_sieve_keeps_its_own_people_away",
    ),
    Mutant(
        "only what was tried is said to fill a seat",
        f"{ENGINE}/fillings.py",
        "if vector is None or vector.empty_seats >= self.before.empty_seats:",
        "if vector is None:",
        f"{ENGINE_TESTS}/test_funnel.py::test_what_is_said_to_fill_a_seat_is_allowed_then_and_leaves_fewer_seats_empty",
    ),
    Mutant(
        "an exchange sends home whom nobody awaits any more",
        f"{ENGINE}/counterplan.py",
        "    return [row for row in rows if row.shift not in vain or row in chosen]\n",
        "    return rows\n",
        f"{ENGINE_TESTS}/test_refusals.py::test_an_exchange_keeps_every_rule_and_says_what_it_really_costs",
    ),
    Mutant(
        "an exchange leaves people where they signed up",
        f"{ENGINE}/counterplan.py",
        "if (row := Assignment(shift.id, position.id, who)) not in chosen]",
        "if (row := Assignment(shift.id, position.id, who))]",
        f"{ENGINE_TESTS}/test_refusals.py::test_a_seat_taken_by_who_signed_up_is_not_given_to_another",
    ),
    Mutant(
        "a rule is not blamed for a search that was cut short",
        f"{COSTS}/rules.py",
        "    base = min(control.before[:STAFFING], control.after[:STAFFING])\n",
        "    base = control.before[:STAFFING]\n",
        f"{TESTS}/test_costs.py::test_what_more_searching_finds_anyway_is_no_cost_of_a_rule",
    ),
    Mutant(
        "a worker that was given up adds no cost of a rule",
        f"{COSTS}/service.py",
        "        if not await database.execute(_BEAT, claim.id, claim.fence, clock.now()):\n            return False\n",
        "",
        f"{TESTS}/test_costs.py::test_a_worker_that_was_given_up_adds_nothing",
    ),
    Mutant(
        "rules are costed for plans alone",
        "volunteers/piccolo_migrations/rule_costs.sql",
        "WHERE id = NEW.run_id AND vector IS NOT NULL",
        "WHERE id = NEW.run_id",
        f"{TESTS}/test_costs.py::test_the_database_keeps_what_was_worked_out",
    ),
    Mutant(
        "nobody's seat but one's own is explained",
        "volunteers/dispatch/explanations/own/queries.py",
        "WHERE s.public_id = $1 AND s.person_id = $2",
        "WHERE s.public_id = $1 AND $2::bigint IS NOT NULL",
        f"{TESTS}/test_own.py::test_others_are_a_number_and_nobody_s_seat_but_ones_own_is_explained",
    ),
    Mutant(
        "nobody is placed among a few",
        "volunteers/dispatch/explanations/fairness/rules.py",
        "    if len(others) < ENOUGH_PEOPLE:\n        return None\n",
        "",
        f"{TESTS}/test_fairness.py::test_nobody_is_placed_among_a_few",
    ),
    Mutant(
        "the background begins nothing when its time is over",
        f"{ENGINE}/background.py",
        "or deadline.over() or spent",
        "or spent",
        f"{ENGINE_TESTS}/test_repair.py::test_the_background_begins_nothing_when_its_time_is_over",
    ),
)
