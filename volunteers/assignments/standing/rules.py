"""The life of a standing sign-up.

A longer service is agreed between the two sides, with its term (志愿服务条例 art. 14); so the station's wish needs the
person's yes, every term ends, and one date off is not the end of it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_, Message

LONGEST_TERM = timedelta(days=366)
USUAL_TERM = timedelta(days=182)


class StandingStatus(StrEnum):
    """Proposed by the station until the person answers; their own wish is active at once."""

    PROPOSED = "proposed"
    ACTIVE = "active"
    DECLINED = "declined"
    ENDED = "ended"


class StandingEvent(StrEnum):
    """The person answers, either side ends it, or the term does."""

    AGREE = "agree"
    DECLINE = "decline"
    END = "end"
    EXPIRE = "expire"


TRANSITIONS: dict[tuple[StandingStatus, StandingEvent], StandingStatus] = {
    (StandingStatus.PROPOSED, StandingEvent.AGREE): StandingStatus.ACTIVE,
    (StandingStatus.PROPOSED, StandingEvent.DECLINE): StandingStatus.DECLINED,
    (StandingStatus.PROPOSED, StandingEvent.END): StandingStatus.ENDED,
    (StandingStatus.PROPOSED, StandingEvent.EXPIRE): StandingStatus.ENDED,
    (StandingStatus.ACTIVE, StandingEvent.END): StandingStatus.ENDED,
    (StandingStatus.ACTIVE, StandingEvent.EXPIRE): StandingStatus.ENDED,
}
STATUS_NAMES: Mapping[StandingStatus, str] = {
    StandingStatus.PROPOSED: N_("等本人答应"),
    StandingStatus.ACTIVE: N_("每周都来"),
    StandingStatus.DECLINED: N_("本人没答应"),
    StandingStatus.ENDED: N_("已结束"),
}


class AlreadyStanding(DomainError):
    """One standing sign-up for a weekday of a pattern."""

    code, status, message = "already_standing", 409, N_("这一天已经约好每周都来了，不用再约。")


class NoSuchWeekday(DomainError):
    """The pattern has no shifts on that weekday, or no such position, or makes none any more."""

    code, status, message = "no_such_weekday", 422, N_("这个班次不再每周都有，不能约定每周来。")


class TermRefused(DomainError):
    """From today on, and a year at most."""

    code, status, message = "term_refused", 422, N_("请填今天以后的日期，最长一年。")


class PauseOverlaps(DomainError):
    """These days are off already."""

    code, status, message = "pause_overlaps", 409, N_("这几天里有的已经请过假了。")


class StationInvites(DomainError):
    """Where the station chooses who comes, it chooses who comes each week."""

    code, status, message = "station_invites", 409, N_("这个班次由站点选人，请站点来邀请你每周来。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "standing_once": AlreadyStanding,
    "standing_pause_once": PauseOverlaps,
    "standing_for_a_term": TermRefused,
}


def term_fault(today: date, first: date, last: date) -> dict[str, Message]:
    """Return what is wrong with a term, by field."""
    found: dict[str, Message] = {}
    if first < today:
        found["valid_from"] = Message(N_("开始日期不能早于今天。"))
    if not first <= last <= first + LONGEST_TERM:
        found["valid_until"] = Message(N_("结束日期要在开始之后，最长一年。"))
    return found
