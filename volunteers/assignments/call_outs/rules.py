"""Who is asked first when somebody will not come, when, and what an answer changes.

A host organization arranges the service it has announced and tells volunteers beforehand what they need to know
(志愿服务条例 art. 12, 15): whoever is asked sees time, place, distance, pay and insurance before they answer.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from enum import IntEnum, StrEnum

from app.core import clock
from app.core.errors import DomainError
from app.core.text import N_
from volunteers.assignments.sign_ups.eligibility import Candidate, Reasons, Seat, distance_m, reasons_against
from volunteers.assignments.sign_ups.rules import Origin

TOKEN_BYTES = 16
LOCAL_DIALECT = "hangzhou"
QUIET_FROM, QUIET_UNTIL = time(21), time(7)
NEVER_QUIET = timedelta(hours=4)


class CallOutStatus(StrEnum):
    """Where the search stands; an exhausted one has nobody left to ask, a late yes still covers it."""

    OPEN = "open"
    COVERED = "covered"
    EXHAUSTED = "exhausted"
    CANCELLED = "cancelled"


class CallOutEvent(StrEnum):
    """What happens to the search."""

    FILL = "fill"
    EXHAUST = "exhaust"
    CANCEL = "cancel"
    REOPEN = "reopen"


TRANSITIONS: dict[tuple[CallOutStatus, CallOutEvent], CallOutStatus] = {
    (CallOutStatus.OPEN, CallOutEvent.FILL): CallOutStatus.COVERED,
    (CallOutStatus.OPEN, CallOutEvent.EXHAUST): CallOutStatus.EXHAUSTED,
    (CallOutStatus.OPEN, CallOutEvent.CANCEL): CallOutStatus.CANCELLED,
    (CallOutStatus.EXHAUSTED, CallOutEvent.FILL): CallOutStatus.COVERED,
    (CallOutStatus.EXHAUSTED, CallOutEvent.CANCEL): CallOutStatus.CANCELLED,
    (CallOutStatus.COVERED, CallOutEvent.REOPEN): CallOutStatus.OPEN,
    (CallOutStatus.EXHAUSTED, CallOutEvent.REOPEN): CallOutStatus.OPEN,
    (CallOutStatus.CANCELLED, CallOutEvent.REOPEN): CallOutStatus.OPEN,
}


class AskStatus(StrEnum):
    """What became of one person's being asked; ``too_late`` is a place in line."""

    SENT = "sent"
    SEEN = "seen"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TOO_LATE = "too_late"
    EXPIRED = "expired"


class AskEvent(StrEnum):
    """What the person does, or what happens meanwhile."""

    SEE = "see"
    ACCEPT = "accept"
    DECLINE = "decline"
    COME_LATE = "come_late"
    EXPIRE = "expire"
    ASK_AGAIN = "ask_again"


ASK_TRANSITIONS: dict[tuple[AskStatus, AskEvent], AskStatus] = {
    (AskStatus.SENT, AskEvent.SEE): AskStatus.SEEN,
    (AskStatus.SENT, AskEvent.ACCEPT): AskStatus.ACCEPTED,
    (AskStatus.SENT, AskEvent.DECLINE): AskStatus.DECLINED,
    (AskStatus.SENT, AskEvent.COME_LATE): AskStatus.TOO_LATE,
    (AskStatus.SENT, AskEvent.EXPIRE): AskStatus.EXPIRED,
    (AskStatus.SEEN, AskEvent.ACCEPT): AskStatus.ACCEPTED,
    (AskStatus.SEEN, AskEvent.DECLINE): AskStatus.DECLINED,
    (AskStatus.SEEN, AskEvent.COME_LATE): AskStatus.TOO_LATE,
    (AskStatus.SEEN, AskEvent.EXPIRE): AskStatus.EXPIRED,
    (AskStatus.TOO_LATE, AskEvent.ASK_AGAIN): AskStatus.SENT,
    (AskStatus.TOO_LATE, AskEvent.DECLINE): AskStatus.DECLINED,
    (AskStatus.EXPIRED, AskEvent.ASK_AGAIN): AskStatus.SENT,
}

WAITING = (AskStatus.SENT, AskStatus.SEEN)
"""Asked, and may still say yes."""


class Cause(StrEnum):
    """Why people are called."""

    WITHDRAWN = "withdrawn"
    RELEASED = "released"
    ABSENT = "absent"
    BY_HAND = "by_hand"


CAUSE_NAMES: Mapping[Cause, str] = {
    Cause.WITHDRAWN: N_("有人临时退出"),
    Cause.RELEASED: N_("有人不能来了"),
    Cause.ABSENT: N_("有人没有来"),
    Cause.BY_HAND: N_("站点临时叫人"),
}


class NothingFree(DomainError):
    """All seats of the position are taken."""

    code, status, message = "nothing_free", 409, N_("这个岗位没有空位，不用叫人。")


class TooLateToCall(DomainError):
    """The shift is over or off."""

    code, status, message = "too_late_to_call", 409, N_("任务已结束或已取消，不能再叫人。")


class LinkUnknown(DomainError):
    """No such token: mistyped, replaced by a newer one, or never sent."""

    code, status, message = "link_unknown", 404, N_("这个链接不对，或已换成新的。请打开最近一条短信里的链接。")


class CallIsOver(DomainError):
    """The ask can no longer be answered; its page says why."""

    code, status, message = "call_is_over", 409, N_("这次叫人已经结束，不用再答复。")


class Tier(IntEnum):
    """In which order people are asked."""

    STAND_BY = 0
    REGULAR = 1
    NEAR = 2


@dataclass(frozen=True, slots=True)
class Rule:
    """The figures in force."""

    late_hours: int
    asked_at_once: int
    answer_minutes: int
    head_start_minutes: int
    link_minutes: int

    def is_late(self, starts: datetime, ends: datetime, now: datetime) -> bool:
        """Tell whether who leaves now leaves too late to wait for ordinary sign-ups."""
        return now < ends and starts - now <= timedelta(hours=self.late_hours)


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who may be asked, and how far they live from the place."""

    person_id: int
    distance_m: int


def new_token() -> str:
    """Return the random 128 bits of a link."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_sha256(token: str) -> bytes:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def reasons_to_refuse(seat: Seat, person: Candidate, now: datetime) -> Reasons:
    """Return what keeps a person from a seat they are called to: every rule but two.

    The shift may have begun, and the station's regulars have no head start when somebody is missing.
    """
    before_it_starts = min(now, seat.at.starts - timedelta(seconds=1))
    return reasons_against(replace(seat, regulars_until=None), person, before_it_starts, Origin.DISPATCH)


def ranked(seat: Seat, people: Iterable[tuple[Tier, Candidate]], now: datetime) -> list[Choice]:
    """Return who may be asked, the best first: tier, distance by whole kilometres, credential, dialect, metres."""
    point = (seat.at.east_m, seat.at.north_m)
    fit = []
    for tier, person in people:
        if not reasons_to_refuse(seat, person, now):
            metres = distance_m(person.home, point)
            speaks = LOCAL_DIALECT in person.languages
            key = (tier, metres // 1000, _credential_place(seat, person), not speaks, metres, person.person_id)
            fit.append((key, Choice(person.person_id, metres)))
    return [choice for _, choice in sorted(fit, key=lambda pair: pair[0])]


def _credential_place(seat: Seat, person: Candidate) -> int:
    """Return how far down the seat's list of credentials the person's best one stands: the first is preferred."""
    held = {credential.kind for credential in person.credentials}
    return next((place for place, kind in enumerate(seat.credentials_any) if kind in held), len(seat.credentials_any))


def quiet_until(now: datetime, starts: datetime) -> datetime | None:
    """Return until when nobody is woken for a shift that is still hours away; None if they may be asked now."""
    wall = clock.local(now)
    if starts - now <= NEVER_QUIET or QUIET_UNTIL <= wall.time() < QUIET_FROM:
        return None
    day = wall.date() + timedelta(days=wall.time() >= QUIET_FROM)
    return min(clock.at_local(day, QUIET_UNTIL), starts - NEVER_QUIET)
