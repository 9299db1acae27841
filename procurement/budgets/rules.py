"""Fiscal money: an appropriation is set aside, then bound, then spent, and never more than was approved.

采购法 §6, §33 and 预算法 §13: no purchase and no payment beyond the approved budget; 预算法 §18: the budget year is
the calendar year. A line's amounts are the sum of its movements.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from app.core.money import yuan
from app.core.text import N_, Message
from procurement.blocks import Block, Source

BUDGET_LAW_13 = Source("预算法", "第13条")
BUDGET_LAW_18 = Source("预算法", "第18条")
PROCUREMENT_LAW_6 = Source("政府采购法", "第6条")

FUNCTIONAL_CODE = re.compile(r"\d{7}")  # 支出功能分类: 类、款、项
ECONOMIC_CODE = re.compile(r"\d{5}")  # 支出经济分类: 类、款


class Fund(StrEnum):
    """Whose money a line holds: 条例 §2 keeps the two apart, and they are never added up."""

    FISCAL = "fiscal"
    DONATED = "donated"


class MovementKind(StrEnum):
    """What a movement does to its line."""

    APPROPRIATE = "appropriate"
    RESERVE = "reserve"
    COMMIT = "commit"
    SPEND = "spend"
    RELEASE = "release"
    RETURN = "return"
    LAPSE = "lapse"  # from here on: the end of the year
    CARRY_OUT = "carry_out"
    CARRY_IN = "carry_in"


class Pot(StrEnum):
    """Where money waits between the appropriation and the payment."""

    RESERVED = "reserved"
    COMMITTED = "committed"


@dataclass(frozen=True, slots=True)
class Amounts:
    """The amounts of a budget line in fen, or what a movement adds to them."""

    approved: int = 0
    reserved: int = 0
    committed: int = 0
    spent: int = 0
    closed: int = 0  # what the end of the year took out: lapsed, or carried into the next year's line

    @property
    def bound(self) -> int:
        """Return what is no longer free."""
        return self.reserved + self.committed + self.spent

    @property
    def left(self) -> int:
        """Return what may still be reserved."""
        return self.approved - self.bound - self.closed

    @property
    def possible(self) -> bool:
        """Tell whether a line may stand like this."""
        return min(self.approved, self.reserved, self.committed, self.spent, self.closed, self.left) >= 0

    def __add__(self, other: "Amounts") -> "Amounts":
        """Add what a movement changes."""
        return Amounts(
            self.approved + other.approved,
            self.reserved + other.reserved,
            self.committed + other.committed,
            self.spent + other.spent,
            self.closed + other.closed,
        )


@dataclass(frozen=True, slots=True)
class MoneySource:
    """The row that asked for a movement: its table and id. It asks for each kind once."""

    type: str
    id: int


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry of a budget line's book; made by the functions below, which keep its direction right."""

    line_id: int
    kind: MovementKind
    change: Amounts
    source: MoneySource


def appropriate(line_id: int, fen: int, source: MoneySource) -> Movement:
    """Return an appropriation, or a cut where ``fen`` is negative."""
    return Movement(line_id, MovementKind.APPROPRIATE, Amounts(approved=fen), source)


def reserve(line_id: int, fen: int, source: MoneySource) -> Movement:
    """Return the setting aside of free money."""
    return Movement(line_id, MovementKind.RESERVE, Amounts(reserved=fen), source)


def commit(line_id: int, fen: int, source: MoneySource) -> Movement:
    """Return the binding of reserved money by a contract."""
    return Movement(line_id, MovementKind.COMMIT, Amounts(reserved=-fen, committed=fen), source)


def spend(line_id: int, fen: int, source: MoneySource, out_of: Pot) -> Movement:
    """Return a payment out of what was reserved or committed for it."""
    return Movement(line_id, MovementKind.SPEND, _into(out_of, -fen, spent=fen), source)


def release(line_id: int, fen: int, source: MoneySource, out_of: Pot) -> Movement:
    """Return the freeing of money that is no longer needed."""
    return Movement(line_id, MovementKind.RELEASE, _into(out_of, -fen), source)


def give_back(line_id: int, fen: int, source: MoneySource, into: Pot) -> Movement:
    """Return the undoing of a payment that the bank sent back; the money waits again where it came from."""
    return Movement(line_id, MovementKind.RETURN, _into(into, fen, spent=-fen), source)


def lapse(line_id: int, held: Amounts, source: MoneySource) -> Movement:
    """Return that the end of the year takes free or bound money back."""
    return Movement(line_id, MovementKind.LAPSE, _closed(held), source)


def carry(line_id: int, onto: int, held: Amounts, source: MoneySource) -> tuple[Movement, Movement]:
    """Return that money goes over into the next year's line, where it waits as it did: out of one, into the other."""
    arrives = Amounts(held.approved, held.reserved, held.committed)
    return (
        Movement(line_id, MovementKind.CARRY_OUT, _closed(held), source),
        Movement(onto, MovementKind.CARRY_IN, arrives, source),
    )


def _closed(held: Amounts) -> Amounts:
    return Amounts(reserved=-held.reserved, committed=-held.committed, closed=held.approved)


def brought_back(line_id: int, returned: Movement) -> Movement:
    """Return what arrives in a line for money that was spent on a closed one: that line stays as it was closed."""
    waits = returned.change
    change = Amounts(waits.reserved + waits.committed, waits.reserved, waits.committed)
    return Movement(line_id, MovementKind.RETURN, change, returned.source)


def _into(pot: Pot, fen: int, spent: int = 0) -> Amounts:
    if pot is Pot.RESERVED:
        return Amounts(reserved=fen, spent=spent)
    return Amounts(committed=fen, spent=spent)


def appropriation_blocks(standing: Amounts) -> list[Block]:
    """Name what is wrong with a line that stands like this after something was set aside of it."""
    if standing.left >= 0:
        return []
    return [
        Block(
            "budget_exceeded",
            BUDGET_LAW_13,
            Message(N_("预留的金额超过了批准的预算。")),
            Message(N_("请减少数量，或先追加预算。")),
            yuan(standing.approved),
        )
    ]


def line_blocks(functional_code: str, economic_code: str, year: int, this_year: int) -> list[Block]:
    """Name what is wrong with a line that somebody wants to open."""
    found = []
    if not FUNCTIONAL_CODE.fullmatch(functional_code) or not ECONOMIC_CODE.fullmatch(economic_code):
        found.append(
            Block(
                "budget_line_classification",
                BUDGET_LAW_13,
                Message(N_("预算科目编码不完整。")),
                Message(N_("功能分类填7位，经济分类填5位数字。")),
                f"{functional_code} / {economic_code}",
            )
        )
    if not this_year - 1 <= year <= this_year + 1:
        found.append(
            Block(
                "budget_line_year",
                BUDGET_LAW_18,
                Message(N_("预算年度是公历年度，只能编制上年、本年和下年。")),
                Message(N_("请改选年度。")),
                str(year),
            )
        )
    return found
