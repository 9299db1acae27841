"""The objective of a plan, kept up to date as people come and go."""

from __future__ import annotations

import numpy as np

from volunteers.dispatch.engine.instance import Vector
from volunteers.dispatch.engine.problem import Problem


class Tallies:
    """Counts of a plan that starts empty: `people` of each position, people that each shift is `lacking` to be held.

    `keeps[pair]` counts the rows of the plan before that the pair keeps, `previous_rows` those that could be kept.
    """

    def __init__(self, problem: Problem) -> None:
        self._position = problem.pairs.position
        self._cost = problem.pairs.cost
        self._volunteer = problem.pairs.volunteer
        self._recent = problem.recent_shifts
        self._fairness = problem.fairness
        self._shift_of = problem.position_shift
        self._least = problem.position_min
        self._green, self._shortage = problem.shift_green, problem.shift_shortage
        self.keeps = problem.keeps.copy()
        self.previous_rows = problem.previous_rows
        self.people = np.zeros(len(problem.position_shift), np.int64)
        self.lacking = np.zeros(len(problem.shift_start), np.int64)
        np.add.at(self.lacking, self._shift_of, self._least)
        unheld = self.lacking > 0
        self._unheld = int(unheld.sum())
        self._green_unheld = int((unheld & self._green).sum())
        self._shortage_unheld = int((unheld & self._shortage).sum())
        self._empty_seats = int(problem.position_max.sum())
        self._kept = 0
        self._burden = 0

    @property
    def vector(self) -> Vector:
        return Vector(
            self._green_unheld,
            self._shortage_unheld,
            self._unheld,
            self._empty_seats,
            self.previous_rows - self._kept,
            self._burden,
        )

    def put(self, pair: int, others: int) -> None:
        """Somebody with `others` shifts takes a pair."""
        position = int(self._position[pair])
        if self.people[position] < self._least[position]:
            shift = int(self._shift_of[position])
            self.lacking[shift] -= 1
            if not self.lacking[shift]:
                self._count_unheld(shift, -1)
        self.people[position] += 1
        self._count(pair, others, 1)

    def take(self, pair: int, others: int) -> None:
        """Somebody gives up a pair and keeps `others` shifts."""
        position = int(self._position[pair])
        self.people[position] -= 1
        if self.people[position] < self._least[position]:
            shift = int(self._shift_of[position])
            if not self.lacking[shift]:
                self._count_unheld(shift, 1)
            self.lacking[shift] += 1
        self._count(pair, others, -1)

    def price(self, pair: int, others: int) -> int:
        """Burden of a pair for somebody with that many other shifts."""
        recent = int(self._recent[self._volunteer[pair]])
        return int(self._cost[pair]) + self._fairness * (2 * (recent + others) + 1)

    def _count(self, pair: int, others: int, sign: int) -> None:
        self._empty_seats -= sign
        self._kept += sign * int(self.keeps[pair])
        self._burden += sign * self.price(pair, others)

    def _count_unheld(self, shift: int, sign: int) -> None:
        self._unheld += sign
        self._green_unheld += sign * bool(self._green[shift])
        self._shortage_unheld += sign * bool(self._shortage[shift])
