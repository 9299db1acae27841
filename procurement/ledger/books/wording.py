"""Accounts and entries in words."""

from app.core.text import N_
from procurement.ledger.rules import EntryKind

GROUPS = {
    "treasury": N_("国库账户"),
    "expense": N_("预算支出"),
    "payable": N_("应付收款人"),
    "clearing": N_("结算中转"),
    "tax": N_("代扣个税"),
    "yearend": N_("年终结转"),
    "lapsed": N_("结余收回"),
    "donated": N_("捐赠资金"),
}
"""The groups of accounts by the first word of their names, in the order in which money moves back to front."""

ENTRY_NAMES = {
    EntryKind.ACCRUAL: N_("审核通过，确认应付"),
    EntryKind.INSTRUCTION: N_("批次复核，转入中转"),
    EntryKind.PAYOUT: N_("付款"),
    EntryKind.RETURN: N_("银行退回"),
    EntryKind.REVERSAL: N_("冲正"),
    EntryKind.LAPSE: N_("结余收回"),
    EntryKind.CARRY_OVER: N_("结转到下年"),
    EntryKind.GIFT: N_("收到捐赠"),
    EntryKind.GIFT_REFUND: N_("捐赠退款"),
    EntryKind.GIFT_DISPUTE: N_("捐赠争议"),
    EntryKind.GATEWAY_PAYOUT: N_("支付平台转入银行"),
    EntryKind.GATEWAY_FEE: N_("支付平台收费"),
    EntryKind.GATEWAY_OTHER: N_("支付平台其他变动"),
    EntryKind.FUND_USE: N_("基金支出"),
}


def group_of(handle: str) -> str:
    """Return the group an account belongs to."""
    return handle.split(":", 1)[0]
