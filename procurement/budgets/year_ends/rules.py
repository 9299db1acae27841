"""What becomes of a budget line's money when its year is over.

预算法 第十八条: the budget year is the calendar year. 预算法 第四十二条: what is carried over (结转) is spent on what
it was carried for in the next year, and counts as left over (结余) once it was not used for so many years on end; what
is left over is taken back. Carried is what a contract binds, and what approved claims are still owed.
杭州市法律援助条例 第五条: donations are kept apart; they belong to their donors' purpose and never lapse. All in fen.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.money import yuan
from app.core.text import N_, Message, Words
from procurement.blocks import Block, Source
from procurement.budgets.rules import BUDGET_LAW_13, BUDGET_LAW_18, Amounts, Fund

BUDGET_LAW_42 = Source("预算法", "第42条", verified=False)
ACCOUNTING_LAW_11 = Source("会计法", "第11条")
LISTED = 2
"""Purchases without a contract that a refusal names; the sum is of all, and the page lists them."""


class ClosingStatus(StrEnum):
    """Where the closing of a year stands; without one the year is open."""

    PREPARED = "prepared"
    CLOSED = "closed"
    DROPPED = "dropped"


class Pot(StrEnum):
    """What holds money that was not spent: nothing, an approved claim, a contract."""

    FREE = "free"
    RESERVED = "reserved"
    COMMITTED = "committed"


class Fate(StrEnum):
    """What becomes of it."""

    CARRIED = "carried"
    LAPSED = "lapsed"


class Why(StrEnum):
    """Why it becomes that."""

    CONTRACT = "contract"
    CLAIM = "claim"
    DONATED = "donated"
    FREE = "free"
    TOO_OLD = "too_old"


@dataclass(frozen=True, slots=True)
class Held:
    """Money of a line that was not spent, by the contract's purchase or the claim that holds it."""

    pot: Pot
    fen: int
    origin_year: int
    purchase_id: int | None = None
    claim_id: int | None = None
    reference: str = ""
    title_zh: str = ""
    title_en: str = ""

    @property
    def named(self) -> Words:
        """Return what holds it by its name, and its reference, because two may have one name."""
        zh, en = self.title_zh, self.title_en or self.title_zh
        return Words(f"{zh}（{self.reference}）" if zh else self.reference, f"{en} ({self.reference})" if en else "")


@dataclass(frozen=True, slots=True)
class Item:
    """The same with what becomes of it, and why."""

    held: Held
    fate: Fate
    why: Why


@dataclass(frozen=True, slots=True)
class Judged:
    """What becomes of all that a line did not spend."""

    items: tuple[Item, ...]

    @property
    def lapsed(self) -> int:
        """Return what is taken back."""
        return self._sum(Fate.LAPSED)

    @property
    def carried(self) -> int:
        """Return what goes over into the next year."""
        return self._sum(Fate.CARRIED)

    def by_reason(self) -> dict[Why, tuple[int, int]]:
        """Return how many items there are for each reason and what they sum up to, in the reasons' own order."""
        found: dict[Why, tuple[int, int]] = {}
        for why in Why:
            of_reason = [item.held.fen for item in self.items if item.why is why]
            if of_reason:
                found[why] = (len(of_reason), sum(of_reason))
        return found

    def _sum(self, fate: Fate) -> int:
        return sum(item.held.fen for item in self.items if item.fate is fate)


def fate_of(held: Held, fund: Fund, year: int, carry_years: int) -> tuple[Fate, Why]:
    """Return what becomes of held money at the end of a year.

    What began in a year may go over ``carry_years`` times; after that it is left over, although something binds it.
    """
    if fund is Fund.DONATED:
        return Fate.CARRIED, Why.DONATED
    if held.pot is Pot.FREE:
        return Fate.LAPSED, Why.FREE
    if year - held.origin_year >= carry_years:
        return Fate.LAPSED, Why.TOO_OLD
    return Fate.CARRIED, Why.CONTRACT if held.pot is Pot.COMMITTED else Why.CLAIM


def judge(amounts: Amounts, fund: Fund, year: int, carry_years: int, bound: Sequence[Held]) -> Judged:
    """Return what becomes of a line that stands like this; ``bound`` is what contracts and claims hold of it."""
    free = [Held(Pot.FREE, amounts.left, year)] if amounts.left else []
    return Judged(tuple(Item(one, *fate_of(one, fund, year, carry_years)) for one in (*bound, *free)))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the year as a closing finds it; ``next_codes`` are those of its next year's line, if it has one."""

    id: int
    name: Words
    amounts: Amounts
    codes: tuple[str, str]
    next_codes: tuple[str, str] | None
    bound: tuple[Held, ...]
    undecided: tuple[Held, ...]  # reserved by purchases that have no contract yet

    @property
    def unexplained(self) -> int:
        """Return what is bound without a contract, a claim or a purchase that holds it."""
        amounts = self.amounts
        return amounts.reserved + amounts.committed - sum(one.fen for one in (*self.bound, *self.undecided))


def blocks(
    year: int, today: date, open_months: Sequence[date], open_years: Sequence[int], lines: Sequence[Line]
) -> list[Block]:
    """Name everything that stands in the way of closing a year."""
    found = []
    if today.year <= year:
        found.append(
            Block("year_still_runs", BUDGET_LAW_18, Message(N_("%(year)s 年还没有结束。"), {"year": str(year)}),
                  Message(N_("请在 %(day)s 以后办理。"), {"day": f"{year}-12-31"}), today.isoformat())
        )  # fmt: skip
    if open_months:
        months = [Words(f"{month:%Y-%m}") for month in open_months]
        found.append(
            Block("year_months_open", ACCOUNTING_LAW_11, Message(N_("这一年还有月份没有结账。")),
                  Message(N_("请先在账簿里逐月结账。")), _listed(months))
        )  # fmt: skip
    if open_years:
        found.append(
            Block("earlier_year_open", BUDGET_LAW_18, Message(N_("更早的年度还没有结转。")),
                  Message(N_("请按年度先后办理。")), _listed([Words(str(one)) for one in open_years]))
        )  # fmt: skip
    return [*found, *(block for line in lines for block in _line_blocks(line))]


def _line_blocks(line: Line) -> list[Block]:
    found = []
    if line.undecided:
        named = [one.named for one in line.undecided[:LISTED]]
        if line.undecided[LISTED:]:
            named.append(Words("…"))
        found.append(
            Block("purchase_undecided", BUDGET_LAW_13,
                  Message(N_("%(line)s：采购 %(reference)s 预留了金额，还没有签订合同。"),
                          {"line": line.name, "reference": _listed(named)}),
                  Message(N_("请先签订合同，或取消、终止采购。")), yuan(sum(one.fen for one in line.undecided)))
        )  # fmt: skip
    if line.unexplained:
        found.append(
            Block("budget_unexplained", BUDGET_LAW_13,
                  Message(N_("%(line)s：有占用的金额找不到对应的合同或申领。"), {"line": line.name}),
                  Message(N_("请在明细账里核对这条预算行。")), yuan(line.unexplained))
        )  # fmt: skip
    if line.next_codes and line.next_codes != line.codes:
        found.append(
            Block("next_line_codes", BUDGET_LAW_13,
                  Message(N_("%(line)s：下年预算行的科目和本年不同，结转不改变科目。"), {"line": line.name}),
                  Message(N_("请核对下年预算行的科目。")), " / ".join(line.next_codes))
        )  # fmt: skip
    return found


def _listed(names: Sequence[Words]) -> Message:
    zh, en = "、".join(one.zh for one in names), ", ".join(one.en or one.zh for one in names)
    return Message("%(all)s", {"all": Words(zh, en)})


def fingerprint(carry_years: int, judged: Mapping[int, tuple[Amounts, Judged]]) -> bytes:
    """Return what identifies the figures that one person prepared: the other closes these and no others."""
    said = [str(carry_years)]
    for line_id, (amounts, of_line) in sorted(judged.items()):
        said.append(f"{line_id} {amounts.approved} {amounts.spent} {amounts.closed}")
        said += sorted(
            f"{held.pot} {held.purchase_id} {held.claim_id} {held.origin_year} {fate} {held.fen}"
            for held, fate in ((one.held, one.fate) for one in of_line.items)
        )
    return hashlib.sha256("\n".join(said).encode()).digest()
