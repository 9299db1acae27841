"""How budgets look: words of movements and the sign of a proposal."""

from collections.abc import Mapping
from typing import Protocol

from app.core.text import N_
from app.web.components import Tag
from procurement.budgets.rules import Amounts, Fund, MovementKind

KIND_NAMES: Mapping[MovementKind, str] = {
    MovementKind.APPROPRIATE: N_("下达"),
    MovementKind.RESERVE: N_("预留"),
    MovementKind.COMMIT: N_("签约占用"),
    MovementKind.SPEND: N_("支付"),
    MovementKind.RELEASE: N_("释放"),
    MovementKind.RETURN: N_("退回"),
    MovementKind.LAPSE: N_("结余收回"),
    MovementKind.CARRY_OUT: N_("结转到下年"),
    MovementKind.CARRY_IN: N_("上年结转"),
}
FUND_NAMES: Mapping[Fund, str] = {Fund.FISCAL: N_("财政资金"), Fund.DONATED: N_("捐赠资金")}
PROPOSAL_TAGS: Mapping[str, Tag] = {
    "proposed": Tag("wait", N_("待审批")),
    "approved": Tag("done", N_("已下达")),
    "refused": Tag("need", N_("已退回")),
}
SOURCE_NAMES: Mapping[str, str] = {
    "purchase": N_("采购"),
    "purchase_award": N_("确定供应商"),
    "tender_award": N_("确定供应商"),
    "quotation_comparison": N_("比价"),
    "contract_amendment": N_("合同变更"),
    "advance_return": N_("退回预付款"),
    "deduction_repayment": N_("收款人退回现金"),
    "claim": N_("补贴申领"),
    "approval_withdrawal": N_("撤回审核通过"),
    "settlement_item": N_("银行退回与重付"),
    "appropriation": N_("预算下达"),
    "budget_adjustment": N_("预算调剂"),
    "year_closing_item": N_("年终结转"),
}


class Booked(Protocol):
    """What a posting is named by."""

    @property
    def kind(self) -> str: ...
    @property
    def source_type(self) -> str: ...
    @property
    def change(self) -> Amounts: ...


def posting_name(row: Booked) -> str:
    """Return what a posting is called: money may arrive by its document, by an adjustment, or be cut."""
    if row.source_type == "budget_adjustment":
        return N_("调剂调出") if row.change.approved < 0 else N_("调剂调入")
    if row.change.approved < 0:
        return N_("调减")
    return KIND_NAMES[MovementKind(row.kind)]
