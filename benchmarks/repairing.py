"""Cancellations in a city's plan in force, one at a time: how long an answer takes, how often all is as good as before.

The machine may be shared, so processor time stands beside the clock, and both beside one fixed solve in the same run.
"""

import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from volunteers.dispatch.engine.generate import generate
from volunteers.dispatch.engine.incumbent import Deadline, Incumbent
from volunteers.dispatch.engine.instance import Assignment
from volunteers.dispatch.engine.labels import Labels
from volunteers.dispatch.engine.problem import compile_problem
from volunteers.dispatch.engine.proof import PRIORITY_LEVELS, prove_level
from volunteers.dispatch.engine.repair import BACKGROUND_SECONDS, Repairer
from volunteers.dispatch.engine.repair_answer import Repair
from volunteers.dispatch.engine.solve import solve

SEED, CANCELLATIONS, IN_BACKGROUND, IN_DISTRICT = 1, 1_000, 40, 30
CITY_SECONDS, PATIENCE = 100.0, 20 * BACKGROUND_SECONDS
PROOF_SECONDS, PROOF_PAIRS = 120.0, 120_000
AIM_MS, AIM_SHARE = 100.0, 0.92
_T = TypeVar("_T")


@dataclass(frozen=True)
class Spent:
    """Seconds of the processor and of the clock."""

    processor: float
    clock: float


def timed(act: Callable[[], _T]) -> tuple[_T, Spent]:
    """What the act gives, and what it took."""
    processor, clock = time.process_time(), time.perf_counter()
    given = act()
    return given, Spent(time.process_time() - processor, time.perf_counter() - clock)


def measure() -> None:
    """Measure and print."""
    _, spent = timed(lambda: solve(generate("town", SEED)))
    print(f"  {'calibration: a town solved':28} {spent.processor:6.2f} s processor, {spent.clock:.2f} s clock")
    _city()
    _district()


def _city() -> None:
    instance = generate("city", SEED)
    repairer = Repairer(instance, solve(instance, time_limit=CITY_SECONDS).plan)
    rows = _absent(repairer, CANCELLATIONS)
    answers = [_answered(repairer, row) for row in rows]
    restored = sum(repair.restored for repair, _ in answers) / len(answers)
    moved = np.array([repair.after.changes for repair, _ in answers])
    print(
        f"  {'a city in force':28} {list(repairer.vector[:4])} unheld and empty, {len(rows)} cancellations one by one"
    )
    for name, values in (("processor", [s.processor for _, s in answers]), ("clock", [s.clock for _, s in answers])):
        milliseconds = np.array(values) * 1000
        p50, p90, p99, most = np.percentile(milliseconds, [50, 90, 99, 100])
        verdict = _verdict(most <= AIM_MS)
        print(
            f"  {f'one cancellation, {name}':28} median {p50:.1f}, p90 {p90:.1f}, p99 {p99:.1f}, most {most:.1f} ms",
            end="",
        )
        print(f" (aim {AIM_MS:.0f} ms: {verdict})")
    share = _verdict(restored >= AIM_SHARE)
    print(f"  {'restored at once':28} {restored:.1%} (aim {AIM_SHARE:.0%}: {share}); others moved: ", end="")
    print(f"median {np.median(moved):.0f}, p90 {np.percentile(moved, 90):.0f}, most {moved.max()}", flush=True)
    _city_background(repairer, [row for row, (repair, _) in zip(rows, answers, strict=True) if not repair.restored])


def _city_background(repairer: Repairer, rows: list[Assignment]) -> None:
    """What the background makes of those that were not restored at once, and what nobody could make of the others."""
    done = [_improved(repairer, row, BACKGROUND_SECONDS) for row in rows[:IN_BACKGROUND]]
    if not done:
        return
    restored = sum(repair.restored for _, repair, _ in done)
    seconds = np.percentile([spent.processor for _, _, spent in done], [50, 100])
    clock = max(spent.clock for _, _, spent in done)
    print(
        f"  {'the rest in the background':28} {restored} of {len(done)} restored in {BACKGROUND_SECONDS:.0f} s;"
        f" median {seconds[0]:.1f}, most {seconds[1]:.1f} s processor, most {clock:.1f} s clock",
        flush=True,
    )
    left = [row for row, (_, repair, _) in zip(rows, done, strict=False) if not repair.restored]
    hopeless = sum(_nobody_restores(repairer, row) for row in left)
    print(f"  {'of the others':28} {hopeless} cannot be restored, proved; {len(left) - hopeless} not found", flush=True)


def _nobody_restores(repairer: Repairer, row: Assignment) -> bool:
    """Whether no plan at all is as good as before on the levels whose shifts cannot take place; with patience."""
    goal = repairer.vector
    repairer.cancel(row.shift, row.volunteer)
    problem = compile_problem(repairer.instance)
    labels = Labels(problem)
    chosen = np.array(sorted(pair for one in repairer.plan.assignments if (pair := labels.pair(one)) is not None))
    incumbent = Incumbent(problem, chosen, Deadline(PROOF_SECONDS), None)
    repairer.undo()
    for level in range(PRIORITY_LEVELS):
        bound = prove_level(incumbent, level, PROOF_PAIRS)
        if bound is not None and bound > goal[level]:
            return True
        if bound is None or incumbent.vector[level] != goal[level]:
            return False
    return False


def _district() -> None:
    instance = generate("district", SEED)
    solution = solve(instance, time_limit=600)
    repairer = Repairer(instance, solution.plan, solution.bounds)
    done = [_improved(repairer, row) for row in _absent(repairer, IN_DISTRICT)]
    proven = sum(repair.optimal for _, repair, _ in done)
    already = sum(first.after == repair.after for first, repair, _ in done)
    seconds = np.percentile([spent.processor for _, _, spent in done], [50, 100])
    verdict = _verdict(proven == len(done) and seconds[1] <= BACKGROUND_SECONDS)
    print(
        f"  {'a district, exactly':28} {proven} of {len(done)} proven optimal, {already} of them found at once;"
        f" median {seconds[0]:.1f}, most {seconds[1]:.1f} s processor (aim: all in {BACKGROUND_SECONDS:.0f} s:"
        f" {verdict})",
        flush=True,
    )


def _absent(repairer: Repairer, count: int) -> list[Assignment]:
    """Rows of the plan in force whose volunteers call off, by seed."""
    return random.Random(SEED).choices(repairer.plan.assignments, k=count)


def _answered(repairer: Repairer, row: Assignment) -> tuple[Repair, Spent]:
    """One cancellation, taken back afterwards."""
    repair, spent = timed(lambda: repairer.cancel(row.shift, row.volunteer))
    repairer.undo()
    return repair, spent


def _improved(repairer: Repairer, row: Assignment, limit: float = PATIENCE) -> tuple[Repair, Repair, Spent]:
    """One cancellation and its repair in the background; both are taken back afterwards."""
    first = repairer.cancel(row.shift, row.volunteer)
    before = first.before
    repair, spent = timed(lambda: repairer.improve_in_background(limit))
    repairer.undo()
    repairer.undo()
    return first, Repair(repair.moves, before, repair.after, repair.empty, repair.given_up, repair.optimal), spent


def _verdict(reached: bool) -> str:
    return "reached" if reached else "NOT reached"


def main() -> int:
    """Measure this alone: `python -m benchmarks.repairing`."""
    measure()
    return 0


if __name__ == "__main__":
    sys.exit(main())
