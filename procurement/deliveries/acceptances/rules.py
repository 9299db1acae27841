"""Judging a delivery line by line: the verdict follows from the lines, and the signature stands under all of them.

政府采购法 第41条 (the acceptance is signed), 第61条 (by another person); 实施条例 第45条 (each standard of
the contract is accepted, the beneficiaries are heard, the result is public).
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import msgspec

from app.core.text import N_, Message
from procurement.blocks import Block, LawRefusal, Source
from procurement.contracts.requirements.rules import Line
from procurement.deliveries.proofs.rules import WORKLOAD
from procurement.deliveries.rules import Finding, LineFinding
from procurement.separation import SAME, SEPARATION

LINES = Source("政府采购法实施条例", "第45条")


class AcceptorInvolved(LawRefusal):
    """采购法 §61: who handles or approves a purchase does not accept it as well."""

    code, status = "acceptor_involved", 409
    source, compared = SEPARATION, SAME
    reason = N_("经办、审批、点单或提供这项服务（%(reference)s）的人不能验收。")
    remedy = N_("请由其他验收人员验收。")


class ProofMissing(LawRefusal):
    """The database saw a proof missing that the guard did not: the rule changed meanwhile."""

    code, status = "proof_missing", 409
    source, compared = WORKLOAD, N_("凭证没有交齐")
    reason, remedy = N_("凭证还没有交齐，不能验收。"), N_("请刷新页面看还缺什么。")


class BeingPutRight(LawRefusal):
    """Somebody sent it back a moment ago."""

    code, status = "being_put_right", 409
    source, compared = LINES, N_("整改中")
    reason, remedy = N_("这一单刚被退回整改。"), N_("请刷新页面再看。")


class Outcome(StrEnum):
    """What a judgement leads to."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    RECTIFY = "rectify"  # put right until a day, then judged again


OUTCOME_NAMES: Mapping[Outcome, str] = {
    Outcome.ACCEPTED: N_("验收合格"),
    Outcome.REFUSED: N_("验收不合格"),
    Outcome.RECTIFY: N_("已退回整改"),
}


class RectificationStatus(StrEnum):
    """A delivery on its way to be put right."""

    ASKED = "asked"
    REPORTED = "reported"
    JUDGED = "judged"


class RectificationEvent(StrEnum):
    """What moves it."""

    REPORT = "report"
    JUDGE = "judge"


TRANSITIONS: dict[tuple[RectificationStatus, RectificationEvent], RectificationStatus] = {
    (RectificationStatus.ASKED, RectificationEvent.REPORT): RectificationStatus.REPORTED,
    (RectificationStatus.ASKED, RectificationEvent.JUDGE): RectificationStatus.JUDGED,  # its day has passed
    (RectificationStatus.REPORTED, RectificationEvent.JUDGE): RectificationStatus.JUDGED,
}
RECTIFICATION_NAMES: Mapping[RectificationStatus, str] = {
    RectificationStatus.ASKED: N_("整改中"),
    RectificationStatus.REPORTED: N_("整改完成，待复验"),
    RectificationStatus.JUDGED: N_("已复验"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """All that a judgement says; its hash is what the acceptor signs."""

    order: str
    contract: str
    lines: tuple[tuple[Line, LineFinding], ...]
    outcome: Outcome
    due_on: date | None
    people_reached: int
    rating: int
    opinion: str
    opinions: int
    judged_at: datetime


def line_findings(lines: Sequence[Line], finding: Finding) -> list[LineFinding]:
    """Return a finding for each line; without any the acceptor's one word goes for all of them."""
    if finding.lines:
        return list(finding.lines)
    words = "" if finding.accepted else finding.opinion.strip()
    return [LineFinding(line.number, finding.accepted, words) for line in lines]


def line_faults(lines: Sequence[Line], finding: Finding) -> dict[str, Message]:
    """Say what is wrong with the lines: one left out, one of another contract, one unmet without words."""
    found = line_findings(lines, finding)
    if sorted(one.number for one in found) != [line.number for line in lines]:
        return {"lines": Message(N_("请对每一条都作出判断。"))}
    unmet = [one for one in found if not one.met]
    silent = [one.number for one in unmet if not one.words.strip()]
    if silent:
        return {"lines": Message(N_("第 %(number)s 条不符合，请写明哪里不符合。"), {"number": silent[0]})}
    if finding.accepted and unmet:
        return {"lines": Message(N_("第 %(number)s 条不符合，不能验收合格。"), {"number": unmet[0].number})}
    if not finding.accepted and not unmet:
        return {"lines": Message(N_("各条都符合，应当验收合格；不合格请勾选不符合的条目。"))}
    return {}


def outcome_of(finding: Finding) -> Outcome:
    """Return the verdict that follows: all met, or to be put right until a day, or refused."""
    if finding.accepted:
        return Outcome.ACCEPTED
    return Outcome.REFUSED if finding.rectify_by is None else Outcome.RECTIFY


def rectify_faults(finding: Finding, today: date, latest: date) -> dict[str, Message]:
    """Say what is wrong with the day until which a delivery is to be put right."""
    if finding.rectify_by is None:
        return {}
    if finding.accepted:
        return {"rectify_by": Message(N_("合格的不用整改，请去掉整改期限。"))}
    if not today < finding.rectify_by <= latest:
        return {"rectify_by": Message(N_("整改期限请在明天到 %(latest)s 之间。"), {"latest": latest.isoformat()})}
    return {}


def waiting_blocks(due_on: date | None, status: RectificationStatus | None, today: date) -> list[Block]:
    """Name what keeps a delivery from being judged again: the provider still has time."""
    if status is not RectificationStatus.ASKED or due_on is None or due_on < today:
        return []
    return [
        Block(
            "being_put_right",
            LINES,
            Message(N_("已退回整改，期限到 %(day)s。"), {"day": due_on.isoformat()}),
            Message(N_("服务机构报告整改完成，或期限过后，再验收。")),
            due_on.isoformat(),
        )
    ]


def due_note(due: date, today: date, period: int) -> Message:
    """Return the acceptance's clock in words."""
    values = {"day": due.isoformat(), "count": period}
    if due < today:
        return Message(N_("已过验收期限（%(day)s，服务后 %(count)s 个工作日）"), values)
    return Message(N_("%(day)s 前验收（服务后 %(count)s 个工作日）"), values)


def judged_sha256(judged: Judged) -> bytes:
    """Return the hash of all that was judged, the same for the same judgement whoever computes it."""
    content: dict[str, Any] = {
        "order": judged.order,
        "contract": judged.contract,
        "lines": [
            [line.number, line.kind, line.text_zh, line.figure, found.met, found.words]
            for line, found in sorted(judged.lines, key=lambda pair: pair[0].number)
        ],
        "outcome": judged.outcome,
        "due_on": judged.due_on,
        "people_reached": judged.people_reached,
        "rating": judged.rating,
        "opinion": judged.opinion,
        "opinions": judged.opinions,
        "judged_at": int(judged.judged_at.timestamp() * 1_000_000),
    }
    return hashlib.sha256(msgspec.json.encode(content, order="deterministic")).digest()
