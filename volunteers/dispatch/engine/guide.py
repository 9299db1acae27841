"""What the prices of a relaxed week say about good plans: which pairs are worth a look, which are settled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from volunteers.dispatch.engine.ascent import Prices, Steps, ascend
from volunteers.dispatch.engine.incumbent import Incumbent
from volunteers.dispatch.engine.pairs import Bools, Floats, Ints
from volunteers.dispatch.engine.relaxation import Relaxation, Terms
from volunteers.dispatch.engine.roster import Roster

_SEATS_WORTH = 8
"""An empty seat costs that many times the mean burden of a filled one: enough to be worth a chain of exchanges."""
_UNHELD, _SHORTAGE, _GREEN = 1, 2, 6
"""An unheld shift costs as many empty seats on top of its own."""
_CHANGE_WORTH = 0.5
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
        """A mask over the problem's pairs: those that cost, in empty seats, little more than the best week."""
        dearer = self.relaxation.reduced_costs(self.found.prices, self.terms)
        pairs = self.relaxation.residual.pairs
        mask = np.zeros(len(self.relaxation.problem.pairs), np.bool_)
        mask[pairs[(dearer <= dearer_by * self.terms.empty) | (self.found.often > 0.01)]] = True
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
    empty = float(round(_SEATS_WORTH * max(incumbent.vector.burden, 1) / max(len(incumbent.chosen), 1)) + 1)
    weight = _UNHELD + _SHORTAGE * problem.shift_shortage + _GREEN * problem.shift_green
    keeps = problem.keeps[relaxation.residual.pairs]
    terms = Terms(cost - _CHANGE_WORTH * empty * keeps, float(problem.fairness), weight * empty, empty)
    first = _first_prices(incumbent, relaxation, terms)
    found = ascend(relaxation, terms, first, Steps(steps, empty / 4, empty / 800), incumbent.deadline.over)
    return Guide(relaxation, terms, found)


def _first_prices(incumbent: Incumbent, relaxation: Relaxation, terms: Terms) -> Floats:
    """What a seat's cheaper candidates ask; where the incumbent has nobody, what it would be worth to have somebody."""
    problem, position = incumbent.problem, relaxation.residual.position
    order = np.lexsort((terms.candidates, position))
    first = np.searchsorted(position[order], np.arange(relaxation.positions + 1))
    counts = np.diff(first)
    prices = np.full(relaxation.positions, terms.empty)
    some = np.flatnonzero(counts)
    prices[some] = terms.candidates[order[first[some] + np.minimum(_CHEAP, counts[some] - 1)]]
    people = np.bincount(problem.pairs.position[incumbent.chosen], minlength=relaxation.positions)
    prices = np.where(people < problem.position_max, np.maximum(prices, terms.empty), prices)
    missing = np.maximum(problem.position_min - people, 0)
    lost = terms.unheld + terms.empty * np.bincount(problem.position_shift, problem.position_max, len(terms.unheld))
    lacking = np.bincount(problem.position_shift, missing, len(terms.unheld))
    return np.where(missing > 0, (lost / np.maximum(lacking, 1))[problem.position_shift], prices)
