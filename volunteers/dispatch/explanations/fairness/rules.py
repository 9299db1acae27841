"""How evenly minutes are spread over people, in figures that can be said in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

MOST_BINS = 12
WIDTHS = (60, 120, 300, 600, 1_200, 3_000, 6_000, 12_000)
"""Minutes that a bin may be wide."""
ENOUGH_PEOPLE = 10
"""With fewer people a volunteer's place would tell of the others."""
QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Quarter:
    """Three months of a year."""

    year: int
    number: int

    @property
    def first(self) -> date:
        """Return its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def next(self) -> "Quarter":
        """Return the quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        """Return the quarter before it."""
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)

    def __str__(self) -> str:
        """Return it as it stands in addresses."""
        return f"{self.year}-{self.number}"


@dataclass(frozen=True, slots=True)
class Bin:
    """People with at least ``least`` and fewer than ``below`` minutes."""

    least: int
    below: int
    people: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How some minutes are spread over ``people`` who did anything at all.

    ``top_share``: what the tenth who did most did of it all (the tenth rounded up); ``gini``: 0 if all did the same,
    towards 1 if one did everything.
    """

    people: int
    minutes: int
    least: int
    median: int
    most: int
    top_people: int
    top_share: float
    gini: float
    bins: tuple[Bin, ...]


def quarter_of(day: date) -> Quarter:
    """Return the quarter of a day."""
    return Quarter(day.year, (day.month + 2) // 3)


def last_quarters(today: date) -> list[Quarter]:
    """Return this quarter and those before it, the latest first."""
    found = [quarter_of(today)]
    while len(found) < QUARTERS:
        found.append(found[-1].previous)
    return found


def spread(minutes: Sequence[int]) -> Spread | None:
    """Return how the minutes of each person are spread; None if nobody did anything."""
    ordered = sorted(amount for amount in minutes if amount > 0)
    if not ordered:
        return None
    number, total = len(ordered), sum(ordered)
    top = -(-number // 10)
    weighted = sum(place * amount for place, amount in enumerate(ordered, start=1))
    return Spread(
        people=number,
        minutes=total,
        least=ordered[0],
        median=(ordered[(number - 1) // 2] + ordered[number // 2]) // 2,
        most=ordered[-1],
        top_people=top,
        top_share=sum(ordered[-top:]) / total,
        gini=(2 * weighted - (number + 1) * total) / (number * total),
        bins=_bins(ordered),
    )


def bin_of(bins: Sequence[Bin], minutes: int) -> int | None:
    """Return in which bin so many minutes lie."""
    return next((place for place, one in enumerate(bins) if one.least <= minutes < one.below), None)


def percent_below(minutes: Sequence[int], mine: int) -> int | None:
    """Return how many in a hundred did less; None where they are too few to say so."""
    others = [amount for amount in minutes if amount > 0]
    if len(others) < ENOUGH_PEOPLE:
        return None
    return 100 * sum(amount < mine for amount in others) // len(others)


def _bins(ordered: Sequence[int]) -> tuple[Bin, ...]:
    most = ordered[-1]
    width = next((width for width in WIDTHS if most < width * MOST_BINS), -(-(most + 1) // MOST_BINS))
    counts = [0] * (most // width + 1)
    for amount in ordered:
        counts[amount // width] += 1
    return tuple(Bin(place * width, (place + 1) * width, people) for place, people in enumerate(counts))
