"""What expenses there are, and what one needs: a day that is over, an amount, a reason, a receipt for each cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_, Message

PROGRAMME, ITEM = "expenses", "expense"
LATEST_DAYS = 366
"""A budget is a year's: what is older than a year has no line left to bear it."""
MOST_RECEIPTS = 20


class ExpenseKind(StrEnum):
    """What was paid for."""

    MEAL = "meal"
    TRAVEL = "travel"
    LODGING = "lodging"
    COPYING = "copying"
    OTHER = "other"


KIND_NAMES: Mapping[ExpenseKind, str] = {
    ExpenseKind.MEAL: N_("误餐费"),
    ExpenseKind.TRAVEL: N_("交通费"),
    ExpenseKind.LODGING: N_("住宿费"),
    ExpenseKind.COPYING: N_("复印费"),
    ExpenseKind.OTHER: N_("其他费用"),
}


class ReceiptUsed(DomainError):
    """A receipt is paid once, whoever brings it."""

    code, status, message = "receipt_used", 409, N_("这张票据已经报销过。")


class ReceiptMissing(DomainError):
    """An expense without a receipt is not paid."""

    code, status, message = "receipt_missing", 422, N_("请附上票据（照片或 PDF），最多 20 张。")


class NoBudgetLine(DomainError):
    """The place has no line for expenses in that year."""

    code, status, message = "no_budget_line", 409, N_("这个区县这一年没有误餐交通补助的预算，请联系区县司法局。")


@dataclass(frozen=True, slots=True)
class ExpenseDraft:
    """What somebody spent."""

    kind: ExpenseKind
    spent_on: date
    amount_fen: int
    reason_zh: str
    sign_up_id: int | None = None


def faults(draft: ExpenseDraft, today: date) -> dict[str, Message]:
    """Return what is wrong with an expense, by field."""
    found: dict[str, Message] = {}
    if draft.spent_on > today or draft.spent_on < today - timedelta(days=LATEST_DAYS):
        found["spent_on"] = Message(N_("日期要在最近一年以内，不能晚于今天。"))
    if draft.amount_fen <= 0:
        found["amount_fen"] = Message(N_("金额要大于 0。"))
    if not draft.reason_zh.strip():
        found["reason_zh"] = Message(N_("请写明为什么花了这笔钱。"))
    return found
