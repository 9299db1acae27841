"""The shifts of a plan as a calendar, with who goes to each."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from volunteers.assignments.sign_ups.rules import SignUpStatus
from volunteers.calendars.queries import Entry, Feed
from volunteers.calendars.rules import EventStatus
from volunteers.dispatch.people.queries import SeatView
from volunteers.dispatch.results import Outcome

GONE = frozenset({SignUpStatus.WITHDRAWN, SignUpStatus.RELEASED})


def calendar_of(seats: Sequence[SeatView], name: str, made_at: datetime) -> Feed:
    """Return an event for each shift to which somebody goes; ``seats`` stand in order of time and shift.

    An event is tentative until somebody has said yes.
    """
    going = (seat for seat in seats if seat.sign_up not in GONE and seat.outcome is not Outcome.REFUSED)
    shifts = (list(group) for _, group in groupby(going, key=lambda seat: seat.reference))
    return Feed(name, name, None, tuple(_entry(shift, made_at) for shift in shifts))


def _comes(seat: SeatView) -> bool:
    return seat.kept or seat.sign_up not in (None, SignUpStatus.OFFERED)


def _entry(seats: Sequence[SeatView], made_at: datetime) -> Entry:
    seat = seats[0]
    return Entry(
        key=seat.reference,
        sequence=0,
        status=EventStatus.CONFIRMED if any(map(_comes, seats)) else EventStatus.TENTATIVE,
        starts=seat.starts,
        ends=seat.ends,
        changed_at=made_at,
        title_zh=seat.title_zh,
        title_en=seat.title_en,
        role_zh="",
        role_en="",
        place_zh=seat.place_zh,
        place_en=seat.place_en,
        meeting_point_zh="",
        meeting_point_en="",
        contact_name="",
        contact_phone="",
        reference=seat.reference,
        people=tuple(dict.fromkeys(one.name for one in seats)),
    )
