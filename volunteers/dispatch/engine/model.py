"""The linear model of a part of the week: some shifts are free to be staffed anew, everything else stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from volunteers.dispatch.engine.cliques import Row, exclusion_rows
from volunteers.dispatch.engine.instance import Vector
from volunteers.dispatch.engine.pairs import Bools, Floats, Ints
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.remainder import Remainder
from volunteers.dispatch.engine.roster import held_shifts

Cutoff = tuple[Floats, float]
"""A row `coefficients @ columns <= value`."""


@dataclass
class Rows:
    """Sparse rows `lower <= sum(values * columns) <= upper` in the order they were added."""

    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def add(self, columns: Iterable[int], values: Iterable[float], lower: float, upper: float) -> None:
        self.columns.extend(columns)
        self.values.extend(values)
        self.starts.append(len(self.columns))
        self.lower.append(lower)
        self.upper.append(upper)


@dataclass(frozen=True)
class Model:
    """Binary columns with a linear objective for each of the six levels.

    Columns: one per pair in `pairs`, then one per shift in `optional` (is it held?), then increments of a volunteer's
    number of shifts (they carry the convex fairness cost and need no integrality). `objectives` is 6 x columns;
    level k of the whole plan is `objectives[k] @ column values + offsets[k]`. `fixed` are the chosen pairs outside.
    """

    pairs: Ints
    optional: Ints
    fixed: Ints
    lower: Floats
    rows: Rows
    objectives: Floats
    start: Floats

    @property
    def binaries(self) -> int:
        """Columns that must be integral; the increments behind them follow by convexity."""
        return len(self.pairs) + len(self.optional)

    def chosen(self, values: Floats) -> Ints:
        """The pairs of the whole plan for these column values."""
        return np.sort(np.concatenate([self.fixed, self.pairs[values[: len(self.pairs)] > 0.5]]))


def build_model(problem: Problem, chosen: Ints, free: Bools, wanted: Bools | None = None) -> Model:
    """The model in which the shifts with `free` may be staffed anew and the other rows of `chosen` stay.

    `chosen` must satisfy the hard rules; its values are the model's `start`. Rules 6-9 are rows, 10 is a lower bound.
    """
    return _Builder(problem, chosen, free, wanted).build()


class _Builder:
    def __init__(self, problem: Problem, chosen: Ints, free: Bools, wanted: Bools | None) -> None:
        self.problem = problem
        in_free = free[problem.pairs.shift[chosen]]
        self.fixed, self.current = chosen[~in_free], chosen[in_free]
        self.left = Remainder(problem, self.fixed)
        candidates = np.flatnonzero(free[problem.pairs.shift])
        if wanted is not None:
            candidates = np.union1d(candidates[wanted[candidates]], self.current)
        self.pairs = candidates[self.left.allows(candidates)].astype(np.int64)
        self.optional = np.flatnonzero(free & problem.shift_needs_people).astype(np.int64)
        self.free = free
        self.rows = Rows()
        self.increments: list[float] = []
        self.increments_used: list[float] = []
        self.pair_fairness = np.zeros(len(self.pairs), np.int64)

    def build(self) -> Model:
        self._add_positions()
        self._add_volunteers()
        width = len(self.pairs) + len(self.optional) + len(self.increments)
        lower = np.zeros(width)
        lower[: len(self.pairs)] = np.isin(self.pairs, self.problem.pinned)
        return Model(
            pairs=self.pairs,
            optional=self.optional,
            fixed=self.fixed,
            lower=lower,
            rows=self.rows,
            objectives=self._objectives(width),
            start=self._start(),
        )

    def _add_positions(self) -> None:
        """Rules 8 and 9: between min and max people if the shift is held, only the pinned ones otherwise."""
        problem = self.problem
        held_column = {int(s): len(self.pairs) + n for n, s in enumerate(self.optional)}
        of_position = problem.pairs.position[self.pairs]
        pinned = np.isin(self.pairs, problem.pinned)
        for position in np.flatnonzero(self.free[problem.position_shift]).tolist():
            first, last = np.searchsorted(of_position, [position, position + 1]).tolist()
            columns, standing = list(range(first, last)), int(pinned[first:last].sum())
            least, most = int(problem.position_min[position]), int(problem.position_max[position])
            held = held_column.get(int(problem.position_shift[position]))
            ones = [1.0] * len(columns)
            if held is None:
                self.rows.add(columns, ones, 0, most)
            elif least == most and not standing:
                self.rows.add([*columns, held], [*ones, -least], 0, 0)
            else:
                self.rows.add([*columns, held], [*ones, standing - most], -np.inf, standing)
                self.rows.add([*columns, held], [*ones, -least], 0, np.inf)

    def _add_volunteers(self) -> None:
        """Rules 6 and 7 for each volunteer, and what the number of their shifts costs in fairness."""
        problem = self.problem
        volunteers = problem.pairs.volunteer[self.pairs]
        shifts = problem.pairs.shift[self.pairs]
        current = np.bincount(problem.pairs.volunteer[self.current], minlength=len(problem.recent_shifts))
        for columns in _groups(volunteers):
            volunteer, theirs = int(volunteers[columns[0]]), shifts[columns]
            rows = exclusion_rows(
                problem.clashes[np.ix_(theirs, theirs)],
                problem.shift_minutes[theirs],
                problem.shift_day[theirs],
                int(self.left.shifts[volunteer]),
                int(self.left.week[volunteer]),
                self.left.day[volunteer],
            )
            for row in rows:
                self.rows.add(columns[row.members].tolist(), row.weights.tolist(), -np.inf, row.limit)
            most = 1 if _only_one(len(columns), rows) else min(len(columns), int(self.left.shifts[volunteer]))
            self._add_fairness(volunteer, columns, most, int(current[volunteer]))

    def _add_fairness(self, volunteer: int, columns: Ints, most: int, current: int) -> None:
        """Cost of up to `most` further shifts: on the pairs themselves if it is one, else on increments that grow."""
        so_far = int(self.problem.recent_shifts[volunteer] + self.left.sent[volunteer])
        if most == 1:
            self.pair_fairness[columns] = self.problem.fairness * (2 * so_far + 1)
            return
        first = self.binary_count + len(self.increments)
        added = list(range(first, first + most))
        self.increments += [self.problem.fairness * (2 * (so_far + step) + 1) for step in range(most)]
        self.increments_used += [float(step < current) for step in range(most)]
        self.rows.add([*columns.tolist(), *added], [1.0] * len(columns) + [-1.0] * most, 0, 0)

    @property
    def binary_count(self) -> int:
        return len(self.pairs) + len(self.optional)

    def _objectives(self, width: int) -> Floats:
        problem, pairs = self.problem, len(self.pairs)
        objectives = np.zeros((len(Vector._fields), width))
        held = slice(pairs, self.binary_count)
        objectives[0, held] = -problem.shift_green[self.optional].astype(np.int64)
        objectives[1, held] = -problem.shift_shortage[self.optional].astype(np.int64)
        objectives[2, held] = -1
        objectives[3, :pairs] = -1
        objectives[4, :pairs] = -problem.keeps[self.pairs]
        objectives[5, :pairs] = problem.pairs.cost[self.pairs] + self.pair_fairness
        objectives[5, self.binary_count :] = self.increments
        return objectives

    def _start(self) -> Floats:
        held = held_shifts(self.problem, np.concatenate([self.fixed, self.current]))[self.optional]
        chosen = np.isin(self.pairs, self.current)
        return np.concatenate([chosen, held, np.array(self.increments_used)]).astype(np.float64)


def _only_one(candidates: int, rows: list[Row]) -> bool:
    """Whether the rows allow only one of all the candidates."""
    return candidates == 1 or any(row.limit == 1 and len(row.members) == candidates for row in rows)


def _groups(keys: Ints) -> Iterator[Ints]:
    """Indices of equal keys, group by group."""
    if not len(keys):
        return
    order = np.argsort(keys, kind="stable").astype(np.int64)
    yield from np.split(order, np.flatnonzero(np.diff(keys[order])) + 1)
