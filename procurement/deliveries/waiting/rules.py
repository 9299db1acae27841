"""A village's place in a queue: it waits, is placed by itself, leaves, or the month is over.

A unit that comes free is placed at once and not offered with a clock: no unit lies idle while somebody is on leave, and
no village loses its turn for not having looked. If the day does not suit after all, another is agreed or the order is
taken back, and the next village is placed. Places short of lawyers come first, then who asked first: public, the same
for everybody (均衡化).
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.core import clock
from app.core.errors import DomainError
from app.core.text import N_
from marketplace.products.capacity.rules import month_of
from procurement.deliveries.ordering.hours.rules import within
from procurement.deliveries.ordering.rules import ALL_HOURS, Hours

LEAD = timedelta(days=3)
"""A provider needs some days to send somebody."""


class WaitStatus(StrEnum):
    """What became of the waiting."""

    WAITING = "waiting"
    PLACED = "placed"
    LEFT = "left"
    ENDED = "ended"


class WaitEvent(StrEnum):
    """What moves it."""

    PLACE = "place"
    LEAVE = "leave"
    END = "end"


TRANSITIONS: dict[tuple[WaitStatus, WaitEvent], WaitStatus] = {
    (WaitStatus.WAITING, WaitEvent.PLACE): WaitStatus.PLACED,
    (WaitStatus.WAITING, WaitEvent.LEAVE): WaitStatus.LEFT,
    (WaitStatus.WAITING, WaitEvent.END): WaitStatus.ENDED,
}
STATUS_NAMES: Mapping[WaitStatus, str] = {
    WaitStatus.WAITING: N_("排队中"),
    WaitStatus.PLACED: N_("已自动点单"),
    WaitStatus.LEFT: N_("已退出排队"),
    WaitStatus.ENDED: N_("没有等到"),
}


class EndReason(StrEnum):
    """Why nobody waits any longer."""

    NO_DAY = "no_day"
    CONTRACT_OVER = "contract_over"


REASON_NAMES: Mapping[EndReason, str] = {
    EndReason.NO_DAY: N_("这个月已经没有可以安排的日子"),
    EndReason.CONTRACT_OVER: N_("合同已经结束"),
}


class NotFull(DomainError):
    """Nobody waits for what is there."""

    code, status, message = "month_not_full", 409, N_("这个月还有空，请直接点单。")


class AlreadyWaiting(DomainError):
    """One village, one place in a queue."""

    code, status, message = "already_waiting", 409, N_("本村（社区）已经在排这项服务这个月的队。")


def start_for(
    wished: datetime, now: datetime, last_day: date, days_off: frozenset[date], hours: Hours = ALL_HOURS
) -> datetime | None:
    """Return when the service comes: at the wished time, or the next day of the month that suits both sides."""
    start = wished
    while clock.local(start).date() <= last_day and month_of(clock.local(start).date()) == _month(wished):
        if start >= now + LEAD and clock.local(start).date() not in days_off and within(hours, start):
            return start
        start += timedelta(days=1)
    return None


def _month(instant: datetime) -> date:
    return month_of(clock.local(instant).date())
