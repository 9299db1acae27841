"""Planning a district, a city and a province: how good the plan is beside what is proven, and what it took.

The aims are seconds of the clock on two cores: a city's bounds are proved beside its search. The machine may be shared,
so processor time stands beside the clock, and both beside one fixed solve in the same run.
Each size is solved in a process of its own, whose memory is measured as the system sees it.
"""

import math
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks import provinces
from volunteers.dispatch.engine.generate import generate
from volunteers.dispatch.engine.generate_changes import called_off
from volunteers.dispatch.engine.generate_province import PROVINCES
from volunteers.dispatch.engine.instance import Bounds, Vector
from volunteers.dispatch.engine.pairs import eligible_pairs
from volunteers.dispatch.engine.solve import solve

LEVELS = ("green", "shortage", "unheld", "empty seats", "changes", "burden")
PATIENCE_SECONDS = 3_000.0
GROWING = ("district", "quarter", "half", "city")
CALLED_OFF = 0.05


@dataclass(frozen=True)
class Aim:
    """Figures to reach: seconds of the clock, MiB, and what each level may exceed its bound by.

    Of the unheld it is a share of the shifts, of the empty seats of the seats, of the burden of its bound; the levels
    before are to be proven optimal. No figure is set for the rows of a city that are moved.
    """

    size: str
    seconds: float
    memory_mib: int
    optimal_levels: int
    unheld: float = 0.0
    empty: float = 0.0
    burden: float = 0.0


AIMS = (
    Aim("district", 5, 512, 5, burden=0.01),
    Aim("city", 100, 1536, 2, unheld=0.002, empty=0.004, burden=0.02),
)


@dataclass(frozen=True)
class Found:
    """One solve to its end, with what ran beside it; `reached_after` is when all figures were first within their aims
    (seconds of the clock). Memory that the two processes share is counted twice."""

    processor: float
    clock: float
    reached_after: float | None
    memory_mib: float
    volunteers: int
    shifts: int
    seats: int
    pairs: int
    vector: Vector
    bounds: Bounds
    status: str


def allowances(aim: Aim, shifts: int, seats: int, bounds: Bounds) -> tuple[float, ...]:
    """By how much each level may exceed its bound."""
    held_levels = (0.0,) * 3 if aim.optimal_levels > 2 else (aim.unheld * shifts, aim.empty * seats, math.inf)
    return 0.0, 0.0, *held_levels, aim.burden * (bounds[5] or 0)


def reached(aim: Aim, shifts: int, seats: int, vector: Vector, bounds: Bounds) -> list[bool]:
    """Which levels are as near to their bounds as they are to be."""
    allowed = allowances(aim, shifts, seats, bounds)
    levels = zip(vector, bounds, allowed, strict=True)
    return [bound is not None and value <= bound + most for value, bound, most in levels]


def measure(seeds: tuple[int, ...] = (1,)) -> None:
    """Measure and print."""
    fixed = _in_a_process("town", 1)
    print(f"  {'calibration: a town solved':28} {fixed.processor:6.2f} s processor, {fixed.clock:.2f} s clock")
    solved = {(aim.size, seed): _in_a_process(aim.size, seed) for aim in AIMS for seed in seeds}
    for aim in AIMS:
        for seed in seeds:
            _report(aim, f"{aim.size} {seed}", solved[aim.size, seed])
    for aim in AIMS:
        for seed in seeds:
            found = _in_a_process(aim.size, seed, "called-off")
            _report(aim, f"{aim.size} {seed}, {CALLED_OFF:.0%} called off", found)
    _report_growth([solved.get((size, seeds[0])) or _in_a_process(size, seeds[0]) for size in GROWING], fixed)
    for seed in seeds:
        subprocess.run([sys.executable, "-m", "benchmarks.dispatching", "mini-province", str(seed)], check=True)


def _in_a_process(size: str, seed: int, *changes: str) -> Found:
    command = [sys.executable, "-m", "benchmarks.dispatching", size, str(seed), *changes]
    return msgspec.json.decode(subprocess.run(command, capture_output=True, check=True).stdout, type=Found)


def _report(aim: Aim, what: str, found: Found) -> None:
    first = "never" if found.reached_after is None else f"{found.reached_after:.1f} s clock"
    in_time = found.reached_after is not None and found.reached_after <= aim.seconds
    print(
        f"  {what:28} {found.volunteers:,} people, {found.shifts:,} shifts, {found.seats:,} seats,"
        f" {found.pairs:,} pairs: {found.status} after {found.processor:.1f} s processor, {found.clock:.1f} s clock"
    )
    print(f"    {'all that is aimed at':26} {first} (aim {aim.seconds:.0f} s: {_verdict(in_time)})")
    enough = _verdict(found.memory_mib <= aim.memory_mib)
    print(f"    {'memory':26} {found.memory_mib:9,.0f} MiB (aim {aim.memory_mib:,} MiB: {enough})")
    good = reached(aim, found.shifts, found.seats, found.vector, found.bounds)
    allowed = allowances(aim, found.shifts, found.seats, found.bounds)
    for level, value, bound, fine, most in zip(LEVELS, found.vector, found.bounds, good, allowed, strict=True):
        gap = f" (+{(value - bound) / bound:.2%})" if bound else ""
        verdict = "no aim" if most == math.inf else _verdict(fine)
        print(f"    {level:26} {value:9,} bound {'none' if bound is None else f'{bound:,}':>9}{gap}: {verdict}")
    sys.stdout.flush()


def _report_growth(found: list[Found], fixed: Found) -> None:
    """Show how the time to the end and the memory grow with the number of shifts, as a curve of bars."""
    print(f"  {'growth with size':28} a bar is 10 times the calibration")
    for one in found:
        bar = "▇" * max(1, round(one.processor / fixed.processor / 10))
        share = f"{one.processor / one.shifts * 1000:5.1f} s a thousand"
        print(f"    {one.shifts:6,} shifts {one.processor:7.1f} s processor {share} {one.memory_mib:6,.0f} MiB  {bar}")
    sys.stdout.flush()


def _verdict(good: bool) -> str:
    return "reached" if good else "NOT reached"


def _peak_mib() -> float:
    """The most memory this process has held; `getrusage` would count what its parent held when it began."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def _processor() -> float:
    """Processor seconds of this process and of what ran beside it, as far as that has ended."""
    beside = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + beside.ru_utime + beside.ru_stime


def _solve_here(size: str, seed: int, changes: list[str]) -> Found:
    """Solve in this process, and what it took; with changes, the week anew, some of its plan called off."""
    instance = generate(size, seed)
    if changes:
        rows = solve(instance, time_limit=PATIENCE_SECONDS).plan.assignments
        instance = called_off(instance, rows, CALLED_OFF, seed)
    seats = sum(position.max for shift in instance.shifts for position in shift.positions)
    aim = next((aim for aim in AIMS if aim.size == size), None)
    processor, clock = _processor(), time.perf_counter()
    moments: list[float] = []

    def follow(_stage: str, vector: Vector, _seconds: float, bounds: Bounds) -> None:
        if aim and not moments and all(reached(aim, len(instance.shifts), seats, vector, bounds)):
            moments.append(time.perf_counter() - clock)

    solution = solve(instance, time_limit=PATIENCE_SECONDS, progress=follow)
    return Found(
        processor=_processor() - processor,
        clock=time.perf_counter() - clock,
        reached_after=moments[0] if moments else None,
        memory_mib=_peak_mib() + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        volunteers=len(instance.volunteers),
        shifts=len(instance.shifts),
        seats=seats,
        pairs=len(eligible_pairs(instance)),
        vector=solution.vector,
        bounds=solution.bounds,
        status=solution.status,
    )


if __name__ == "__main__":
    if sys.argv[1:] and sys.argv[1] in PROVINCES:
        provinces.measure(sys.argv[1], int(sys.argv[2]), _in_a_process("town", 1))
    elif sys.argv[1:]:
        sys.stdout.buffer.write(msgspec.json.encode(_solve_here(sys.argv[1], int(sys.argv[2]), sys.argv[3:])))
    else:
        measure()
