"""What a plan comes to: how a day is covered, what keeps seats empty, what changes for whom."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from app.core.text import N_
from volunteers.dispatch.engine.eligibility import Refusal


class CellState(StrEnum):
    """How a place's day is covered: a shift cannot take place, seats are free, answers are due, or all is well."""

    EMPTY = "empty"
    SHORT = "short"
    ASKED = "asked"
    FULL = "full"


STATE_NAMES: Mapping[CellState, str] = {
    CellState.EMPTY: N_("开不成"),
    CellState.SHORT: N_("有空位"),
    CellState.ASKED: N_("等答复"),
    CellState.FULL: N_("齐了"),
}


@dataclass(frozen=True, slots=True)
class Cover:
    """Shifts and seats of some place and time: ``held`` take place, ``waiting`` are offered and not accepted."""

    shifts: int
    held: int
    seats: int
    filled: int
    waiting: int

    @property
    def state(self) -> CellState:
        """Return what matters most about it."""
        if self.held < self.shifts:
            return CellState.EMPTY
        if self.filled < self.seats:
            return CellState.SHORT
        return CellState.ASKED if self.waiting else CellState.FULL

    @property
    def percent(self) -> int:
        """Return the share of seats filled; full only if all are."""
        return 100 if self.filled >= self.seats else min(99, 100 * self.filled // self.seats)

    @property
    def step(self) -> int:
        """Return the class of the map: 0 all filled, 4 less than half."""
        return sum(self.percent < bound for bound in STEPS)


STEPS = (100, 90, 75, 50)
NOTHING = Cover(0, 0, 0, 0, 0)


def together(parts: Iterable[Cover]) -> Cover:
    """Add covers up."""
    rows = list(parts)
    return Cover(
        sum(part.shifts for part in rows),
        sum(part.held for part in rows),
        sum(part.seats for part in rows),
        sum(part.filled for part in rows),
        sum(part.waiting for part in rows),
    )


class GapCause(StrEnum):
    """What keeps a seat empty: nobody can, nobody is free, all live too far, all have enough, the rest."""

    QUALIFIED = "qualified"
    FREE = "free"
    FAR = "far"
    LIMITS = "limits"
    CHOICE = "choice"


CAUSE_NAMES: Mapping[GapCause, str] = {
    GapCause.QUALIFIED: N_("没有合资格的人"),
    GapCause.FREE: N_("合资格的人没空"),
    GapCause.FAR: N_("都太远"),
    GapCause.LIMITS: N_("都到了本人上限"),
    GapCause.CHOICE: N_("有人可去，没有排"),
}
CAUSE_OF: Mapping[Refusal, GapCause] = {
    Refusal.CREDENTIAL: GapCause.QUALIFIED,
    Refusal.SKILL: GapCause.QUALIFIED,
    Refusal.LANGUAGE: GapCause.QUALIFIED,
    Refusal.GENDER: GapCause.QUALIFIED,
    Refusal.CONFLICT_OF_INTEREST: GapCause.QUALIFIED,
    Refusal.AVAILABILITY: GapCause.FREE,
    Refusal.CANCELLED: GapCause.FREE,
    Refusal.ELSEWHERE: GapCause.FREE,
    Refusal.DISTANCE: GapCause.FAR,
    Refusal.DAY_LIMIT: GapCause.LIMITS,
    Refusal.WEEK_LIMIT: GapCause.LIMITS,
    Refusal.SHIFT_LIMIT: GapCause.LIMITS,
    Refusal.SHIFT_NOT_HELD: GapCause.CHOICE,
    Refusal.SEATS_TAKEN: GapCause.CHOICE,
    Refusal.NOT_CHOSEN: GapCause.CHOICE,
}


def by_cause(reasons: Iterable[tuple[str, int]]) -> dict[GapCause, int]:
    """Return how many seats each kind of cause keeps empty, in the order of the kinds."""
    counted = dict.fromkeys(GapCause, 0)
    for reason, seats in reasons:
        counted[CAUSE_OF[Refusal(reason)]] += seats
    return {cause: seats for cause, seats in counted.items() if seats}


def reasons_of(cause: GapCause) -> list[str]:
    """Return the reasons of a kind."""
    return [reason.value for reason, kind in CAUSE_OF.items() if kind is cause]


class Change(StrEnum):
    """What a plan changes for somebody, beside the plan in force."""

    NEW = "new"
    MOVED = "moved"
    DROPPED = "dropped"
    UNTOUCHED = "untouched"


CHANGE_NAMES: Mapping[Change, str] = {
    Change.NEW: N_("新派"),
    Change.MOVED: N_("换了班次"),
    Change.DROPPED: N_("不再去"),
    Change.UNTOUCHED: N_("不变"),
}


def change(before: Set[str], after: Set[str]) -> Change:
    """Return what becomes of somebody who goes to some shifts by the plan in force and to others by this one."""
    if before == after:
        return Change.UNTOUCHED
    if not before:
        return Change.NEW
    return Change.MOVED if after else Change.DROPPED
