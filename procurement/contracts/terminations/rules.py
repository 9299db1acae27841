"""Ending a contract before its time: by agreement, by a breach not cured, or for the public interest.

采购法 §50: neither party ends a contract alone; where going on would harm the state or the public, both end it, and
who is at fault compensates. 民法典 §563: the other party's breach, after notice and a reasonable time to cure it.
令94 §32: finance revokes a contract whose result falls.
Either side proposes; whatever the provider proposes needs the yes of the buyer's officer, and another person of the
buyer decides. What was delivered is accepted and paid in every case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.state import advance
from app.core.text import N_, Message
from procurement.blocks import Block, Source

PUBLIC_INTEREST = Source("政府采购法", "第50条")


class Side(StrEnum):
    """For whom an early end is proposed."""

    BUYER = "buyer"
    PROVIDER = "provider"


class Ground(StrEnum):
    """Why a contract ends early."""

    AGREEMENT = "agreement"
    BREACH = "breach"
    PUBLIC_INTEREST = "public_interest"
    REVOKED = "revoked"  # finance decided so about a complaint


class Fault(StrEnum):
    """Who has to compensate the other."""

    NONE = "none"
    BUYER = "buyer"
    PROVIDER = "provider"
    BOTH = "both"


class TerminationStatus(StrEnum):
    """From the proposal, or the notice of breach, to the contract's end."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    IN_FORCE = "in_force"
    CURED = "cured"  # the breach was put right in time
    DECLINED = "declined"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class TerminationEvent(StrEnum):
    """What moves a termination."""

    AGREE = "agree"
    DECLINE = "decline"
    CURE = "cure"
    DECIDE = "decide"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"


G, S, E = Ground, TerminationStatus, TerminationEvent
_DECIDED = {E.DECIDE: S.IN_FORCE, E.REFUSE: S.REFUSED, E.WITHDRAW: S.WITHDRAWN}
_ANSWERED = {E.AGREE: S.AGREED, E.DECLINE: S.DECLINED, E.WITHDRAW: S.WITHDRAWN}


def _ways(side: Side, ground: Ground) -> dict[TerminationStatus, dict[TerminationEvent, TerminationStatus]]:
    """Return how an early end goes: answered by the other side first, or decided after the buyer's notice."""
    cured = {E.CURE: S.CURED} if ground is G.BREACH else {}
    if side is Side.PROVIDER or ground is G.AGREEMENT:
        return {S.PROPOSED: _ANSWERED | cured, S.AGREED: _DECIDED | cured}
    return {S.PROPOSED: _DECIDED | cured}


def _may_propose(side: Side, ground: Ground) -> bool:
    """The buyer carries out what finance decided; nobody else does."""
    return side is Side.BUYER or ground is not G.REVOKED


TRANSITIONS: dict[tuple[Side, Ground, TerminationStatus, TerminationEvent], TerminationStatus] = {
    (side, ground, start, event): end
    for side in Side
    for ground in Ground
    if _may_propose(side, ground)
    for start, ways in _ways(side, ground).items()
    for event, end in ways.items()
}
SIDE_NAMES: Mapping[Side, str] = {Side.BUYER: N_("采购人"), Side.PROVIDER: N_("服务机构")}
GROUND_NAMES: Mapping[Ground, str] = {
    G.AGREEMENT: N_("双方协商解除"),
    G.BREACH: N_("违约，限期未改正"),
    G.PUBLIC_INTEREST: N_("继续履行损害公共利益"),
    G.REVOKED: N_("财政部门决定撤销合同"),
}
FAULT_NAMES: Mapping[Fault, str] = {
    Fault.NONE: N_("双方均无过错"),
    Fault.BUYER: N_("甲方有过错"),
    Fault.PROVIDER: N_("乙方有过错"),
    Fault.BOTH: N_("双方都有过错"),
}
STATUS_NAMES: Mapping[TerminationStatus, str] = {
    S.PROPOSED: N_("已提出解除"),
    S.AGREED: N_("双方同意，待另一人决定"),
    S.IN_FORCE: N_("已解除"),
    S.CURED: N_("已按期改正"),
    S.DECLINED: N_("对方不同意"),
    S.REFUSED: N_("不予解除"),
    S.WITHDRAWN: N_("已撤回"),
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """On which ground a contract is to end; a breach names until when it may be cured."""

    ground: Ground
    reason_zh: str
    cure_by: date | None = None
    at_fault: Fault = Fault.NONE
    compensation_fen: int = 0


def after(side: Side, ground: Ground, status: TerminationStatus, event: TerminationEvent) -> TerminationStatus:
    """Return the state that an event leads to for this side and ground, or refuse."""
    table = {key[2:]: end for key, end in TRANSITIONS.items() if key[:2] == (side, ground)}
    return advance(table, status, event)


def who_acts(side: Side, event: TerminationEvent) -> Side:
    """Return whose people take a step: the other side answers, who proposed takes back, the buyer decides."""
    if event in (E.AGREE, E.DECLINE):
        return Side.BUYER if side is Side.PROVIDER else Side.PROVIDER
    return side if event in (E.WITHDRAW, E.CURE) else Side.BUYER


def proposal_faults(proposal: Proposal, side: Side, today: date) -> dict[str, Message]:
    """Say which part of a proposal is missing or contradicts another, by field."""
    fields = {}
    if not proposal.reason_zh.strip():
        fields["reason_zh"] = Message(N_("请写明解除的事实和理由。"))
    if proposal.ground is Ground.BREACH and (proposal.cure_by is None or proposal.cure_by <= today):
        fields["cure_by"] = Message(N_("违约的，先通知对方限期改正：请填写今天以后的日期。"))
    if proposal.ground is not Ground.BREACH and proposal.cure_by is not None:
        fields["cure_by"] = Message(N_("只有违约才有改正期限。"))
    if proposal.ground is Ground.BREACH and proposal.at_fault is Fault.NONE:
        fields["at_fault"] = Message(N_("违约解除必须写明哪一方有过错。"))
    if proposal.ground is Ground.BREACH and side is Side.PROVIDER and proposal.at_fault is Fault.PROVIDER:
        fields["at_fault"] = Message(N_("只有对方违约才能以违约提出解除：请选择甲方或双方有过错。"))
    if proposal.compensation_fen and proposal.at_fault is Fault.NONE:
        fields["compensation_fen"] = Message(N_("有过错的一方才赔偿，请先选择过错方。"))
    return fields


def proposal_blocks(performed: bool) -> list[Block]:
    """Name what keeps a contract from being ended early at all."""
    if performed:
        return []
    return [
        Block(
            "contract_not_in_force",
            PUBLIC_INTEREST,
            Message(N_("合同没有生效，或已经结束、解除。")),
            Message(N_("没有签订的，请取消采购；已经结束的，不需要解除。")),
            Message(N_("不在履行中")),
        )
    ]


def decision_blocks(ground: Ground, cure_by: date | None, cure: Source, today: date) -> Iterable[Block]:
    """民法典 §563: a breach ends a contract only when the time to cure it is over; the source is the day's."""
    if ground is Ground.BREACH and cure_by is not None and today <= cure_by:
        yield Block(
            "cure_period_running",
            cure,
            Message(N_("改正期限还没有过，不能以违约解除。")),
            Message(N_("请等到期限以后，或登记对方已经改正。")),
            cure_by.isoformat(),
        )
