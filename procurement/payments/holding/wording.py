"""A contract's money in words: the advance, the one who has to act, the parts of the bar."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from app.core import clock
from app.core.money import yuan
from app.core.text import N_, Message
from app.web.components import Tag
from app.web.filters import day as day_text
from app.web.filters import local_time, localized
from procurement.claims.rules import ClaimStatus
from procurement.payments.holding.queries import Advance, Money
from procurement.payments.holding.rules import OWN, Step, Wait
from procurement.payments.nudges.queries import NudgeView
from procurement.payments.rules import reached_at

PART_NAMES: Mapping[str, str] = {
    "paid": N_("已付"),
    "batched": N_("结算中"),
    "approved": N_("已审核"),
    "claimed": N_("待审核"),
    "accepted": N_("已验收，未申领"),
    "rest": N_("未完成"),
}

STEP_NAMES: Mapping[Step, str] = {
    Step.ACCEPTANCE: N_("验收"),
    Step.APPROVAL: N_("补贴审核"),
    Step.BATCHING: N_("结算核算"),
    Step.CHECKING: N_("批次复核"),
    Step.PAYING: N_("出纳付款"),
}

_ADVANCE: Mapping[ClaimStatus, str] = {
    ClaimStatus.ACCRUED: N_("预付 %(percent)s%% 待审核"),
    ClaimStatus.HELD: N_("预付 %(percent)s%% 暂缓"),
    ClaimStatus.RETURNED: N_("预付 %(percent)s%% 被退回"),
    ClaimStatus.APPROVED: N_("预付 %(percent)s%% 已审核"),
    ClaimStatus.BATCHED: N_("预付 %(percent)s%% 结算中"),
    ClaimStatus.PAID: N_("预付 %(percent)s%% 已到账（%(day)s）"),
    ClaimStatus.RETURNED_BY_BANK: N_("预付 %(percent)s%% 被银行退回"),
    ClaimStatus.REJECTED: N_("预付 %(percent)s%% 未通过"),
    ClaimStatus.REVERSED: N_("预付 %(percent)s%% 已冲正"),
}


def days_waited(since: datetime | None, today: date) -> int:
    """Return for how many days something waits; what is still to come waits for none."""
    return max(0, (today - clock.local(since).date()).days) if since else 0


def advance_said(advance: Advance) -> Message | None:
    """Say how far the advance is; None where none was agreed on."""
    if not advance.percent:
        return None
    if advance.returned_fen:
        return Message(N_("未冲抵的预付款 %(amount)s 已退回"), {"amount": yuan(advance.returned_fen)})
    if advance.status is None:
        return Message(N_("预付 %(percent)s%%，签署后申领"), {"percent": advance.percent})
    day = day_text(clock.local(advance.since).date()) if advance.since else ""
    return Message(_ADVANCE[advance.status], {"percent": advance.percent, "day": day})


def holder_said(money: Money) -> Message:
    """Say who has to act next, where, and for how long they have held it."""
    held = money.holder
    return _HOLDERS[held.step](held, money)


def holder_tag(held: Wait, *, own: bool) -> Tag:
    """Return the sign of the step: vermilion where it is the reader's own."""
    if held.step is Step.NOBODY:
        return Tag("done", N_("没有等待"))
    if held.step in OWN:
        return Tag("need", N_("轮到你")) if own else Tag("wait", N_("等服务机构"))
    if held.step in STEP_NAMES:
        return Tag("wait", STEP_NAMES[held.step])
    return Tag("info", N_("进行中"))


def nudged_for(nudge: NudgeView) -> Message:
    """Say on the workbench what somebody waits for."""
    return Message(
        N_("%(organization)s催办：%(step)s，已等 %(days)s 天"),
        {
            "organization": localized(nudge, "organization"),
            "step": Message(STEP_NAMES[Step(nudge.step)]),
            "days": days_waited(nudge.waiting_since, clock.today()),
        },
    )


def _held(text: str) -> Callable[[Wait, Money], Message]:
    """Say a wait at an office: its place, its batch, and for how many days."""

    def said(held: Wait, _: Money) -> Message:
        days = days_waited(held.since, clock.today())
        said_days = {0: Message(N_("今天刚到")), 1: Message(N_("已 1 天"))}
        span = said_days.get(days) or Message(N_("已 %(days)s 天"), {"days": days})
        return Message(
            text,
            {"place": localized(held, "place"), "reference": held.reference, "span": span, "amount": yuan(held.fen)},
        )

    return said


def _delivery(held: Wait, _: Money) -> Message:
    return Message(N_("等服务机构按约服务：%(time)s"), {"time": local_time(held.since) if held.since else ""})


def _milestone(held: Wait, money: Money) -> Message:
    standing, reached = money.standing, money.accepted + held.units
    percent = next(goal for goal in standing.milestones if reached_at(standing.quantity, goal) == reached)
    return Message(N_("再验收 %(units)s 次达到 %(percent)s%%，合并付款"), {"units": held.units, "percent": percent})


def _orders(held: Wait, _: Money) -> Message:
    return Message(N_("等村社点单，还可以点 %(units)s 次"), {"units": held.units})


def _plain(text: str) -> Callable[[Wait, Money], Message]:
    return lambda held, _: Message(text, {"amount": yuan(held.fen), "reference": held.reference})


_HOLDERS: Mapping[Step, Callable[[Wait, Money], Message]] = {
    Step.SIGNATURE: _held(N_("等服务机构签署合同，%(span)s")),
    Step.ANSWER: _held(N_("等服务机构接单：%(reference)s，%(span)s")),
    Step.DELIVERY: _delivery,
    Step.PROOFS: _held(N_("等服务机构交凭证：%(reference)s，%(span)s")),
    Step.RECTIFICATION: _held(N_("等服务机构整改：%(reference)s，%(span)s")),
    Step.ACCEPTANCE: _held(N_("等%(place)s验收，%(span)s")),
    Step.ACCRUAL: _plain(N_("系统正在生成申领，一分钟内完成")),
    Step.CORRECTION: _held(N_("申领 %(reference)s 被退回，等服务机构更正，%(span)s")),
    Step.APPROVAL: _held(N_("%(amount)s 等%(place)s司法局审核，%(span)s")),
    Step.BATCHING: _held(N_("%(amount)s 已通过，等%(place)s司法局列入批次，%(span)s")),
    Step.CHECKING: _held(N_("%(amount)s 在批次 %(reference)s，等复核，%(span)s")),
    Step.PAYING: _held(N_("%(amount)s 在批次 %(reference)s，等出纳付款，%(span)s")),
    Step.ACCOUNT: _held(N_("银行退回 %(amount)s：请服务机构更正收款账户，%(span)s")),
    Step.MILESTONE: _milestone,
    Step.ORDERS: _orders,
    Step.GIVE_BACK: _plain(N_("合同已结束，应退预付款 %(amount)s")),
    Step.STOPPED: _held(N_("采购有质疑或投诉正在处理，暂停履约和付款，%(span)s")),
    Step.NOBODY: _plain(N_("没有等待的款项")),
}
