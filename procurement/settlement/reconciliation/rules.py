"""When a batch is reconciled, and how old what is open is. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.core.text import N_, Message

AGES: tuple[tuple[int, int | None], ...] = ((0, 7), (8, 30), (31, 60), (61, 90), (91, None))
"""Days from and to, both included; the last has no end."""


@dataclass(frozen=True, slots=True)
class Sums:
    """A paid batch in fen, before tax: every payment is just one of confirmed, returned and unanswered."""

    sent_fen: int
    confirmed_fen: int
    returned_fen: int
    again_fen: int  # of what was returned: paid again in a later batch
    clearing_fen: int  # the balance of the batch's clearing account

    @property
    def unanswered_fen(self) -> int:
        """Return what the bank has said nothing about."""
        return self.sent_fen - self.confirmed_fen - self.returned_fen

    @property
    def waiting_fen(self) -> int:
        """Return what came back and has not been paid again."""
        return self.returned_fen - self.again_fen

    @property
    def open_fen(self) -> int:
        """Return what somebody still has to see to; zero when the batch is reconciled."""
        return self.unanswered_fen + self.waiting_fen + abs(self.clearing_fen)

    @property
    def reconciled(self) -> bool:
        """Tell whether nothing is open."""
        return self.open_fen == 0


def age_of(days: int) -> int:
    """Return the number of the bucket that an age in days falls into."""
    return next(place for place, (_, last) in enumerate(AGES) if last is None or days <= last)


def age_names() -> list[Message]:
    """Return the buckets in words, youngest first."""
    return [
        Message(N_("%(first)s–%(last)s 天"), {"first": first, "last": last})
        if last is not None
        else Message(N_("%(first)s 天以上"), {"first": first - 1})
        for first, last in AGES
    ]


def by_age(amounts: Iterable[tuple[int, int]]) -> Sequence[int]:
    """Add (days, fen) up by bucket."""
    found = [0] * len(AGES)
    for days, fen in amounts:
        found[age_of(days)] += fen
    return found
