"""Judging recorded purchases of every method again, by the rows of the rulebook in force on each step's day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core import clock, database
from procurement.oversight.reexamination import approving, asking, contracting, delivering, quoting, tendering
from procurement.oversight.reexamination.book import Book, open_book
from procurement.oversight.reexamination.facts import past
from procurement.oversight.reexamination.rules import DecidedStep, Verdict, reexamined
from procurement.purchases.rules import Method

READERS = (asking, tendering, quoting, approving, contracting, delivering)
"""Who reads the decided steps, each its part of a purchase's way."""


@dataclass(frozen=True, slots=True)
class Line:
    """A verdict of the page, or so many acceptances about which there is nothing to say."""

    verdict: Verdict
    count: int = 1


@dataclass(frozen=True, slots=True)
class Reexamination:
    """A purchase with the verdict on each of its steps, and the book that it was judged by."""

    verdicts: tuple[Verdict, ...]
    other_day: date
    book: Book

    @property
    def wrong(self) -> int:
        """Return how many steps are not right by the law of their day."""
        return sum(not verdict.still_right for verdict in self.verdicts)

    @property
    def lines(self) -> list[Line]:
        """Return the verdicts with the acceptances that were in order gathered into one."""
        gathered = [one for one in self.verdicts if one.step.kind is DecidedStep.ACCEPT and one.quiet]
        shown = [Line(one) for one in self.verdicts if one not in gathered]
        return [*shown, Line(gathered[-1], len(gathered))] if gathered else shown


async def reexamine(purchase_id: int, other_day: date | None = None, book: Book | None = None) -> Reexamination:
    """Return each step's verdict by the law of its day, and by that of another, today unless one is named."""
    bought, rules, day = await past(purchase_id), book or await open_book(), other_day or clock.today()
    steps = [step for reader in READERS for step in await reader.steps_of(bought)]
    verdicts = reexamined(steps, rules.at(bought.place_code), rules.days, day)
    return Reexamination(tuple(verdicts), day, rules)


async def references(methods: Sequence[Method] = tuple(Method)) -> list[str]:
    """Return the purchases of some methods, the oldest first."""
    rows = await database.fetch(
        "SELECT reference FROM purchase WHERE method = ANY($1) ORDER BY id", [method.value for method in methods]
    )
    return [row["reference"] for row in rows]
