"""A year's end in words: where it stands, and line by line what becomes of the money and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.money import yuan
from app.core.text import N_, Message
from app.web.components import Tag
from procurement.budgets.queries import LineView
from procurement.budgets.rules import Amounts, Fund
from procurement.budgets.year_ends.figures import LineEnd
from procurement.budgets.year_ends.queries import ClosedLine
from procurement.budgets.year_ends.rules import ClosingStatus, Judged, Why

TAGS: Mapping[ClosingStatus | None, Tag] = {
    None: Tag("wait", N_("还没有结转")),
    ClosingStatus.PREPARED: Tag("need", N_("等另一人办理")),
    ClosingStatus.CLOSED: Tag("done", N_("已结转")),
}
STILL_RUNS = Tag("off", N_("年度还没有结束"))
REASONS: Mapping[Why, str] = {
    Why.CONTRACT: N_("%(amount)s 由 %(count)s 份合同占用，结转到 %(next)s 年继续支付。"),
    Why.CLAIM: N_("%(amount)s 是 %(count)s 笔已审核、还没有支付的申领，结转到 %(next)s 年支付。"),
    Why.DONATED: N_("%(amount)s 是捐赠资金，属于捐赠人的用途，全部结转，不收回。"),
    Why.FREE: N_("%(amount)s 没有签约，也没有应付的款项，作为结余收回。"),
    Why.TOO_OLD: N_("%(amount)s 虽有合同或申领占用，但已连续结转到期仍未用完，作为结余收回。"),
}
SPENT_OUT = N_("已全部支付，没有结余。")
EMPTY = N_("没有批准预算，也没有结余。")


@dataclass(frozen=True, slots=True)
class Row:
    """A line as the page shows it, before and after the closing."""

    path: str
    programme_zh: str
    programme_en: str
    codes: str
    fund: Fund
    approved_fen: int
    spent_fen: int
    judged: Judged
    year: int

    @property
    def reasons(self) -> Sequence[Message]:
        """Return one sentence for each reason."""
        found = [
            Message(REASONS[why], {"amount": yuan(fen), "count": count, "next": str(self.year + 1)})
            for why, (count, fen) in self.judged.by_reason().items()
        ]
        return found or [Message(SPENT_OUT if self.approved_fen else EMPTY)]


def row_of(end: LineEnd) -> Row:
    """Return an open line with what would become of it."""
    view, money = end.view, end.view.amounts
    return _row(view.path, view, money, end.judged)


def closed_row(line: ClosedLine) -> Row:
    """Return a closed line with what became of it."""
    money = Amounts(line.approved_fen, spent=line.spent_fen, closed=line.judged.lapsed + line.judged.carried)
    return _row(f"/buying/budgets/{line.year}/{line.place_code}/{line.programme}", line, money, line.judged)


def _row(path: str, line: ClosedLine | LineView, money: Amounts, judged: Judged) -> Row:
    return Row(
        path, line.programme_zh, line.programme_en, f"{line.functional_code} / {line.economic_code}", line.fund,
        money.approved, money.spent, judged, line.year,
    )  # fmt: skip
