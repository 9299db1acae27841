"""What is proposed, how it goes, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.core.errors import DomainError, SamePersonRefused
from app.core.text import N_, Message


class ProposalStatus(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


class ProposalEvent(StrEnum):
    """What a second person says."""

    CONFIRM = "confirm"
    REFUSE = "refuse"


S, E = ProposalStatus, ProposalEvent
TRANSITIONS: dict[tuple[ProposalStatus, ProposalEvent], ProposalStatus] = {
    (S.PROPOSED, E.CONFIRM): S.CONFIRMED,
    (S.PROPOSED, E.REFUSE): S.REFUSED,
}
STATUS_NAMES: Mapping[ProposalStatus, str] = {
    S.PROPOSED: N_("等另一人确认"),
    S.CONFIRMED: N_("已确认"),
    S.REFUSED: N_("已退回"),
}


class RuleOverlaps(DomainError):
    """Another figure is in force on that day."""

    code, status, message = "rule_overlaps", 409, N_("这一天已有另一个数值生效，请选择更晚的日期。")


class ProposalOpen(DomainError):
    """A figure has one proposal at a time."""

    code, status = "proposal_open", 409
    message = N_("这个数值已经有人提出修改，等另一人确认。请先确认或退回。")


class OwnProposal(SamePersonRefused):
    """Who proposed a figure does not confirm it."""

    code, message = "own_proposal", N_("自己提出的数值要由另一个人对照原文确认。")


@dataclass(frozen=True, slots=True)
class Replacement:
    """The figure that holds from a day on, with its source."""

    value: Decimal
    document: str
    article: str
    effective_from: date
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """The row that is to be replaced."""

    effective_from: date
    effective_to: date | None
    confirmed: bool


def faults(new: Replacement) -> dict[str, Message]:
    """Say which part of a figure or its source is missing, by field."""
    wrong = {
        "document": not new.document.strip(),
        "article": not new.article.strip(),
        "value": not new.value.is_finite() or new.value < 0,
    }
    told = Message(N_("请按原文填写文件、条款和数值。"))
    return {name: told for name, is_wrong in wrong.items() if is_wrong}


def corrects(held: Held, start: date) -> bool:
    """Tell whether a figure that nobody confirmed is set right from its own first day."""
    return start == held.effective_from and not held.confirmed


def start_faults(held: Held, start: date) -> dict[str, Message]:
    """Say what is wrong with the day from which the figure is to hold."""
    if start <= held.effective_from and not corrects(held, start):
        return {"effective_from": Message(N_("新数值的生效日要晚于现行数值的生效日。"))}
    return {}
