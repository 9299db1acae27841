"""Lower bounds for each level by Lagrangian relaxation.

A bound on a level holds for every plan that is as good as a given one on each level before it: those levels enter
with a multiplier, and whatever the multipliers, value less allowance is a bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from volunteers.dispatch.engine.ascent import Steps, ascend
from volunteers.dispatch.engine.guide import CHANGE_WORTH, Guide
from volunteers.dispatch.engine.instance import Vector
from volunteers.dispatch.engine.pairs import Floats
from volunteers.dispatch.engine.problem import Problem
from volunteers.dispatch.engine.relaxation import FRACTION, Relaxation, Terms

_THRESHOLDS = (1.02, 1.2, 1.5, 2.0, 3.0, 4.0, 6.0)
_COMMON = (0.15, 0.2, 0.25, 0.3)
_FIRST_MULTIPLIER = 0.6
_TRIALS = (1.4, 1.2, 1.0)
SEAT_STEPS = (0.12, 0.0005)
_HOLDING, _HOLDING_FIRST = 2.0, 3.0
"""What an unheld shift counts beside empty seats, and what one of the first two levels counts on top."""
_SEAT_IN_CHANGES = 5.0
"""What an unheld shift or an empty seat counts beside changes: about as many as the last seats of a city are worth. At
one change a seat the best plans would leave seats empty instead, and little would be proved of those that do not."""


@dataclass(frozen=True)
class Certificate:
    """What prices prove of a level, for every plan at once: at least `value` less what it leaves open before it.

    `multipliers` say per level what one of it counts there, 0 from the level in question on.
    """

    value: float
    multipliers: tuple[float, ...]

    def bound(self, vector: Vector) -> int:
        """A lower bound over all plans no worse than `vector` on the levels before."""
        allowed = sum(price * left for price, left in zip(self.multipliers, vector, strict=True))
        return max(0, math.ceil(self.value - allowed - 1e-9))


def best_bound(certificates: Iterable[Certificate], vector: Vector) -> int:
    """The best that any of them says."""
    return max((one.bound(vector) for one in certificates), default=0)


def bound_unheld(guide: Guide, level: int) -> int:
    """Green, shortage or all shifts (level 0-2) that no plan can hold, by prices alone: those of the scarcest seats."""
    relaxation, problem = guide.relaxation, guide.relaxation.problem
    counted = (problem.shift_green, problem.shift_shortage, np.ones_like(problem.shift_green))[level]
    terms = _counting(relaxation, counted.astype(np.float64), 0.0)
    least = relaxation.residual.least
    people = np.maximum(np.bincount(problem.position_shift, least, len(counted)), 1.0)
    share = (counted / people)[problem.position_shift]
    values = (relaxation.bound(np.where(guide.prices > line, share, 0.0), terms) for line in _THRESHOLDS)
    return max(0, math.ceil(max(values) - 1e-9))


def prove_empty_seats(guide: Guide, steps: int, stop: Callable[[], bool]) -> Certificate:
    """A certificate for the empty seats.

    Only scarce seats get a price. The others are left out: that halves the time of a step.
    """
    problem = guide.relaxation.problem
    unheld = unheld_beside_seats(problem)
    whole = _counting(guide.relaxation, unheld, 1.0)
    first = max(seat_prices(guide.prices), key=lambda prices: guide.relaxation.bound(prices, whole))
    scarce = guide.relaxation.within(first > 0)
    terms = _counting(scarce, unheld, 1.0)
    found = ascend(scarce, terms, first, Steps(steps, *SEAT_STEPS), stop, core=first > 0)
    return seats_certificate(scarce.bound(found.prices, terms))


def unheld_beside_seats(problem: Problem) -> Floats:
    """What each unheld shift counts beside empty seats, for a bound on those."""
    return np.asarray(_HOLDING + _HOLDING_FIRST * (problem.shift_green.astype(np.float64) + problem.shift_shortage))


def seat_prices(prices: Floats) -> list[Floats]:
    """Prices for empty seats alone to begin with, made of prices of everything (in empty seats)."""
    return [np.clip((prices - part) / (1 - part), 0.0, None) for part in _COMMON]


def seats_certificate(value: float) -> Certificate:
    """What a relaxed value with those costs proves of empty seats."""
    return Certificate(value, (_HOLDING_FIRST, _HOLDING_FIRST, _HOLDING, 0.0, 0.0, 0.0))


def prove_burden(guide: Guide, left_empty: int, steps: int, stop: Callable[[], bool]) -> list[Certificate]:
    """Certificates for the burden, each at another multiplier of an empty seat.

    A multiplier is right when the relaxed plan leaves as many shifts and seats empty as the plan in question,
    `left_empty`: found by trial. Whatever it is, the certificates hold.
    """
    relaxation, problem = guide.relaxation, guide.relaxation.problem
    empty, prices, found = round(guide.terms.empty * _FIRST_MULTIPLIER), guide.found.prices, []
    kept = problem.previous_rows - int(problem.keeps[problem.pinned].sum())
    for factor in _TRIALS:
        terms = _burden_terms(relaxation, empty)
        prices = np.where(prices > empty, empty + (prices - empty) / 4, prices)
        prices = ascend(relaxation, terms, prices, Steps(steps, empty / 20, empty / 1000), stop).prices
        reply = relaxation.reply(np.round(prices * FRACTION) / FRACTION, terms)
        change = _change_price(problem, empty)
        value = reply.value + change * kept + pinned_burden(problem)
        found.append(Certificate(value, (0.0, 0.0, float(empty), float(empty), float(change), 0.0)))
        left = len(relaxation.optional) - reply.held + int(relaxation.residual.most.sum()) - reply.asked
        empty = round(empty * (factor if left > left_empty else 1 / factor))
        if stop():
            break
    return found


def _burden_terms(relaxation: Relaxation, empty: int) -> Terms:
    """Burden, with multipliers for empty seats, unheld shifts and changes."""
    problem = relaxation.problem
    candidates = relaxation.burden() - _change_price(problem, empty) * problem.keeps[relaxation.residual.pairs]
    return Terms(candidates, float(problem.fairness), np.full(len(relaxation.optional), float(empty)), float(empty))


def _change_price(problem: Problem, empty: int) -> int:
    return round(CHANGE_WORTH * empty) if problem.previous_rows else 0


def prove_changes(guide: Guide, steps: int, stop: Callable[[], bool]) -> Certificate:
    """A certificate for the changes."""
    relaxation, problem = guide.relaxation, guide.relaxation.problem
    multipliers = (0.0, 0.0, _SEAT_IN_CHANGES, _SEAT_IN_CHANGES, 0.0, 0.0)
    if not problem.previous_rows:
        return Certificate(0.0, multipliers)
    keeps = problem.keeps[relaxation.residual.pairs]
    unheld = np.full(len(relaxation.optional), _SEAT_IN_CHANGES)
    terms = Terms(-keeps.astype(np.float64), 0.0, unheld, _SEAT_IN_CHANGES)
    lengths = (_SEAT_IN_CHANGES * 0.15, _SEAT_IN_CHANGES * 0.001)
    found = ascend(relaxation, terms, _SEAT_IN_CHANGES * guide.prices, Steps(steps, *lengths), stop)
    kept = problem.previous_rows - int(problem.keeps[problem.pinned].sum())
    return Certificate(relaxation.bound(found.prices, terms) + kept, multipliers)


def _counting(relaxation: Relaxation, unheld: Floats, empty: float) -> Terms:
    return Terms(np.zeros(len(relaxation.residual.pairs)), 0.0, unheld, empty)


def pinned_burden(problem: Problem) -> int:
    """What the pinned rows cost; a relaxation counts the rest."""
    sent = np.bincount(problem.pairs.volunteer[problem.pinned], minlength=len(problem.recent_shifts))
    fairness = int(((problem.recent_shifts + sent) ** 2 - problem.recent_shifts**2).sum())
    return problem.fairness * fairness + int(problem.pairs.cost[problem.pinned].sum())
