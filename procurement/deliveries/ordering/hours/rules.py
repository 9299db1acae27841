"""When a village can have a service, asked of an exact time: by whatever way an order is written, it lies within.

A house rule: what a clerk states is kept for the page, for programs, for the queue and for a change of time. A village
that states nothing is open to all.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, time

from app.core import clock
from app.core.errors import DomainError
from app.core.text import N_, Message
from procurement.blocks import Block, house
from procurement.deliveries.ordering.rules import Hours, Part

HOURS = house(N_("方便的时段"))
NOON, EVENING = time(12), time(18)
_NOT_IN_HOURS = N_("本村（社区）登记的方便时段不含这个时间。")


class OutsideHours(DomainError):
    """The clerk stated other hours while the order was on its way."""

    code, status, message = "outside_hours", 409, _NOT_IN_HOURS


CONSTRAINTS: Mapping[str, type[DomainError]] = {"village_order_in_hours": OutsideHours}


def part_of(start: datetime) -> Part:
    """Return the part of the day in which a time lies."""
    at = clock.local(start).time()
    if at < NOON:
        return Part.MORNING
    return Part.AFTERNOON if at < EVENING else Part.EVENING


def within(hours: Hours, start: datetime) -> bool:
    """Tell whether a time lies within a village's hours."""
    return (clock.local(start).weekday(), part_of(start)) in hours


def hours_blocks(hours: Hours, start: datetime) -> Iterable[Block]:
    """Name what keeps an order off a time that does not suit its village."""
    if not within(hours, start):
        yield Block(
            "outside_hours",
            HOURS,
            Message(_NOT_IN_HOURS),
            Message(N_("请换一个时间，或先在“方便的时段”里勾选它。")),
            clock.local(start).strftime("%Y-%m-%d %H:%M"),
        )
