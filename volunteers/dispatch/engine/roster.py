"""A plan under construction: who holds which seat, kept within rules 6-8 at every step."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from volunteers.dispatch.engine.instance import Assignment, Vector
from volunteers.dispatch.engine.pairs import Ints
from volunteers.dispatch.engine.problem import Problem

_FREE: tuple[int, ...] = ()


class Roster:
    """Chosen pairs by volunteer and by position, starting from the pinned ones.

    Plain Python lists, because the searches look at single numbers; `pairs_of_position` is cheapest first.
    Rules 1-5 and 11 hold because only eligible pairs exist, 6-7 because `add` is only called when `obstacles`
    found none, 8 by `open_seats`. Rule 9 is the caller's: fill a shift or take it back.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._read(problem)
        self.minutes: list[int] = problem.shift_minutes.tolist()
        self.day: list[int] = problem.shift_day.tolist()
        self.limits: list[tuple[int, int, int]] = list(
            zip(
                problem.max_shifts_week.tolist(),
                problem.max_minutes_week.tolist(),
                problem.max_minutes_day.tolist(),
                strict=True,
            )
        )
        self.pinned = frozenset(problem.pinned.tolist())
        self.held_by_volunteer: list[list[int]] = [[] for _ in self.limits]
        self.held_by_position: list[list[int]] = [[] for _ in problem.position_shift]
        for pair in problem.pinned.tolist():
            self.add(pair)

    def _read(self, problem: Problem) -> None:
        """Make lists of the pairs and of rule 6: a city's."""
        every = np.arange(len(problem.shift_start))
        self.volunteer: Sequence[int] = problem.pairs.volunteer.tolist()
        self.position: Sequence[int] = problem.pairs.position.tolist()
        self.shift: Sequence[int] = problem.pairs.shift.tolist()
        self._clashes = [problem.clashes[shift, every].tobytes() for shift in range(len(every))]
        self.pairs_of_position: Sequence[Sequence[int]] = _cheapest_first(problem)

    def _clashing(self, pair: int, held: list[int]) -> list[int]:
        """Which of the held pairs cannot be done beside it (rule 6)."""
        clashes = self._clashes[self.shift[pair]]
        return [other for other in held if clashes[self.shift[other]]]

    def add(self, pair: int) -> None:
        self.held_by_volunteer[self.volunteer[pair]].append(pair)
        self.held_by_position[self.position[pair]].append(pair)

    def remove(self, pair: int) -> None:
        self.held_by_volunteer[self.volunteer[pair]].remove(pair)
        self.held_by_position[self.position[pair]].remove(pair)

    def open_seats(self, position: int) -> int:
        """Seats of the position that nobody holds."""
        return int(self.problem.position_max[position]) - len(self.held_by_position[position])

    def missing(self, position: int) -> int:
        """People the position lacks for its shift to be held."""
        return max(0, int(self.problem.position_min[position]) - len(self.held_by_position[position]))

    def obstacles(self, pair: int) -> tuple[int, ...] | None:
        """What keeps the volunteer from taking the pair as well.

        Returns an empty tuple if nothing does, the held pairs any one of which would have to go, or None if
        giving up one of them is not enough (rules 6 and 7).
        """
        held = self.held_by_volunteer[self.volunteer[pair]]
        if not held:
            return _FREE if self._within_limits(pair, held, None) else None
        clashing = self._clashing(pair, held)
        if len(clashing) > 1:
            return None
        if not clashing and self._within_limits(pair, held, None):
            return _FREE
        return (
            tuple(
                other
                for other in clashing or held
                if other not in self.pinned and self._within_limits(pair, held, other)
            )
            or None
        )

    def _within_limits(self, pair: int, held: list[int], given_up: int | None) -> bool:
        most_shifts, most_week, most_day = self.limits[self.volunteer[pair]]
        shift = self.shift[pair]
        day, count = self.day[shift], 1
        week_minutes = day_minutes = self.minutes[shift]
        for other in held:
            if other == given_up:
                continue
            count += 1
            minutes = self.minutes[self.shift[other]]
            week_minutes += minutes
            if self.day[self.shift[other]] == day:
                day_minutes += minutes
        return count <= most_shifts and week_minutes <= most_week and day_minutes <= most_day

    def chosen(self) -> Ints:
        """Numbers of the chosen pairs, ascending."""
        return np.array(sorted(pair for held in self.held_by_position for pair in held), np.int64)

    def replace(self, pairs: Ints) -> None:
        """Become the plan of exactly these pairs (which must satisfy the rules)."""
        for held in (*self.held_by_volunteer, *self.held_by_position):
            held.clear()
        for pair in pairs.tolist():
            self.add(pair)

    def vector(self) -> Vector:
        """The objective of the chosen pairs."""
        return vector_of(self.problem, self.chosen())


def vector_of(problem: Problem, chosen: Ints) -> Vector:
    """The objective of a set of pairs."""
    unheld = ~held_shifts(problem, chosen)
    pairs = problem.pairs
    sent = np.bincount(pairs.volunteer[chosen], minlength=len(problem.recent_shifts))
    fairness = int(((problem.recent_shifts + sent) ** 2 - problem.recent_shifts**2).sum())
    return Vector(
        green_unheld=int((unheld & problem.shift_green).sum()),
        shortage_unheld=int((unheld & problem.shift_shortage).sum()),
        unheld=int(unheld.sum()),
        empty_seats=int(problem.position_max.sum()) - len(chosen),
        changes=problem.previous_rows - int(problem.keeps[chosen].sum()),
        burden=problem.fairness * fairness + int(pairs.cost[chosen].sum()),
    )


def held_shifts(problem: Problem, chosen: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Rule 9: a mask over the shifts."""
    people = np.bincount(problem.pairs.position[chosen], minlength=len(problem.position_shift))
    held = np.ones(len(problem.shift_start), np.bool_)
    held[problem.position_shift[people < problem.position_min]] = False
    return held


def assignments_of(problem: Problem, chosen: Ints) -> tuple[Assignment, ...]:
    """The rows of a plan in the order of the file."""
    instance, pairs = problem.instance, problem.pairs
    seats = [(shift.id, position.id) for shift in instance.shifts for position in shift.positions]
    rows = ((*seats[pairs.position[pair]], pairs.volunteer[pair]) for pair in sorted(chosen.tolist()))
    return tuple(Assignment(shift, position, instance.volunteers[who].id) for shift, position, who in rows)


def _cheapest_first(problem: Problem) -> list[list[int]]:
    """Pairs per position; what the previous plan keeps first, then by cost of a first shift, then by number."""
    pairs = problem.pairs
    fairness = problem.fairness * (2 * problem.recent_shifts[pairs.volunteer] + 1)
    order = np.lexsort((pairs.cost + fairness, -problem.keeps, pairs.position)).tolist()
    bounds = problem.position_first_pair.tolist()
    return [order[first:last] for first, last in pairwise(bounds)]
