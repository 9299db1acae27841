"""What a calendar shows of an assignment, and for how long (RFC 5545)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from volunteers.assignments.rules import AssignmentStatus
from volunteers.assignments.sign_ups.rules import SignUpStatus

SHOWN_BACK = timedelta(days=90)
CANCELLED_SHOWN = timedelta(days=30)
"""What was called off stays as CANCELLED, so that every calendar has time to take it out."""
REFRESH = timedelta(hours=1)
USE_NOTED_EVERY = timedelta(hours=1)
TOKEN_BYTES = 16


class EventStatus(StrEnum):
    """STATUS of a VEVENT."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar, in one language; ``uid`` stays the same for ever, ``sequence`` only rises."""

    uid: str
    sequence: int
    status: EventStatus
    starts: datetime
    ends: datetime
    changed_at: datetime
    title: str
    where: str
    text: str
    address: str


_OF_SIGN_UP = {
    SignUpStatus.OFFERED: EventStatus.TENTATIVE,
    SignUpStatus.WITHDRAWN: EventStatus.CANCELLED,
    SignUpStatus.RELEASED: EventStatus.CANCELLED,
}


def own_status(sign_up: SignUpStatus, assignment: AssignmentStatus) -> EventStatus:
    """Return how a person's own calendar shows a sign-up."""
    if assignment is AssignmentStatus.CANCELLED:
        return EventStatus.CANCELLED
    return _OF_SIGN_UP.get(sign_up, EventStatus.CONFIRMED)


def station_status(assignment: AssignmentStatus, booked: int, minimum: int) -> EventStatus:
    """Return how a station's calendar shows a shift: tentative while too few are coming."""
    if assignment is AssignmentStatus.CANCELLED:
        return EventStatus.CANCELLED
    return EventStatus.CONFIRMED if booked >= minimum else EventStatus.TENTATIVE
