"""The months of the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core import clock, database


@dataclass(frozen=True, slots=True)
class Month:
    """A month that was posted to; ``ends_on`` is the first day that no longer belongs to it."""

    starts_on: date
    ends_on: date
    closed_at: datetime | None
    closed_name: str

    @property
    def name(self) -> str:
        """Return the month as 2026-11."""
        return f"{self.starts_on:%Y-%m}"


async def months() -> Sequence[Month]:
    """Return the months, newest first."""
    rows = await database.fetch(
        """SELECT p.starts_on, p.ends_on, p.closed_at, coalesce(a.display_name, '') AS closed_name
           FROM ledger_period p LEFT JOIN account a ON a.id = p.closed_by ORDER BY p.starts_on DESC"""
    )
    return [Month(**row) for row in rows]


def month_to_close(known: Sequence[Month]) -> Month | None:
    """Return the oldest open month if it is over."""
    still_open = [month for month in known if month.closed_at is None]
    return still_open[-1] if still_open and still_open[-1].ends_on <= clock.today() else None
