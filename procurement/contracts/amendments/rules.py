"""Supplements to a contract: the same service at the same price, a tenth of it at most; or a longer term.

采购法 §49: supplements of the same object, all together within 10 per cent of the contract's price, other terms
unchanged. §50: neither party changes a contract alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.text import N_, Message
from procurement.blocks import Block, Figure, Source
from procurement.budgets.rules import BUDGET_LAW_18
from procurement.contracts.rules import DATES
from procurement.frameworks.rules import years_later

SUPPLEMENTS, BY_BOTH = Source("政府采购法", "第49条"), Source("政府采购法", "第50条")


class AmendmentStatus(StrEnum):
    """From the buyer's proposal to the contract's new terms."""

    PROPOSED = "proposed"  # with the buyer's signature
    AGREED = "agreed"  # and the provider's
    IN_FORCE = "in_force"  # approved by a second person of the buyer
    DECLINED = "declined"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class AmendmentEvent(StrEnum):
    """What moves an amendment."""

    AGREE = "agree"
    DECLINE = "decline"
    APPROVE = "approve"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


S, E = AmendmentStatus, AmendmentEvent
TRANSITIONS: dict[tuple[AmendmentStatus, AmendmentEvent], AmendmentStatus] = {
    (S.PROPOSED, E.AGREE): S.AGREED,
    (S.PROPOSED, E.DECLINE): S.DECLINED,
    (S.PROPOSED, E.WITHDRAW): S.WITHDRAWN,
    (S.AGREED, E.APPROVE): S.IN_FORCE,
    (S.AGREED, E.REFUSE): S.REFUSED,
    (S.AGREED, E.WITHDRAW): S.WITHDRAWN,
}
STATUS_NAMES: Mapping[AmendmentStatus, str] = {
    S.PROPOSED: N_("待服务机构同意"),
    S.AGREED: N_("待另一人审批"),
    S.IN_FORCE: N_("已生效"),
    S.DECLINED: N_("服务机构不同意"),
    S.REFUSED: N_("未批准"),
    S.WITHDRAWN: N_("已撤回"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How a contract stands when it is to be amended."""

    delivering: bool
    quantity: int  # as first signed: the share is counted from it
    added: int  # by the amendments in force
    starts_on: date
    ends_on: date
    budget_year: int


@dataclass(frozen=True, slots=True)
class Change:
    """Units to add, or a new last day; one matter at a time."""

    added: int = 0
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """The figures of law that an amendment is judged by."""

    share: Figure  # per cent of the contract's price
    term: Figure  # years that a contract may run


def most_added(quantity: int, share: Figure) -> int:
    """Return how many units all supplements together may add."""
    return quantity * share.value // 100


def change_faults(change: Change, reason_zh: str) -> dict[str, Message]:
    """Say which part of a proposal is missing, by field."""
    fields = {}
    if change.added < 0 or (not change.added and change.ends_on is None):
        fields["added"] = Message(N_("请填写增加的数量，或新的截止日期。"))
    if change.added and change.ends_on is not None:
        fields["ends_on"] = Message(N_("数量和期限请分两次变更。"))
    if not reason_zh.strip():
        fields["reason_zh"] = Message(N_("请写明变更的理由。"))
    return fields


def amendment_blocks(standing: Standing, change: Change, limits: Limits, today: date) -> list[Block]:
    """Name what keeps a contract from being amended like this today."""
    blocks = list(_living_blocks(standing, today))
    if change.added:
        blocks += _supplement_blocks(standing, change.added, limits.share, today)
    if change.ends_on is not None:
        blocks += _term_blocks(standing, change.ends_on, limits.term)
    return blocks


def _living_blocks(standing: Standing, today: date) -> Iterable[Block]:
    if not standing.delivering or standing.ends_on < today:
        yield Block(
            "contract_not_in_force",
            BY_BOTH,
            Message(N_("合同没有生效，或已经结束、解除。")),
            Message(N_("需要继续服务的，请另行采购。")),
            standing.ends_on.isoformat(),
        )


def _supplement_blocks(standing: Standing, asked: int, share: Figure, today: date) -> Iterable[Block]:
    if (standing.added + asked) * 100 > standing.quantity * share.value:
        yield Block(
            "supplements_above_share",
            share.source,
            Message(
                N_("补充合同的金额累计不得超过原合同的%(share)s%%：最多增加%(most)s，已经增加%(added)s。"),
                {"share": share.value, "most": most_added(standing.quantity, share), "added": standing.added},
            ),
            Message(N_("请减少增加的数量；需要更多的，请另行采购。")),
            share.said,
        )
    if standing.budget_year != today.year:
        yield Block(
            "budget_line_of_another_year",
            BUDGET_LAW_18,
            Message(N_("预算按公历年度执行，这份合同的预算属于其他年度。")),
            Message(N_("请用本年预算另行采购。")),
            str(standing.budget_year),
        )


def _term_blocks(standing: Standing, ends_on: date, longest: Figure) -> Iterable[Block]:
    if ends_on <= standing.ends_on:
        yield Block(
            "term_not_longer",
            DATES,
            Message(N_("变更期限只能向后延长。")),
            Message(N_("要提前结束，请双方协商解除合同。")),
            standing.ends_on.isoformat(),
        )
    if ends_on > years_later(standing.starts_on, longest.value):
        yield Block(
            "contract_term",
            longest.source,
            Message(N_("政府购买服务合同的履行期限一般不超过%(years)s年。"), {"years": longest.value}),
            Message(N_("请把截止日期提前。")),
            longest.said,
        )
