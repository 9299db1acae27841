"""What the numbers of a costing mean: what a looser rule brings, and how sure that is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_
from volunteers.dispatch.engine.relaxing import Relaxation

STAFFING = 4
"""The levels of the vector before changes and burden: green, shortage, all shifts, seats."""
BURDEN = 5
SHORT_SECONDS, LONG_SECONDS = 10, 45
LARGE = 600
"""Shifts from which a week is not solved to the end in a few seconds."""
STALE = timedelta(minutes=3)
"""How long nothing may be heard of a worker; longer than one solve may take."""


class PlanNotSolved(DomainError):
    """There is nothing to compare with yet."""

    code, status, message = "plan_not_solved", 409, N_("计划还没有算好，算好后再看每条规则的代价。")


class Certainty(StrEnum):
    """Exact: both weeks are solved to the proven best; at least: the looser one may be better still; or an estimate."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    ESTIMATE = "estimate"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan of the week, and of the week with one rule looser (or none: to compare with)."""

    relaxation: Relaxation
    amount: int
    before: tuple[int, ...]
    after: tuple[int, ...]
    proven: bool
    moved: int
    milliseconds: int


@dataclass(frozen=True, slots=True)
class Gain:
    """What a looser rule brings: more green, shortage and other shifts held, fewer empty seats, less burden in %."""

    relaxation: Relaxation
    amount: int
    green: int
    shortage: int
    shifts: int
    seats: int
    burden_percent: float
    moved: int
    certainty: Certainty

    @property
    def brings_anything(self) -> bool:
        """Tell whether anything at all is better."""
        return any((self.green, self.shortage, self.shifts, self.seats)) or self.burden_percent > 0


def gains(outcomes: Iterable[Outcome]) -> list[Gain]:
    """Return what each looser rule brings beyond searching again, most seats first.

    What the same search finds without any change is what the rules are compared with: a plan that was not the best yet
    would make every rule look dear.
    """
    by_rule: Mapping[Relaxation, Outcome] = {outcome.relaxation: outcome for outcome in outcomes}
    control = by_rule.get(Relaxation.NOTHING)
    if control is None:
        return []
    base = min(control.before[:STAFFING], control.after[:STAFFING])
    found = [_gain(outcome, base, control.proven) for rule, outcome in by_rule.items() if rule != Relaxation.NOTHING]
    return sorted(
        found, key=lambda gain: (-gain.green, -gain.shortage, -gain.shifts, -gain.seats, -gain.burden_percent)
    )


def seconds_for(shifts: int) -> int:
    """Return how long one week is searched."""
    return SHORT_SECONDS if shifts < LARGE else LONG_SECONDS


def _gain(outcome: Outcome, base: tuple[int, ...], base_proven: bool) -> Gain:
    after = min(base, outcome.after[:STAFFING])
    certainty = Certainty.ESTIMATE
    if base_proven:
        certainty = Certainty.EXACT if outcome.proven else Certainty.AT_LEAST
    lighter = outcome.before[BURDEN] - outcome.after[BURDEN]
    only_burden = outcome.relaxation is Relaxation.PREFERENCE and outcome.after[:STAFFING] <= base
    return Gain(
        relaxation=outcome.relaxation,
        amount=outcome.amount,
        green=base[0] - after[0],
        shortage=base[1] - after[1],
        shifts=base[2] - after[2],
        seats=base[3] - after[3],
        burden_percent=max(0.0, round(100 * lighter / max(1, outcome.before[BURDEN]), 1)) if only_burden else 0.0,
        moved=outcome.moved,
        certainty=certainty,
    )
