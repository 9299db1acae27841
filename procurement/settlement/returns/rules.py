"""What makes the record of a returned payment complete."""

from dataclasses import dataclass
from datetime import date

from app.core.text import N_, Message


@dataclass(frozen=True, slots=True)
class BankReturn:
    """What the bank says: which line of its file came back, why, when, by which voucher."""

    line: int  # from 1
    reason: str
    returned_on: date
    document: str


def return_faults(returned: BankReturn, paid_on: date, today: date) -> dict[str, Message]:
    """Name by field what is missing or cannot be."""
    faults = {}
    if not returned.reason.strip():
        faults["reason"] = Message(N_("请填写银行的退回原因，收款人会看到。"))
    if not returned.document.strip():
        faults["document"] = Message(N_("请填写银行的退回单号。"))
    if not paid_on <= returned.returned_on <= today:
        faults["returned_on"] = Message(N_("退回日期应在付款当天到今天之间。"))
    return faults
