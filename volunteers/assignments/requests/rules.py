"""The life of a request: it takes no seat, and the station answers it with a choice or a reason."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_
from volunteers.assignments.sign_ups.eligibility import Reasons
from volunteers.assignments.sign_ups.rules import Reason

ANSWER_BEFORE = timedelta(hours=24)
"""How long before the start the station should have answered; the office's own promise, not law."""
LONGEST_TEXT = 200
THE_STATIONS_CHOICE = frozenset({Reason.ASK_FIRST, Reason.REQUEST_ONLY, Reason.REGULARS_FIRST})
"""Reasons that end where the station itself chooses."""


class RequestStatus(StrEnum):
    """Asked until the station answers, the person takes it back, or the shift begins."""

    ASKED = "asked"
    CHOSEN = "chosen"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


class RequestEvent(StrEnum):
    """What happens to it."""

    CHOOSE = "choose"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    END = "end"


TRANSITIONS: dict[tuple[RequestStatus, RequestEvent], RequestStatus] = {
    (RequestStatus.ASKED, RequestEvent.CHOOSE): RequestStatus.CHOSEN,
    (RequestStatus.ASKED, RequestEvent.DECLINE): RequestStatus.DECLINED,
    (RequestStatus.ASKED, RequestEvent.WITHDRAW): RequestStatus.WITHDRAWN,
    (RequestStatus.ASKED, RequestEvent.END): RequestStatus.ENDED,
}
STATUS_NAMES: Mapping[RequestStatus, str] = {
    RequestStatus.ASKED: N_("等站点答复"),
    RequestStatus.CHOSEN: N_("选上了"),
    RequestStatus.DECLINED: N_("没选上"),
    RequestStatus.WITHDRAWN: N_("已撤回申请"),
    RequestStatus.ENDED: N_("没有答复"),
}


class NoRequestNeeded(DomainError):
    """The assignment takes people at once."""

    code, status, message = "no_request_needed", 409, N_("这个任务报名就算数，不用申请。")


class AlreadyAsked(DomainError):
    """One request for an assignment is enough."""

    code, status, message = "already_asked", 409, N_("你已经申请了，请等站点答复。")


class NobodyTicked(DomainError):
    """Nothing to answer."""

    code, status, message = "nobody_ticked", 422, N_("请先勾选申请人。")


class ReasonForDecliningMissing(DomainError):
    """Whoever asked is told why not."""

    code, status, message = "reason_for_declining_missing", 422, N_("请写明没选上的原因，会告诉申请人。")


class NotAllFit(DomainError):
    """All or none was asked for, and somebody does not fit."""

    code, status, message = "not_all_fit", 409, N_("%(names)s 现在不能来，所以一个都没有选。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {"seat_request_once": AlreadyAsked}


def against(reasons: Reasons) -> Reasons:
    """Return what keeps a person from asking: all but that one has to ask, and that regulars go first."""
    return {reason: text for reason, text in reasons.items() if reason not in THE_STATIONS_CHOICE}


def answer_by(starts: datetime, asked_at: datetime) -> datetime:
    """Return until when the station should answer: a day before the start, or at once if it is later than that."""
    return max(starts - ANSWER_BEFORE, asked_at)
