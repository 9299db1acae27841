"""What follows from somebody's answers to offers: a kind that they nearly always refuse is not preferred for them.

Few answers say little, so each rate is taken as if two of four earlier offers had been accepted: without any answer it
is one half, and with a floor of 30 in a hundred it takes three refusals in a row, of one kind, to be spared that kind.
"""

from collections.abc import Iterable
from dataclasses import dataclass

EARLIER_OFFERS, EARLIER_YES = 4, 2


@dataclass(frozen=True, slots=True)
class Answers:
    """How many offers of a kind were answered, and how many of them with yes."""

    kind: str
    offers: int
    accepted: int

    @property
    def percent(self) -> int:
        """Return the shrunk rate, rounded down."""
        return 100 * (self.accepted + EARLIER_YES) // (self.offers + EARLIER_OFFERS)


def spared(answers: Iterable[Answers], floor: int) -> frozenset[str]:
    """Return the kinds that are accepted less often than the floor; a floor of 0 spares nobody anything."""
    return frozenset(one.kind for one in answers if one.offers and one.percent < floor)


def preferred(stated: tuple[str, ...], spared_kinds: frozenset[str], every_kind: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds preferred for somebody; no kind is left out if none would be left."""
    if not spared_kinds:
        return stated
    left = tuple(kind for kind in (stated or every_kind) if kind not in spared_kinds)
    return left or stated
