"""What a draft would have changed: sums by item, and how many people would have had more or less."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

DAYS = 90
"""How far back claims are priced again."""
SMALL_FEN, LARGE_FEN = 10_000, 50_000
BUCKETS = 7
"""Less by a lot, by some, by a little; the same; more by a little, by some, by a lot."""


@dataclass(frozen=True, slots=True)
class Priced:
    """One claim as it was priced, and as the draft would price it; ``after_fen`` is None where no line of it fits."""

    item: str
    person_id: int
    before_fen: int
    after_fen: int | None


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item: how many claims, what they cost, what they would have cost, and how many no line would have priced."""

    item: str
    count: int
    before_fen: int
    after_fen: int
    without: int

    @property
    def change_fen(self) -> int:
        """Return what the draft adds; below 0 it saves."""
        return self.after_fen - self.before_fen


@dataclass(frozen=True, slots=True)
class Replay:
    """What the draft would have changed over the period."""

    items: tuple[ItemChange, ...]
    people: tuple[int, ...]  # by bucket

    @property
    def before_fen(self) -> int:
        """Return what the claims cost."""
        return sum(item.before_fen for item in self.items)

    @property
    def after_fen(self) -> int:
        """Return what they would have cost."""
        return sum(item.after_fen for item in self.items)

    @property
    def count(self) -> int:
        """Return how many claims were priced again."""
        return sum(item.count for item in self.items)


def bucket(change_fen: int) -> int:
    """Return into which of the buckets a person's change falls."""
    size = abs(change_fen)
    if not size:
        return 3
    step = 1 if size < SMALL_FEN else 2 if size < LARGE_FEN else 3
    return 3 + step if change_fen > 0 else 3 - step


def compared(claims: Iterable[Priced]) -> Replay:
    """Sum claims by item and by person; a claim that no line fits counts as 0."""
    by_item: dict[str, list[Priced]] = defaultdict(list)
    by_person: dict[int, int] = defaultdict(int)
    for claim in claims:
        by_item[claim.item].append(claim)
        by_person[claim.person_id] += (claim.after_fen or 0) - claim.before_fen
    people = [0] * BUCKETS
    for change in by_person.values():
        people[bucket(change)] += 1
    items = tuple(
        ItemChange(
            item,
            len(priced),
            sum(one.before_fen for one in priced),
            sum(one.after_fen or 0 for one in priced),
            sum(one.after_fen is None for one in priced),
        )
        for item, priced in sorted(by_item.items())
    )
    return Replay(items, tuple(people))
