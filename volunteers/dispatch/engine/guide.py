"""What the prices of a relaxed week say about good plans: which pairs are worth a look, which are settled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteers.dispatch.engine.ascent import Prices, Steps, ascend
from volunteers.dispatch.engine.incumbent import Incumbent
from volunteers.dispatch.engine.pairs import Bools, Floats, Ints
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.relaxation import Relaxation, Terms
from volunteers.dispatch.engine.roster import Roster

_SEATS_WORTH = 8
"""An empty seat costs that many times the mean burden of a filled one: enough to be worth a chain of exchanges."""
_UNHELD, _SHORTAGE, _GREEN = 1, 2, 6
"""An unheld shift costs as many empty seats on top of its own."""
CHANGE_WORTH = 0.04
"""A row of the plan before that is kept is worth so much of a seat: little enough that a long chain may fill one."""
_CHEAP = 5
_SETTLED = 0.8


@dataclass(frozen=True)
class Guide:
    """Prices per position at an objective that sums up all levels; they steer and prove nothing about one level."""

    relaxation: Relaxation
    terms: Terms
    found: Prices

    @property
    def prices(self) -> Floats:
        """In empty seats: 1 is what a seat is worth at most, unless its shift depends on it."""
        return self.found.prices / self.terms.empty

    def promising(self, dearer_by: float) -> Bools:
        """A mask over the problem's pairs: those that cost, in empty seats, little more than the best week, and all of
        the plan before."""
        dearer = self.relaxation.reduced_costs(self.found.prices, self.terms)
        pairs = self.relaxation.residual.pairs
        mask = np.zeros(len(self.relaxation.problem.pairs), np.bool_)
        mask[pairs[(dearer <= dearer_by * self.terms.empty) | (self.found.often > 0.01)]] = True
        mask[self.relaxation.problem.keeps > 0] = True
        return mask

    def settled(self) -> Ints:
        """Pairs chosen nearly always of late, the surest first where seats or limits do not allow all of them."""
        often, pairs = self.found.often, self.relaxation.residual.pairs
        sure = np.flatnonzero(often >= _SETTLED)
        roster = Roster(self.relaxation.problem)
        for pair in pairs[sure[np.argsort(-often[sure], kind="stable")]].tolist():
            if roster.open_seats(roster.position[pair]) and roster.obstacles(pair) == ():
                roster.add(pair)
        return np.setdiff1d(roster.chosen(), self.relaxation.problem.pinned)


def find_guide(incumbent: Incumbent, relaxation: Relaxation, steps: int) -> Guide:
    """Prices after that many steps (a city: 17 ms each)."""
    problem = incumbent.problem
    cost = relaxation.burden()
    empty = worth_of_a_seat(incumbent)
    keeps = problem.keeps[relaxation.residual.pairs]
    candidates = cost - CHANGE_WORTH * empty * keeps
    terms = Terms(candidates, float(problem.fairness), worth_of_shifts(problem, empty), empty)
    first = first_prices(incumbent, relaxation.residual.position, candidates, terms.unheld, empty)
    found = ascend(relaxation, terms, first, Steps(steps, empty / 4, empty / 800), incumbent.deadline.over)
    return Guide(relaxation, terms, found)


def worth_of_a_seat(incumbent: Incumbent) -> float:
    """What an empty seat counts, in burden."""
    return float(round(_SEATS_WORTH * max(incumbent.vector.burden, 1) / max(len(incumbent.chosen), 1)) + 1)


def worth_of_shifts(problem: Problem, empty: float) -> Floats:
    """What each shift counts if it is not held, in burden, besides its empty seats."""
    return np.asarray((_UNHELD + _SHORTAGE * problem.shift_shortage + _GREEN * problem.shift_green) * empty, np.float64)


def first_prices(incumbent: Incumbent, position: Ints, costs: Floats, unheld: Floats, empty: float) -> Floats:
    """What a seat's cheaper candidates ask; where the incumbent has nobody, what it would be worth to have somebody.

    `position` and `costs` are those of the candidates, `unheld` is what each shift counts.
    """
    problem = incumbent.problem
    seats = len(problem.position_max)
    order = np.lexsort((costs, position))
    first = np.searchsorted(position[order], np.arange(seats + 1))
    counts = np.diff(first)
    prices = np.full(seats, empty)
    some = np.flatnonzero(counts)
    prices[some] = costs[order[first[some] + np.minimum(_CHEAP, counts[some] - 1)]]
    people = np.bincount(problem.pairs.position[incumbent.chosen], minlength=seats)
    prices = np.where(people < problem.position_max, np.maximum(prices, empty), prices)
    missing = np.maximum(problem.position_min - people, 0)
    lost = unheld + empty * np.bincount(problem.position_shift, problem.position_max, len(unheld))
    lacking = np.bincount(problem.position_shift, missing, len(unheld))
    return np.where(missing > 0, (lost / np.maximum(lacking, 1))[problem.position_shift], prices)
