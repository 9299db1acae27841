"""What the looks of one night share: the years, the instant, figures and rows that are read once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.core import clock, database
from app.core.database import Row
from procurement import law
from procurement.blocks import Figure
from procurement.oversight.flags.rules import Bound, FlagKind, Found
from procurement.oversight.law import minimum, threshold

ENDED = ("refused", "cancelled", "terminated")
"""States of a purchase that bought nothing."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a flag is about, and where it is counted."""

    key: str
    place_id: int
    year: int
    budget_line_id: int | None = None
    purchase_id: int | None = None
    village_order_id: int | None = None
    claim_id: int | None = None
    organization_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Observed:
    """A flag as it stands tonight."""

    kind: FlagKind
    subject: Subject
    found: Found
    references: tuple[str, ...] = ()


@dataclass(slots=True)
class Ground:
    """The years that are looked at, as of an instant."""

    now: datetime
    years: Sequence[int]
    figures: dict[tuple[str, date], Figure] = field(default_factory=dict)
    read: dict[str, list[Row]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """Return the day in Hangzhou."""
        return clock.local(self.now).date()

    def day_of(self, year: int) -> date:
        """Return the day by whose figures a whole year is judged: its last one, or today."""
        return min(self.today, date(year, 12, 31))

    async def once(self, statement: str, *values: object) -> list[Row]:
        """Return the rows of a statement that several looks share."""
        if statement not in self.read:
            self.read[statement] = await database.fetch(statement, *values)
        return self.read[statement]

    async def figure(self, key: str, day: date) -> Figure:
        """Return a figure of the rulebook in force on a day."""
        if (key, day) not in self.figures:
            self.figures[key, day] = await law.figure(key, day)
        return self.figures[key, day]

    async def bound(self, kind: FlagKind, day: date) -> Bound:
        """Return what a kind is measured against, and how many cases it needs."""
        return Bound(await self.figure(threshold(kind), day), await self.figure(minimum(kind), day))
