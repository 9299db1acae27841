"""The rate of execution (支出进度) against the time of the year (序时进度), and when a line counts as slow.

What is spent counts, not what is bound: a rate that counted contracts would hide that nothing was delivered. The day
from which a slow line is warned about and the share are figures of the rulebook.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from procurement.budgets.rules import Amounts

MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Month:
    """A month's own movements, and where the money stands at its end; ``None`` for months to come."""

    month: int
    moved: Amounts
    standing: Amounts | None
    expected: float

    @property
    def rate(self) -> float | None:
        """Return the share spent by the end of the month."""
        return None if self.standing is None else rate(self.standing)


@dataclass(frozen=True, slots=True)
class SlowRule:
    """From the first day of which month a share spent below which percentage is too slow."""

    from_month: int
    below_percent: int
    verified: bool = True

    def tells(self, amounts: Amounts, year: int, today: date) -> bool:
        """Tell whether a line of a year is too slow on a day; a line without money never is."""
        due = today >= date(year, self.from_month, 1)
        return due and amounts.approved > 0 and amounts.spent * 100 < amounts.approved * self.below_percent


def rate(amounts: Amounts) -> float:
    """Return the share of what was approved that is spent; nothing of nothing is nothing."""
    return amounts.spent / amounts.approved if amounts.approved else 0.0


def time_share(year: int, day: date) -> float:
    """Return how much of a budget year has passed when a day is over."""
    first, following = date(year, 1, 1), date(year + 1, 1, 1)
    passed = (day - first).days + 1
    return min(1.0, max(0.0, passed / (following - first).days))


def months(moved: Mapping[int, Amounts], year: int, today: date) -> list[Month]:
    """Return the twelve months of a year with where the money stood at the end of each that has begun."""
    standing, found = Amounts(), []
    for month in MONTHS:
        change = moved.get(month, Amounts())
        begun = date(year, month, 1) <= today
        standing = standing + change
        found.append(Month(month, change, standing if begun else None, time_share(year, _last_day(year, month))))
    return found


def added(many: Iterable[Mapping[int, Amounts]]) -> dict[int, Amounts]:
    """Add the months of several lines up; the caller keeps fiscal and donated lines apart."""
    total: dict[int, Amounts] = {}
    for one in many:
        for month, change in one.items():
            total[month] = total.get(month, Amounts()) + change
    return total


def total_of(amounts: Sequence[Amounts]) -> Amounts:
    """Return the sum."""
    return sum(amounts, Amounts())


def _last_day(year: int, month: int) -> date:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)
