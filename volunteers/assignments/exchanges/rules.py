"""The life of an offer to go in somebody's place, and how long it stands.

Who cannot come as agreed says so in time (志愿服务条例 art. 22); finding a substitute is the better way of saying it:
until somebody has said yes, the seat is still one's own.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_
from volunteers.assignments.sign_ups.eligibility import Candidate, Reasons, Seat, reasons_against

LONGEST_OFFER = timedelta(days=2)
LAST_ANSWER = timedelta(minutes=30)
"""How long before the start the answer must be there: time enough to set out."""
SHORTEST_OFFER = timedelta(minutes=5)
LONGEST_TEXT = 200


class Kind(StrEnum):
    """One gives a seat away, or two change places."""

    SUBSTITUTION = "substitution"
    SWAP = "swap"


class OfferStatus(StrEnum):
    """Open until it is answered; every answer is final."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class OfferEvent(StrEnum):
    """What the one asked says, what the one who asks does, what time does."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


TRANSITIONS: dict[tuple[OfferStatus, OfferEvent], OfferStatus] = {
    (OfferStatus.OFFERED, OfferEvent.ACCEPT): OfferStatus.ACCEPTED,
    (OfferStatus.OFFERED, OfferEvent.DECLINE): OfferStatus.DECLINED,
    (OfferStatus.OFFERED, OfferEvent.WITHDRAW): OfferStatus.WITHDRAWN,
    (OfferStatus.OFFERED, OfferEvent.EXPIRE): OfferStatus.EXPIRED,
}
STATUS_NAMES: Mapping[OfferStatus, str] = {
    OfferStatus.OFFERED: N_("等答复"),
    OfferStatus.ACCEPTED: N_("已答应"),
    OfferStatus.DECLINED: N_("没答应"),
    OfferStatus.WITHDRAWN: N_("已撤回"),
    OfferStatus.EXPIRED: N_("已失效"),
}
KIND_NAMES: Mapping[Kind, str] = {Kind.SUBSTITUTION: N_("找人替"), Kind.SWAP: N_("换班")}


class AlreadyOffered(DomainError):
    """One question at a time about a seat."""

    code, status, message = "already_offered", 409, N_("这个班次你已经问了人。等对方答复，或先撤回再问别人。")


class TooLateToExchange(DomainError):
    """Nobody could answer and set out in time."""

    code, status, message = "too_late_to_exchange", 409, N_("离开始太近，来不及换人了。去不了请马上打站点电话。")


class SeatNotExchangeable(DomainError):
    """Only a confirmed seat is handed on."""

    code, status, message = (
        "seat_not_exchangeable",
        409,
        N_("这个班次现在不能换人：还没接受、是超额加的，或已经签到、退出。"),
    )


class StationChooses(DomainError):
    """Where the station chooses who comes, it chooses the substitute too."""

    code, status, message = "station_chooses", 409, N_("这个任务由站点选人，要换人请联系站点。")


class OtherCannotCome(DomainError):
    """The other one may not have the seat; why is theirs to know."""

    code, status, message = "other_cannot_come", 409, N_("对方现在去不了这个班次，请换一个人。")


class OfferIsOver(DomainError):
    """Answered, withdrawn or overtaken."""

    code, status, message = "offer_is_over", 409, N_("这件事已经有结果了，不用再答复。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "seat_exchange_one_open": AlreadyOffered,
    "seat_exchange_of_held_seats": SeatNotExchangeable,
    "seat_exchange_accepted_in_time": OfferIsOver,
}


def answer_by(now: datetime, *starts: datetime) -> datetime | None:
    """Return until when an offer about these shifts stands; None when it is too late to ask anybody."""
    last = min(starts) - LAST_ANSWER
    return min(now + LONGEST_OFFER, last) if last - now >= SHORTEST_OFFER else None


def reasons_to_refuse(seat: Seat, person: Candidate, now: datetime, leaving: int | None = None) -> Reasons:
    """Return what keeps a person from a seat that somebody hands on: every rule but that it must be free.

    A shift closed for sign-up keeps its people and so may change them; ``leaving`` is the assignment that the person
    gives up for it.
    """
    handed_on = replace(seat, free=1, status="open" if seat.status == "closed" else seat.status)
    kept = tuple(at for at in person.engagements if at.assignment_id != leaving)
    return reasons_against(handed_on, replace(person, engagements=kept), now)
