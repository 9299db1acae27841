"""How money that is given back in cash is recorded, confirmed or refused.

A deduction is made good by the next payment of its budget line; who receives nothing more from it gives it back. 财政
practice of 收回多付款: the bank statement's line is the document, and a second person compares it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_, Message
from procurement.separation import OnePersonOnMoney


class RepaymentStatus(StrEnum):
    """Where a repayment stands."""

    RECORDED = "recorded"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class RepaymentEvent(StrEnum):
    """What a second person says to it."""

    CONFIRM = "confirm"
    REFUSE = "refuse"


S, E = RepaymentStatus, RepaymentEvent
TRANSITIONS: dict[tuple[RepaymentStatus, RepaymentEvent], RepaymentStatus] = {
    (S.RECORDED, E.CONFIRM): S.CONFIRMED,
    (S.RECORDED, E.REFUSE): S.REFUSED,
}
STATUS_NAMES: Mapping[RepaymentStatus, str] = {
    S.RECORDED: N_("等待第二人确认"),
    S.CONFIRMED: N_("已确认到账"),
    S.REFUSED: N_("未确认"),
}


@dataclass(frozen=True, slots=True)
class Received:
    """What the bank statement says: how much came in, on which day, in which of its lines."""

    amount_fen: int
    received_on: date
    document: str


class NotOpen(DomainError):
    """The deduction is not approved, in a batch, or settled."""

    code, status, message = (
        "deduction_repayment_of_open",
        409,
        N_("这笔扣回还没有审核通过，或正在批次里，或已经结清，不能登记现金退回。请刷新页面。"),
    )


class NotWhole(DomainError):
    """A deduction is given back wholly: a part of it would leave a claim of another amount."""

    code, status = "deduction_repayment_whole", 422
    message = N_("现金退回要等于应扣回的全部金额。请核对银行流水，差额请收款人补齐后一并登记。")


class AlreadyRecorded(DomainError):
    """One repayment of a deduction at a time."""

    code, status, message = (
        "deduction_repayment_once",
        409,
        N_("这笔扣回已经登记过现金退回，不会重复登记。请刷新页面。"),
    )


class DocumentUsed(DomainError):
    """One line of a bank statement settles one deduction."""

    code, status, message = (
        "deduction_repayment_document_once",
        409,
        N_("同一天、同一金额的这条银行流水已经登记在另一笔扣回上。请核对流水号。"),
    )


class OnePersonRepays(OnePersonOnMoney):
    """Who recorded the money, or gave it back, does not confirm it."""

    reason = N_("现金退回由登记人和收款人以外的另一个人确认。")


def received_faults(received: Received, today: date) -> dict[str, Message]:
    """Name by field what is missing or cannot be."""
    faults = {}
    if not received.document.strip():
        faults["document"] = Message(N_("请填写银行流水号。"))
    if received.received_on > today:
        faults["received_on"] = Message(N_("到账日期不能晚于今天。"))
    if received.amount_fen <= 0:
        faults["amount"] = Message(N_("请填写到账金额。"))
    return faults
