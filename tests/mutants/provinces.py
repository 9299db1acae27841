"""The guards around weeks in parts: parts fit together, the whole is proven as a whole, nothing is planned twice."""

from tests.mutants.mutant import Mutant

ENGINE = "volunteers/dispatch/engine/province"
PARTS_SQL = "volunteers/piccolo_migrations/dispatch_parts.sql"
CLAIMS = "volunteers/dispatch/parts/claims.py"
TESTS = "tests/volunteers/dispatch/engine/province"
SHARED = "tests/volunteers/dispatch/parts/test_parts.py"

PROVINCES = (
    Mutant(
        "what somebody does in another part counts against their time",
        f"{ENGINE}/parts.py",
        "pinned = sorted(elsewhere | ",
        "pinned = sorted(set() | ",
        f"{TESTS}/test_parts.py::test_what_somebody_does_elsewhere_counts_against_their_time",
    ),
    Mutant(
        "a shift of another part seats nobody new",
        f"{ENGINE}/parts.py",
        "min=0, max=people[position.id])",
        "min=0)",
        f"{TESTS}/test_parts.py::test_a_shift_elsewhere_has_seats_for_its_own_rows_alone",
    ),
    Mutant(
        "a guest does what they are pinned to alone",
        f"{ENGINE}/parts.py",
        "available=windows, max_shifts_week=len(there)",
        "max_shifts_week=len(there) + 1",
        f"{TESTS}/test_parts.py::test_somebody_of_another_part_comes_for_their_pinned_row_alone",
    ),
    Mutant(
        "who is away is not free in any part",
        f"{ENGINE}/parts.py",
        "for away in self._directory.cancelled.get(volunteer.id, ()):",
        "for away in ():",
        f"{TESTS}/test_parts.py::test_who_is_away_is_not_free",
    ),
    Mutant(
        "answers come in the order of the parts",
        f"{ENGINE}/crew.py",
        "answers[number] = message",
        "answers[number - 1] = message",
        f"{TESTS}/test_crew.py::test_tasks_are_shared_and_answers_come_in_order",
    ),
    Mutant(
        "the first part has every green shift",
        f"{ENGINE}/cut.py",
        "    dearest[problem.shift_green] = np.inf\n",
        "",
        f"{TESTS}/test_cut.py::test_the_first_part_has_every_green_shift_and_what_is_scarce",
    ),
    Mutant(
        "the first part is as large as one search can prove",
        f"{ENGINE}/cut.py",
        "[: max(most_shifts, int(problem.shift_green.sum()))]",
        "",
        f"{TESTS}/test_cut.py::test_the_first_part_takes_the_scarcest_if_it_would_be_too_large_and_green_ones_always",
    ),
    Mutant(
        "a row in a second city is kept there",
        f"{ENGINE}/cut.py",
        "(*instance.pinned, *abroad)",
        "(*instance.pinned,)",
        f"{TESTS}/test_cut.py::test_people_belong_to_the_city_of_their_rows_and_keep_those_in_another",
    ),
    Mutant(
        "a part that the clock ended keeps nobody from mending the borders",
        f"{ENGINE}/plan.py",
        "            return plan_parts(crew, parts, effort, until, follow)\n",
        "            done = plan_parts(crew, parts, effort, until, follow)\n"
        "        deadline.out_of_time |= any(one.status is Status.TIME_LIMIT for one in done)\n"
        "        return done\n",
        f"{TESTS}/test_plan.py::test_a_part_that_the_clock_ended_is_told_and_keeps_nobody_from_mending_the_borders",
    ),
    Mutant(
        "nobody goes to a shift of a second city that is not held",
        f"{ENGINE}/plan.py",
        "held_shifts(problem, pairs)[problem.pairs.shift[pairs]] | np.isin(pairs, problem.pinned)",
        "pairs >= 0",
        f"{TESTS}/test_plan.py::test_a_part_that_the_clock_ended_is_told_and_keeps_nobody_from_mending_the_borders",
    ),
    Mutant(
        "a dead worker is not waited for",
        f"{ENGINE}/crew.py",
        """        raise WorkerDied("a worker process has ended") from gone
    if isinstance""",
        """        return True, None
    if isinstance""",
        f"{TESTS}/test_crew.py::test_a_worker_that_is_killed_is_missed_at_once",
    ),
    Mutant(
        "a part is planned by one worker at a time",
        CLAIMS,
        "(p.alive_at IS NULL OR p.alive_at + $2::interval < $1)",
        "(p.alive_at IS NULL OR p.alive_at + $2::interval < $1 OR true)",
        f"{SHARED}::test_a_silent_worker_s_part_is_taken_over_and_its_late_plan_is_not_kept",
    ),
    Mutant(
        "a late plan of a part is not kept",
        CLAIMS,
        """            " WHERE id = $1 AND fence = $2 AND planned IS NULL",
            *(part.id, part.fence, planned, now),""",
        """            " WHERE id = $1 AND fence >= $2 AND planned IS NULL",
            *(part.id, part.fence, planned, now),""",
        f"{SHARED}::test_a_silent_worker_s_part_is_taken_over_and_its_late_plan_is_not_kept",
    ),
    Mutant(
        "an attempt that was given up divides nothing",
        "volunteers/dispatch/parts/service.py",
        "WHERE id = $1 AND fence = $2 AND status = 'solving' FOR NO KEY UPDATE",
        "WHERE id = $1 AND fence >= $2 AND status = 'solving' FOR NO KEY UPDATE",
        f"{SHARED}::test_an_attempt_that_was_given_up_keeps_no_division",
    ),
    Mutant(
        "a part's plan is written once",
        PARTS_SQL,
        "FOR EACH ROW WHEN (OLD.planned IS NOT NULL OR ",
        "FOR EACH ROW WHEN (",
        f"{SHARED}::test_parts_are_kept_as_they_are",
    ),
    Mutant(
        "a week is divided once for each input",
        PARTS_SQL,
        "UNIQUE (run_id, instance_sha256)",
        "CHECK (run_id > 0)",
        f"{SHARED}::test_parts_are_kept_as_they_are",
    ),
)
