"""How a contract is paid, as agreed; and what each accepted unit brings after the advance is offset.

条例 §51: the buyer pays as the contract says. Nothing is paid before acceptance but the advance; it is offset at
acceptance, exact to the fen.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.core.text import N_, Message
from procurement.blocks import Block, Figure, Source, house

WHOLE = 100
PAYING, AS_AGREED = house(N_("付款方式")), Source("政府采购法实施条例", "第51条")
MOST_MILESTONES = 5


@dataclass(frozen=True, slots=True)
class PaymentTerms:
    """An advance in percent of the price, and milestones in percent of the units; none: each unit once accepted."""

    advance_percent: int = 0
    milestones: tuple[int, ...] = ()

    def advance_fen(self, amount_fen: int) -> int:
        """Return the advance on a price; a part of a fen is not advanced."""
        return amount_fen * self.advance_percent // WHOLE


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a contract is accepted and claimed, and what of its advance is left to offset; fen and units."""

    quantity: int
    price_fen: int
    milestones: tuple[int, ...] = ()
    made: frozenset[int] = frozenset()  # milestones that are claimed
    claimed: int = 0  # accepted units that a claim carries
    waiting: int = 0  # accepted units that none carries yet
    advance_fen: int = 0
    offset_fen: int = 0
    ended: bool = False

    @property
    def unearned_fen(self) -> int:
        """Return what of the advance no unit has earned yet."""
        return self.advance_fen - self.offset_fen


@dataclass(frozen=True, slots=True)
class Group:
    """So many units that are claimed as one: at a milestone, or at the contract's end (``percent`` is None)."""

    percent: int | None
    units: int


def terms_blocks(terms: PaymentTerms, most: Figure | None) -> list[Block]:
    """Name what is wrong with terms that somebody offers; ``most`` is asked for only where there is an advance."""
    return [*_advance_blocks(terms, most), *_milestone_blocks(terms)]


def _advance_blocks(terms: PaymentTerms, most: Figure | None) -> Iterable[Block]:
    if terms.advance_percent < 0 or (most and terms.advance_percent > most.value):
        yield Block(
            "advance_too_large",
            most.source if most else PAYING,
            Message(N_("预付款比例为0%%到%(most)s%%。"), {"most": most.value if most else 0}),
            Message(N_("请降低预付款比例。")),
            most.said if most else "0",
        )


def _milestone_blocks(terms: PaymentTerms) -> Iterable[Block]:
    found = terms.milestones
    rising = all(one < other for one, other in pairwise(found))
    if found and not (rising and found[0] >= 1 and found[-1] == WHOLE and len(found) <= MOST_MILESTONES):
        yield Block(
            "milestones_not_rising",
            PAYING,
            Message(
                N_("付款节点按验收数量的百分比从小到大填写，最后一个是100，最多%(most)s个。"), {"most": MOST_MILESTONES}
            ),
            Message(N_("例如“50, 100”；留空表示每次验收后付款。")),
            ", ".join(map(str, found)),
        )


def shares(left_fen: int, units_left: int, count: int, price_fen: int) -> list[int]:
    """Return how much of the advance each of the next ``count`` units takes off its price.

    Equal shares by largest remainder: over all ``units_left`` they sum to ``left_fen``, the first units bear the
    fen that do not divide. No unit takes more than its price.
    """
    if not left_fen or not count:
        return [0] * count
    even, over = divmod(left_fen, max(units_left, count))
    return [min(price_fen, even + (number < over)) for number in range(count)]


def groups(standing: Standing) -> list[Group]:
    """Return which waiting units are due together now, in the order of acceptance; by unit, each is a group."""
    if not standing.milestones:
        return [Group(None, 1)] * standing.waiting
    found, done, accepted = [], standing.claimed, standing.claimed + standing.waiting
    for percent in standing.milestones:
        last = reached_at(standing.quantity, percent)
        if done < last <= accepted and percent not in standing.made:
            found.append(Group(percent, last - done))
            done = last
    if standing.ended and done < accepted:
        found.append(Group(None, accepted - done))
    return found


def reached_at(quantity: int, percent: int) -> int:
    """Return with how many accepted units a milestone is reached."""
    return -(-quantity * percent // WHOLE)


def offsets(standing: Standing, due: Sequence[Group]) -> list[list[int]]:
    """Return the share of the advance of every unit of the groups."""
    count = sum(group.units for group in due)
    every = shares(standing.unearned_fen, standing.quantity - standing.claimed, count, standing.price_fen)
    found, start = [], 0
    for group in due:
        found.append(every[start : start + group.units])
        start += group.units
    return found
