"""Plan a province: priorities on the whole, everybody to one city, the cities alone, then what lies along the borders.

The plan is the same whatever the number of worker processes, unless the clock ends the work.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import msgspec
import numpy as np

from volunteers.dispatch.engine.bounds import pinned_burden, seats_certificate
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
from volunteers.dispatch.engine.province.division import Division, Done, Part
from volunteers.dispatch.engine.province.errands import plan_parts
from volunteers.dispatch.engine.province.prices import Priced, PriceEffort, RelaxedProvince, price
from volunteers.dispatch.engine.roster import assignments_of, held_shifts
from volunteers.dispatch.engine.solve import Effort, Solution, Status, solution_of
from volunteers.dispatch.engine.wide_roster import WideRoster

PROVINCE_SECONDS = 720.0
_FIRST_UNTIL, _CITIES_UNTIL, _BORDERS_UNTIL = 0.5, 0.85, 0.97
"""Shares of the time."""


@dataclass(frozen=True)
class ProvinceEffort:
    """Work limits: steps of the prices, then the efforts of the first part, of each city and of the borders."""

    prices: PriceEffort = field(default_factory=PriceEffort)
    first: Effort = field(
        default_factory=lambda: Effort(price_steps=300, proof_pairs=600_000, strips=(), kept_strips=(), bound_steps=0)
    )
    city: Effort = field(
        default_factory=lambda: Effort(price_steps=300, strips=(400, 0, 800), kept_strips=(800, 0, 1600), bound_steps=0)
    )
    border: Effort = field(
        default_factory=lambda: Effort(
            price_steps=200, strips=(400, 0, 600), kept_strips=(400, 0, 600), bound_steps=0, settle=False
        )
    )
    first_shifts: int = 11_000
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
    province = Province(instance, Deadline(time_limit, should_stop), progress, effort, workers)
    division = province.divide()
    if division is not None:
        province.join(division, province.plan_cities(division))
    return solution_of(province.incumbent)


class Province:
    """A week of several cities on its way to a plan; `incumbent` is the best so far, greedy to begin with."""

    def __init__(
        self,
        instance: Instance,
        deadline: Deadline,
        progress: Progress | None = None,
        effort: ProvinceEffort | None = None,
        workers: int = 0,
    ) -> None:
        """Compile a valid week."""
        self._problem = problem = compile_problem(instance)
        self._deadline = deadline
        self._effort, self._workers = effort or ProvinceEffort(), workers or os.cpu_count() or 1
        self._labels = Labels(problem)
        self._shift_city = shift_cities(instance)
        self.incumbent = Incumbent(problem, greedy(problem, WideRoster(problem)).chosen(), deadline, progress)

    def divide(self) -> Division | None:
        """What is decided on the whole; None if there is no time for that."""
        if self._deadline.over():
            return None
        priced = self._price()
        if self._deadline.over():
            return None
        (first,) = self._plan(
            [first_part(self._problem, priced.prices, self._effort.first_shifts)],
            self._effort.first,
            _FIRST_UNTIL,
            "first part",
        )
        division = cut(self._problem, self._shift_city, priced.city, first.rows)
        return Division(
            parts=division.parts,
            names=tuple(f"city {name}" for name in division.cities),
            city=tuple(division.city.tolist()),
            first=msgspec.structs.replace(first, rows=()),
            seats_value=priced.seats_value,
            burden_values=priced.burden_values,
        )

    def plan_cities(self, division: Division) -> list[Done]:
        """Plan the parts side by side."""
        return self._plan(division.parts, self._effort.city, _CITIES_UNTIL, *division.names)

    def join(self, division: Division, cities: Sequence[Done]) -> None:
        """Put the cities' plans together, repair along the borders, and say what is proven of the whole."""
        self.incumbent.offer(self._chosen(row for done in cities for row in done.rows), "cities")
        city, most = np.array(division.city, np.int64), self._effort.border_shifts
        part = border_part(self._problem, self.incumbent.chosen, self._shift_city, city, most)
        repaired = [self._repair(part)] if part is not None and not self._deadline.over() else []
        self._prove(division)
        for done in (division.first, *cities, *repaired):
            self._note(done.status)

    def _price(self) -> Priced:
        homes = home_cities(self._problem.instance)
        groups = [np.flatnonzero(homes == name) for name in np.unique(homes)]
        with crew_of(min(self._workers, len(groups)), self._deadline.asked_to_stop) as crew:
            relaxed = RelaxedProvince(crew, self._problem, groups)
            self.incumbent.report("prices")
            return price(relaxed, self.incumbent, self._shift_city, homes, self._effort.prices, self._deadline.over)

    def _plan(self, parts: Iterable[Part], effort: Effort, share: float, *names: str) -> list[Done]:
        """Plan parts side by side until that share of the time is over."""
        parts, deadline = list(parts), self._deadline
        until = time.monotonic() + max(0.0, share * (deadline.elapsed + deadline.left) - deadline.elapsed)

        def follow(number: int, stage: str, _done: Done | None) -> None:
            self.incumbent.report(f"{names[number]}: {stage}")

        with crew_of(min(self._workers, len(parts)), deadline.asked_to_stop) as crew:
            return plan_parts(crew, parts, effort, until, follow)

    def _repair(self, part: Part) -> Done:
        """Take the borders' plan in place of what it started from, if that is better."""
        (done,) = self._plan([part], self._effort.border, _BORDERS_UNTIL, "borders")
        before = set(assignments_of(self._problem, self.incumbent.chosen))
        self.incumbent.offer(self._chosen((before - set(part.start)) | set(done.rows)), "borders")
        return done

    def _chosen(self, rows: Iterable[Assignment]) -> Ints:
        """Pairs of the rows of valid plans of parts; rows that several parts know are one.

        A row in a second city was pinned for that city's plan; if its shift is not held there after all, nobody goes.
        """
        problem = self._problem
        numbers = (self._labels.pair(row) for row in set(rows))
        pairs = np.array(sorted(pair for pair in numbers if pair is not None), np.int64)
        goes = held_shifts(problem, pairs)[problem.pairs.shift[pairs]] | np.isin(pairs, problem.pinned)
        return np.asarray(pairs[goes], np.int64)

    def _note(self, status: Status) -> None:
        """A part that the clock or the caller ended makes the whole one that they ended."""
        self._deadline.out_of_time |= status is Status.TIME_LIMIT
        self._deadline.stopped |= status is Status.STOPPED

    def _prove(self, division: Division) -> None:
        """Bounds over all plans of the whole that are as good as this one on the levels before.

        The first part has every shift of the green channel, so that its first bound is one for the whole. The next two
        are, if the plan is no worse than the part's own on the levels before: what any plan of the whole does to the
        part's shifts is a plan of the part.
        """
        incumbent, first = self.incumbent, division.first
        for level in range(PRIORITY_LEVELS):
            if all(ours <= theirs for ours, theirs in zip(incumbent.vector[:level], first.vector, strict=False)):
                incumbent.prove(level, first.bounds[level], "bounds")
        incumbent.prove(3, seats_certificate(division.seats_value).bound(incumbent.vector), "bounds")
        if not self._problem.previous_rows:
            incumbent.prove(4, 0, "bounds")
        incumbent.prove(5, burden_of(self._problem, division.burden_values, incumbent.vector), "bounds")


def burden_of(problem: Problem, values: Iterable[tuple[float, float, float]], vector: Vector) -> int | None:
    """The bound on the burden that the best of some relaxed values is, beside what the vector allows before it."""
    unkept = problem.previous_rows - int(problem.keeps[problem.pinned].sum())
    found = [
        value - empty * (vector.unheld + vector.empty_seats) - kept * (vector.changes - unkept)
        for empty, kept, value in values
    ]
    return max(0, math.ceil(max(found) + pinned_burden(problem) - 1e-9)) if found else None
