"""What a claim can wait for, in words that everybody reads, and the day on which it is paid next.

法律援助法 §52 has subsidies paid promptly: who waits is told why, and until when.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.calendar import Calendar
from app.core.text import N_
from procurement.claims.rewards.rules import expected_pay_day


class Waits(StrEnum):
    """Why a claim does not go on; those from ``short_of_money`` on leave it out of a run."""

    DOUBLE = "double"
    BUDGET_SHORT = "budget_short"
    DISPUTED = "disputed"
    SHORT_OF_MONEY = "short_of_money"
    ACCOUNT_RETURNED = "account_returned"
    CHALLENGED = "challenged"
    OFFICIAL = "official"
    SHARED_ACCOUNT = "shared_account"
    NOTHING_TO_DEDUCT_FROM = "nothing_to_deduct_from"
    REPAID = "repaid"
    IN_QUESTION = "in_question"


W = Waits
REASONS: Mapping[Waits, str] = {
    W.DOUBLE: N_("这件工作可能和另一件申领重复，区县判定以后才能审核。"),
    W.BUDGET_SHORT: N_("预算不足：本区县本年度这个项目的预算余额不够付这一件，追加预算后才能通过。"),
    W.DISPUTED: N_("有异议还没有答复，答复以后才继续。"),
    W.SHORT_OF_MONEY: N_("结算的可用额度不够，先通过的先付；额度到位后优先付款。"),
    W.ACCOUNT_RETURNED: N_("收款账户曾被银行退回，更正账户后才能付款。"),
    W.CHALLENGED: N_("所属采购正在处理质疑或投诉，处理完后再付。"),
    W.OFFICIAL: N_("收款人登记为公职人员，不领取补贴（财行〔2007〕179号）；身份有误的，更正后再付。"),
    W.SHARED_ACCOUNT: N_("收款账号与另一个人相同，区县核查是两个人以后再付。"),
    W.NOTHING_TO_DEDUCT_FROM: N_(
        "这一批次里没有足够的同项目补贴可以扣，从下一次付款里扣；不再有付款的，可以把钱退回，由区县财务登记。"
    ),
    W.REPAID: N_("本人已退回现金，等第二人确认到账，确认后结清。"),
    W.IN_QUESTION: N_("收款人身份或金额有疑问，核实后再付。"),
}
SETTLES_ITSELF = frozenset({W.SHORT_OF_MONEY, W.NOTHING_TO_DEDUCT_FROM})
"""What needs nobody to decide anything: the claim is in its turn in the next run."""


@dataclass(frozen=True, slots=True)
class LeftOutOf:
    """The latest run that left a claim out: its batch and day, why, and at which place of the line it waits."""

    batch: str
    day: date
    reason: Waits
    line: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Why a claim waits today, if for anything but its turn; the run that left it out; the day it is paid next."""

    reason: Waits | None
    left_out: LeftOutOf | None
    next_on: date | None

    @property
    def text(self) -> str:
        """Return the reason in words; empty where it waits for nothing but its turn."""
        return REASONS[self.reason] if self.reason else ""

    @property
    def conditional(self) -> bool:
        """Tell whether the day holds only once somebody has removed the reason."""
        return self.reason is not None and self.reason not in SETTLES_ITSELF


def next_pay_day(calendar: Calendar, accrued_on: date, left_out: LeftOutOf | None, today: date) -> date:
    """Return the next pay day of a claim: what a month's run left out waits for the pay day of the month after it."""
    return expected_pay_day(calendar, max(accrued_on, left_out.day) if left_out else accrued_on, today)
