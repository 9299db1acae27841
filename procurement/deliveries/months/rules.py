"""What a product's month says to an order: is there room, does the provider come on the day, who waits before.

A house rule: a provider states what its people can do in a month (marketplace/products/capacity), so that a village's
order is never one that nobody can deliver.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.core import clock
from app.core.text import N_, Message
from marketplace.products.capacity.rules import month_of
from procurement.blocks import Block, house


@dataclass(frozen=True, slots=True)
class Month:
    """A product's month as an order meets it."""

    units: int | None = None  # None: nothing is stated
    taken: int = 0
    days_off: frozenset[date] = frozenset()
    waiting: int = 0  # villages that wait and could be served now

    @property
    def free(self) -> int | None:
        """Return how many units are left, or None where nothing is stated."""
        return None if self.units is None else max(0, self.units - self.taken)

    @property
    def full(self) -> bool:
        """Tell whether nothing is left for somebody who does not wait: what is free belongs to those who do."""
        return self.free is not None and self.free <= self.waiting

    def after_one_more(self) -> "Month":
        """Return the month with one unit more taken."""
        return replace(self, taken=self.taken + 1)


CAPACITY = house(N_("每月可接数量和停约日"))
MonthKey = tuple[int, date]
"""A product and the first day of a month."""


def key_of(product_id: int, start: datetime) -> MonthKey:
    """Return the month in which an order at a time is counted."""
    return product_id, month_of(clock.local(start).date())


def month_blocks(month: Month, wished_start: datetime) -> Iterable[Block]:
    """Name what keeps an order out of the month or off its day."""
    if month.full:
        yield Block(
            "month_full",
            CAPACITY,
            Message(N_("这个机构这个月能接的%(units)s次已经点满。"), {"units": month.units}),
            Message(N_("请换一个月，或排队：有空出来的按公开顺序自动点上。")),
            str(month.units),
        )
    if clock.local(wished_start).date() in month.days_off:
        yield Block(
            "day_off",
            CAPACITY,
            Message(N_("机构这一天不来。")),
            Message(N_("请换一天。")),
            clock.local(wished_start).date().isoformat(),
        )
