"""Plan a province: priorities on the whole, everybody to one city, the cities alone, then what lies along the borders.

The plan is the same whatever the number of worker processes, unless the clock ends the work.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from volunteers.dispatch.engine.bounds import empty_seats_of, pinned_burden
from volunteers.dispatch.engine.greedy import greedy
from volunteers.dispatch.engine.homes import home_cities, shift_cities
from volunteers.dispatch.engine.incumbent import Deadline, Incumbent, Progress
from volunteers.dispatch.engine.instance import Assignment, Instance, Vector
from volunteers.dispatch.engine.labels import Labels
from volunteers.dispatch.engine.pairs import Ints
from volunteers.dispatch.engine.problem import Problem, compile_problem
from volunteers.dispatch.engine.proof import PRIORITY_LEVELS
from volunteers.dispatch.engine.province.borders import border_part
from volunteers.dispatch.engine.province.crew import crew_of
from volunteers.dispatch.engine.province.cut import cut, first_part
from volunteers.dispatch.engine.province.errands import Done, plan_parts
from volunteers.dispatch.engine.province.parts import Part
from volunteers.dispatch.engine.province.prices import Priced, PriceEffort, RelaxedProvince, price
from volunteers.dispatch.engine.roster import assignments_of
from volunteers.dispatch.engine.solve import Effort, Solution, Status, solution_of
from volunteers.dispatch.engine.wide_roster import WideRoster

PROVINCE_SECONDS = 720.0
_CITIES_UNTIL, _BORDERS_UNTIL = 0.85, 0.97
"""Shares of the time."""


@dataclass(frozen=True)
class ProvinceEffort:
    """Work limits: steps of the prices, then the efforts of the first part, of each city and of the borders."""

    prices: PriceEffort = field(default_factory=PriceEffort)
    first: Effort = field(
        default_factory=lambda: Effort(price_steps=300, proof_pairs=600_000, strips=(), bound_steps=0)
    )
    city: Effort = field(default_factory=lambda: Effort(price_steps=350, strips=(400, 0, 800, 0), bound_steps=0))
    border: Effort = field(
        default_factory=lambda: Effort(price_steps=200, strips=(400, 0, 600), bound_steps=0, settle=False)
    )
    border_shifts: int = 8_000


def plan_province(
    instance: Instance,
    *,
    time_limit: float = PROVINCE_SECONDS,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    effort: ProvinceEffort | None = None,
    workers: int = 0,
) -> Solution:
    """Plan a valid instance of several cities within `time_limit` seconds, never worse than greedy on the whole.

    `workers` processes share the work (0: as many as there are processors). Bounds hold for the whole; a level that
    nothing was proven of has None. Raises `crew.WorkerDied` or `crew.WorkerFailed` if a process is lost.
    """
    deadline = Deadline(time_limit, should_stop)
    problem = compile_problem(instance)
    incumbent = Incumbent(problem, greedy(problem, WideRoster(problem)).chosen(), deadline, progress)
    search = _Search(incumbent, effort or ProvinceEffort(), workers or os.cpu_count() or 1)
    if not deadline.over():
        search.run()
    return solution_of(incumbent)


class _Search:
    def __init__(self, incumbent: Incumbent, effort: ProvinceEffort, workers: int) -> None:
        self._incumbent, self._effort, self._workers = incumbent, effort, workers
        self._problem, self._deadline = incumbent.problem, incumbent.deadline
        self._labels = Labels(incumbent.problem)
        self._shift_city = shift_cities(incumbent.problem.instance)

    def run(self) -> None:
        """All steps, as far as time allows."""
        incumbent, deadline = self._incumbent, self._deadline
        priced = self._price()
        if deadline.over():
            return
        (first,) = self._plan([first_part(self._problem, priced.prices)], self._effort.first, 0.5, "first part")
        division = cut(self._problem, self._shift_city, priced.city, first.rows)
        names = [f"city {name}" for name in division.cities]
        cities = self._plan(division.parts, self._effort.city, _CITIES_UNTIL, *names)
        incumbent.offer(self._chosen(row for done in cities for row in done.rows), "cities")
        part = border_part(self._problem, incumbent.chosen, self._shift_city, division.city, self._effort.border_shifts)
        if part is not None and not deadline.over():
            self._repair(part)
        self._prove(first, priced)

    def _price(self) -> Priced:
        homes = home_cities(self._problem.instance)
        groups = [np.flatnonzero(homes == name) for name in np.unique(homes)]
        with crew_of(min(self._workers, len(groups)), self._deadline.asked_to_stop) as crew:
            relaxed = RelaxedProvince(crew, self._problem, groups)
            self._incumbent.report("prices")
            return price(relaxed, self._incumbent, self._shift_city, homes, self._effort.prices, self._deadline.over)

    def _plan(self, parts: Iterable[Part], effort: Effort, share: float, *names: str) -> list[Done]:
        """Plan parts side by side until that share of the time is over."""
        parts, deadline = list(parts), self._deadline
        until = time.monotonic() + max(0.0, share * (deadline.elapsed + deadline.left) - deadline.elapsed)

        def follow(number: int, stage: str, _done: Done | None) -> None:
            self._incumbent.report(f"{names[number]}: {stage}")

        with crew_of(min(self._workers, len(parts)), deadline.asked_to_stop) as crew:
            done = plan_parts(crew, parts, effort, until, follow)
        for one in done:
            self._note(one.status)
        return done

    def _repair(self, part: Part) -> None:
        """Take the borders' plan in place of what it started from, if that is better."""
        (done,) = self._plan([part], self._effort.border, _BORDERS_UNTIL, "borders")
        before = set(assignments_of(self._problem, self._incumbent.chosen))
        self._incumbent.offer(self._chosen((before - set(part.start)) | set(done.rows)), "borders")

    def _chosen(self, rows: Iterable[Assignment]) -> Ints:
        """Pairs of the rows of valid plans of parts; rows that several parts know are one."""
        pairs = (self._labels.pair(row) for row in set(rows))
        return np.array(sorted(pair for pair in pairs if pair is not None), np.int64)

    def _note(self, status: Status) -> None:
        """A part that the clock or the caller ended makes the whole one that they ended."""
        self._deadline.out_of_time |= status is Status.TIME_LIMIT
        self._deadline.stopped |= status is Status.STOPPED

    def _prove(self, first: Done, priced: Priced) -> None:
        """Bounds over all plans of the whole that are as good as this one on the levels before.

        The first part has every shift of the green channel, so that its first bound is one for the whole. The next two
        are, if the plan is no worse than the part's own on the levels before: what any plan of the whole does to the
        part's shifts is a plan of the part.
        """
        incumbent = self._incumbent
        for level in range(PRIORITY_LEVELS):
            if incumbent.vector[:level] <= first.vector[:level]:
                incumbent.prove(level, first.bounds[level], "bounds")
        incumbent.prove(3, empty_seats_of(priced.seats_value, incumbent.vector), "bounds")
        if not self._problem.previous_rows:
            incumbent.prove(4, 0, "bounds")
        incumbent.prove(5, burden_of(self._problem, priced.burden_values, incumbent.vector), "bounds")


def burden_of(problem: Problem, values: Iterable[tuple[float, float, float]], vector: Vector) -> int | None:
    """The bound on the burden that the best of some relaxed values is, beside what the vector allows before it."""
    unkept = problem.previous_rows - int(problem.keeps[problem.pinned].sum())
    found = [
        value - empty * (vector.unheld + vector.empty_seats) - kept * (vector.changes - unkept)
        for empty, kept, value in values
    ]
    return max(0, math.ceil(max(found) + pinned_burden(problem) - 1e-9)) if found else None
