"""The life of a place in line, and how long an offer stands."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_

LONGEST_OFFER, SHORTEST_OFFER = timedelta(hours=2), timedelta(minutes=5)
SHARE_OF_TIME_LEFT = 4
"""An offer stands for a quarter of the time until the start at most, so that the next in line still has a chance."""


class EntryStatus(StrEnum):
    """Waiting and offered are in the line; the others have left it."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    PASSED_OVER = "passed_over"
    LEFT = "left"
    ENDED = "ended"


class EntryEvent(StrEnum):
    """What happens to a place in line."""

    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    SKIP = "skip"
    LEAVE = "leave"
    END = "end"


TRANSITIONS: dict[tuple[EntryStatus, EntryEvent], EntryStatus] = {
    (EntryStatus.WAITING, EntryEvent.OFFER): EntryStatus.OFFERED,
    (EntryStatus.WAITING, EntryEvent.SKIP): EntryStatus.PASSED_OVER,
    (EntryStatus.WAITING, EntryEvent.LEAVE): EntryStatus.LEFT,
    (EntryStatus.WAITING, EntryEvent.END): EntryStatus.ENDED,
    (EntryStatus.OFFERED, EntryEvent.ACCEPT): EntryStatus.ACCEPTED,
    (EntryStatus.OFFERED, EntryEvent.DECLINE): EntryStatus.DECLINED,
    (EntryStatus.OFFERED, EntryEvent.EXPIRE): EntryStatus.EXPIRED,
}

STATUS_NAMES: Mapping[EntryStatus, str] = {
    EntryStatus.WAITING: N_("候补中"),
    EntryStatus.OFFERED: N_("轮到他了"),
    EntryStatus.ACCEPTED: N_("已补上"),
    EntryStatus.DECLINED: N_("没有接受"),
    EntryStatus.EXPIRED: N_("没有在时限内答复"),
    EntryStatus.PASSED_OVER: N_("轮到时不符合条件"),
    EntryStatus.LEFT: N_("已退出候补"),
    EntryStatus.ENDED: N_("已结束"),
}


class SeatsLeft(DomainError):
    """Who can sign up at once need not wait."""

    code, status, message = "seats_left", 409, N_("还有空位，不用候补，直接报名就行。")


class AlreadyWaiting(DomainError):
    """One place in a line for one person."""

    code, status, message = "already_waiting", 409, N_("你已经在候补名单里了。")


class OfferExpired(DomainError):
    """The seat has gone to the next in line."""

    code, status, message = "offer_expired", 409, N_("答复的时间过了，名额已让给下一位。可以再排一次候补。")


class ReasonForMovingMissing(DomainError):
    """The order of the line is public, and so is each reason for changing it."""

    code, status, message = "reason_for_moving_missing", 422, N_("请写明调整顺序的原因，会在候补名单上公开。")


class NoSuchPlace(DomainError):
    """The line is shorter than that."""

    code, status, message = "no_such_place", 422, N_("请填 1 到 %(last)s 之间的位次。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "waiting_entry_once": AlreadyWaiting,
    "sign_up_offer_in_time": OfferExpired,
}


def offer_until(now: datetime, starts: datetime) -> datetime | None:
    """Return until when an offer made now stands; None when it is too late to offer anything."""
    left = starts - now
    if left < SHORTEST_OFFER:
        return None
    return now + max(SHORTEST_OFFER, min(LONGEST_OFFER, left / SHARE_OF_TIME_LEFT))
