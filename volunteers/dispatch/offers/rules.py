"""The life of an offer, how long it stands, and what somebody may say who cannot come."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_

SHORTEST_OFFER = timedelta(minutes=30)
SHARE_OF_TIME_LEFT = 2
"""An offer stands for half of the time until the start at most, so that somebody else can still be found."""


class OfferStatus(StrEnum):
    """What became of an offer; the database writes it from what became of its seat."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    ENDED = "ended"


class OfferEvent(StrEnum):
    """The person answers, the time runs out, or the house takes the seat back (a shift called off, a credential)."""

    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    END = "end"


TRANSITIONS: dict[tuple[OfferStatus, OfferEvent], OfferStatus] = {
    (OfferStatus.OFFERED, OfferEvent.ACCEPT): OfferStatus.ACCEPTED,
    (OfferStatus.OFFERED, OfferEvent.DECLINE): OfferStatus.DECLINED,
    (OfferStatus.OFFERED, OfferEvent.EXPIRE): OfferStatus.EXPIRED,
    (OfferStatus.OFFERED, OfferEvent.END): OfferStatus.ENDED,
}


class OfferCause(StrEnum):
    """Why somebody is asked: by the plan, as a stand-by, or because a seat came free and the week fits them."""

    PLAN = "plan"
    STAND_BY = "stand_by"
    REPAIR = "repair"


class NoReason(StrEnum):
    """Why somebody says no; nobody has to explain more than a word."""

    BUSY = "busy"
    FAR = "far"
    HEALTH = "health"
    UNSUITABLE = "unsuitable"
    OTHER = "other"


STATUS_NAMES: Mapping[OfferStatus, str] = {
    OfferStatus.OFFERED: N_("等答复"),
    OfferStatus.ACCEPTED: N_("已答应"),
    OfferStatus.DECLINED: N_("不能来"),
    OfferStatus.EXPIRED: N_("没有答复"),
    OfferStatus.ENDED: N_("已取消"),
}
CAUSE_NAMES: Mapping[OfferCause, str] = {
    OfferCause.PLAN: N_("按计划"),
    OfferCause.STAND_BY: N_("替补"),
    OfferCause.REPAIR: N_("补空位"),
}
REASON_NAMES: Mapping[NoReason, str] = {
    NoReason.BUSY: N_("那天有事"),
    NoReason.FAR: N_("太远"),
    NoReason.HEALTH: N_("身体不适"),
    NoReason.UNSUITABLE: N_("不适合我"),
    NoReason.OTHER: N_("别的原因"),
}


class OfferIsOver(DomainError):
    """Somebody answers an offer that was answered otherwise, or that stands no more."""

    code, status, message = "offer_is_over", 409, N_("这个邀请已经答复过，或已不再有效。")


def offer_until(now: datetime, starts: datetime, hours: int) -> datetime | None:
    """Return until when an offer made now stands; None when it is too late to ask."""
    until = now + min(timedelta(hours=hours), (starts - now) / SHARE_OF_TIME_LEFT)
    return until if until - now >= SHORTEST_OFFER else None
