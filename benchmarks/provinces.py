"""Planning a province, beside plain greedy on the whole and beside each city left to its own people.

`python -m benchmarks.dispatching province 1` is the full size and takes an hour on a busy machine; `make bench` plans a
sixteenth of it. Memory is that of all processes together, shared pages counted once, looked at twice a second.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import numpy as np

from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.generate_province import generate_province
from volunteers.dispatch.engine.homes import home_cities, shift_cities
from volunteers.dispatch.engine.instance import Bounds, Instance, Plan, Vector
from volunteers.dispatch.engine.province.crew import crew_of
from volunteers.dispatch.engine.province.errands import plan_parts
from volunteers.dispatch.engine.province.parts import Cutter
from volunteers.dispatch.engine.province.plan import ProvinceEffort, plan_province

LEVELS = ("green", "shortage", "unheld", "empty seats", "changes", "burden")
PATIENCE_SECONDS = 20_000.0
AIM_SECONDS, AIM_MIB = 720.0, 4096.0
_LOOK_SECONDS = 0.5


class Took(Protocol):
    """What a solve took."""

    processor: float
    clock: float


def measure(size: str, seed: int, fixed: Took) -> None:
    """Measure and print."""
    instance = generate_province(size, seed)
    workers = os.cpu_count() or 1
    print(f"  {f'{size} {seed}':28} {len(instance.volunteers):,} people, {len(instance.shifts):,} shifts")
    print(f"    {'calibration: a town':26} {fixed.processor:6.2f} s processor, {fixed.clock:.2f} s clock", flush=True)
    first: list[Vector] = []

    def follow(stage: str, vector: Vector, seconds: float, _bounds: Bounds) -> None:
        first.append(vector)
        if stage.endswith(("prices", "planned", "cities", "borders")):
            print(f"      {seconds:8.1f} s clock  {stage}", flush=True)

    started = _seconds()
    with _watched_memory() as peak:
        solution = plan_province(instance, time_limit=PATIENCE_SECONDS, progress=follow, workers=workers)
    took, judged = _since(started), check(instance, solution.plan)
    split = split_first(instance, workers)
    print(f"    {solution.status}, rules kept: {judged.valid and judged.vector == solution.vector}")
    print(
        f"    {'seconds':26} {took[0]:.0f} s of the processors, {took[1]:.0f} s clock (aim {AIM_SECONDS:.0f} s clock)"
    )
    print(f"    {'memory of all processes':26} {peak[0]:,.0f} MiB (aim {AIM_MIB:,.0f} MiB: {peak[0] <= AIM_MIB})")
    print(f"    {'':26} {'plan':>9} {'bound':>9} {'greedy':>9} {'split first':>11}")
    for level, value, bound, greedy, alone in zip(
        LEVELS, solution.vector, solution.bounds, first[0], split, strict=True
    ):
        proven = "none" if bound is None else f"{bound:,}"
        print(f"    {level:26} {value:9,} {proven:>9} {greedy:9,} {alone:11,}")
    sys.stdout.flush()


def split_first(instance: Instance, workers: int) -> Vector:
    """What becomes of the week if everybody serves the city they live in and each city is planned alone."""
    homes, cities = home_cities(instance), shift_cities(instance)
    cutter, parts = Cutter(instance), []
    for city in np.unique(cities).tolist():
        there = {shift.id for shift, where in zip(instance.shifts, cities.tolist(), strict=True) if where == city}
        people = {v.id for v, home in zip(instance.volunteers, homes.tolist(), strict=True) if home == city}
        parts.append(cutter.part(f"city {city}", there, people))
    with crew_of(workers) as crew:
        until = time.monotonic() + PATIENCE_SECONDS
        done = plan_parts(crew, parts, ProvinceEffort().city, until, lambda *_: None)
    rows = {row for one in done for row in one.rows}
    return check(instance, Plan(instance.name, tuple(sorted(rows)))).vector


def _seconds() -> tuple[float, float]:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system, time.perf_counter()


def _since(started: tuple[float, float]) -> tuple[float, float]:
    now = _seconds()
    return now[0] - started[0], now[1] - started[1]


@contextmanager
def _watched_memory() -> Iterator[list[float]]:
    """The most MiB that this process and all below it held at once during the block, in a list of one."""
    peak, over = [0.0], threading.Event()

    def watch() -> None:
        while not over.wait(_LOOK_SECONDS):
            peak[0] = max(peak[0], sum(map(_mib, _tree(os.getpid()))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield peak
    finally:
        over.set()
        watcher.join()


def _tree(root: int) -> list[int]:
    """The process and all that it started."""
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            children.setdefault(parent, []).append(int(folder.name))
    found = [root]
    for process in found:
        found += children.get(process, [])
    return found


def _mib(process: int) -> float:
    """A process's share of memory; 0 once it has ended."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
