"""What departs from the weekly windows, and what becomes of being free by it.

Away wins over everything; a shift lies wholly within one weekly window or one extra stretch (rule 1 of the dispatch
format, which both sides of the platform follow).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.core import clock
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message

LONGEST_AWAY = timedelta(days=400)
FURTHEST_AHEAD = timedelta(days=400)


class ExceptionKind(StrEnum):
    """Away from everything, or free beside the weekly windows."""

    AWAY = "away"
    FREE = "free"


KIND_NAMES: Mapping[ExceptionKind, str] = {
    ExceptionKind.AWAY: N_("不在"),
    ExceptionKind.FREE: N_("额外有空"),
}


@dataclass(frozen=True, slots=True)
class Stretch:
    """One exception, from an instant to another."""

    kind: ExceptionKind
    starts: datetime
    ends: datetime


class AlreadySaid(DomainError):
    """Two exceptions would say something about the same time."""

    code, status = "exception_overlaps", 409
    message = N_("这段时间和你已登记的另一段重叠。请先删掉那一段，或换一个时间。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {"availability_exception_one_at_a_time": AlreadySaid}


def away(first: date, last: date, now: datetime) -> Stretch:
    """Return the days from first to last, both included, as a stretch; or refuse them."""
    if last < first:
        raise InvalidInput({"until_day": Message(N_("结束日期不能早于开始日期。"))})
    midnight = time.min
    stretch = Stretch(
        ExceptionKind.AWAY, clock.at_local(first, midnight), clock.at_local(last + timedelta(days=1), midnight)
    )
    if stretch.ends <= now:
        raise InvalidInput({"until_day": Message(N_("这几天已经过去了。"))})
    if stretch.ends - stretch.starts > LONGEST_AWAY or stretch.starts - now > FURTHEST_AHEAD:
        raise InvalidInput({"until_day": Message(N_("最多登记一年之内。更久请暂停接任务。"))})
    return stretch


def free(day: date, begins: time, stops: time, now: datetime) -> Stretch:
    """Return some hours of a day as a stretch; or refuse them."""
    stretch = Stretch(ExceptionKind.FREE, clock.at_local(day, begins), clock.at_local(day, stops))
    if stretch.ends <= stretch.starts:
        raise InvalidInput({"stops": Message(N_("结束时间要晚于开始时间。"))})
    if stretch.ends <= now:
        raise InvalidInput({"day": Message(N_("这个时间已经过去了。"))})
    if stretch.starts - now > FURTHEST_AHEAD:
        raise InvalidInput({"day": Message(N_("最多登记一年之内。"))})
    return stretch


def is_away(stretches: Iterable[Stretch], starts: datetime, ends: datetime) -> bool:
    """Tell whether somebody said that they are away at any moment of a shift."""
    return any(s.kind is ExceptionKind.AWAY and s.starts < ends and starts < s.ends for s in stretches)


def is_extra(stretches: Iterable[Stretch], starts: datetime, ends: datetime) -> bool:
    """Tell whether one extra stretch holds a whole shift."""
    return any(s.kind is ExceptionKind.FREE and s.starts <= starts and ends <= s.ends for s in stretches)


def without(windows: Iterable[tuple[int, int]], gaps: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what is left of windows once gaps are cut out; in whatever unit both are given."""
    left = list(windows)
    for gap_start, gap_end in gaps:
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, gap_start)), (max(start, gap_end), end))
            if piece[0] < piece[1]
        ]
    return left
