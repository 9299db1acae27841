"""Lagrangian relaxation: every seat has a price, volunteers choose their best week, shifts choose whether to be held.

The only rows given up are those that tie the two together (as many people on a position as it says). Whatever the
prices, the sum of all best choices is a lower bound; good prices make it a tight one, tighter than the linear
relaxation with clique rows (Geoffrion, "Lagrangean relaxation for integer programming", 1974).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteers.dispatch.engine.pairs import Bools, Floats, Ints
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.residual import Residual, seats_left
from volunteers.dispatch.engine.schedules import Schedules

FRACTION = 1024.0
"""Prices that are multiples of 1 / FRACTION are added up without rounding errors."""


@dataclass(frozen=True)
class Terms:
    """A linear objective: cost of each candidate, of each unheld shift, of an empty seat; factor of fairness.

    The n-th further shift of a volunteer costs 2 (n - 1) `fairness` on top of the candidate's cost.
    """

    candidates: Floats
    fairness: float
    unheld: Floats
    empty: float


@dataclass(frozen=True)
class Reply:
    """The relaxed optimum at some prices; `shortfall` is people asked for less people sent, per position.

    `asked` and `held` are how many people and shifts it asks for.
    """

    value: float
    chosen: Ints
    shortfall: Floats
    asked: int
    held: int


@dataclass(frozen=True)
class Demand:
    """The seats' side: `least` and `most` people by position, `optional` shifts are those that may be left unheld."""

    position_shift: Ints
    least: Floats
    most: Floats
    optional: Bools

    @classmethod
    def of(cls, problem: Problem) -> Demand:
        """What the pinned rows leave to be wished for."""
        least, most = seats_left(problem)
        optional = np.zeros(len(problem.shift_start), np.bool_)
        optional[problem.position_shift[least > 0]] = True
        return cls(problem.position_shift, least.astype(np.float64), most.astype(np.float64), optional)

    def at(self, prices: Floats, unheld_costs: Floats, empty: float) -> tuple[Floats, Floats, Bools]:
        """People each position asks for at these prices, what each shift costs, and whether it is held."""
        shifts = len(self.optional)
        asked = np.where(prices < empty, self.most, self.least)
        held = np.bincount(self.position_shift, prices * asked + empty * (self.most - asked), minlength=shifts)
        unheld = np.bincount(self.position_shift, empty * self.most, minlength=shifts) + unheld_costs * self.optional
        better = held <= unheld
        return np.where(better[self.position_shift], asked, 0.0), np.where(better, held, unheld), better


class Relaxation:
    """The relaxed week beside its pinned rows; prices are one number per position."""

    def __init__(self, problem: Problem, residual: Residual | None = None) -> None:
        self.problem = problem
        self.residual = residual = residual or Residual.of(problem)
        self.schedules = Schedules(residual)
        self.demand = Demand.of(problem)

    @property
    def positions(self) -> int:
        return len(self.demand.most)

    @property
    def optional(self) -> Bools:
        return self.demand.optional

    @property
    def candidates(self) -> int:
        """Length of `Terms.candidates`, numbers in `Reply.chosen`."""
        return len(self.residual.pairs)

    def within(self, positions: Bools) -> Relaxation:
        """The same for objectives without costs and prices that are 0 elsewhere: nobody gains from going there."""
        return Relaxation(self.problem, self.residual.within(positions))

    def burden(self) -> Floats:
        """What each candidate adds to the burden as the first shift beside the pinned ones."""
        problem, residual = self.problem, self.residual
        so_far = problem.recent_shifts + residual.left.sent
        return np.asarray(
            problem.pairs.cost[residual.pairs] + problem.fairness * (2.0 * so_far[residual.volunteer] + 1), np.float64
        )

    def reply(self, prices: Floats, terms: Terms) -> Reply:
        """Relaxed optimum at these prices."""
        sent = self.schedules.price(self._weights(prices, terms), terms.fairness)
        asked, costs, held = self.demand.at(prices, terms.unheld, terms.empty)
        shortfall = asked - np.bincount(self.residual.position[sent.chosen], minlength=self.positions)
        return Reply(float(sent.values.sum() + costs.sum()), sent.chosen, shortfall, int(asked.sum()), int(held.sum()))

    def bound(self, prices: Floats, terms: Terms) -> float:
        """A lower bound, free of rounding errors if the terms are integers: prices become multiples of 1/1024."""
        return self.reply(np.round(prices * FRACTION) / FRACTION, terms).value

    def reduced_costs(self, prices: Floats, terms: Terms) -> Floats:
        """How much dearer than their best week a volunteer's best week with each candidate is."""
        return self.schedules.reduced_costs(self._weights(prices, terms), terms.fairness)

    def _weights(self, prices: Floats, terms: Terms) -> Floats:
        return np.asarray(terms.candidates - prices[self.residual.position], np.float64)
