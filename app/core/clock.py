"""The only clock. Instants are UTC; Asia/Shanghai appears at the edges."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_travelled: ContextVar[datetime | None] = ContextVar("clock_travelled", default=None)


def now() -> datetime:
    """Return the current instant in UTC."""
    return _travelled.get() or datetime.now(UTC)


@contextmanager
def travelled_to(instant: datetime) -> Iterator[None]:
    """Run a block as if it were ``instant``: the demonstration lives through its week, tests fix theirs."""
    if instant.tzinfo is None:
        raise ValueError("an instant has a time zone")
    token = _travelled.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _travelled.reset(token)


def today() -> date:
    """Return the civil date in Hangzhou."""
    return local(now()).date()


def local(instant: datetime) -> datetime:
    """Return the instant as the wall clock in Hangzhou shows it."""
    return instant.astimezone(SHANGHAI)


def at_local(day: date, wall: time) -> datetime:
    """Return the instant at which Hangzhou's wall clock shows ``wall`` on ``day``."""
    return datetime.combine(day, wall, SHANGHAI).astimezone(UTC)


def week_start(day: date) -> date:
    """Return the Monday of the week."""
    return day - timedelta(days=day.weekday())
