"""What a station said about a shift: for the station, and for those it was said to."""

from dataclasses import dataclass
from datetime import datetime

from app.core import clock, database
from app.core.access import Permission, Principal
from volunteers.assignments.messages.rules import MOST_A_DAY
from volunteers.assignments.queries import assignment_page
from volunteers.assignments.sign_ups.queries import station_scope


@dataclass(frozen=True, slots=True)
class Said:
    """One message, with its author."""

    body: str
    author: str
    people: int
    to_waiting: bool
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class OnShift:
    """What was said about a shift so far, and whether more may be said today."""

    reference: str
    people: int
    messages: tuple[Said, ...]
    left_today: int


_SAID = """
SELECT m.body, account.display_name AS author, m.people, m.to_waiting, m.sent_at
FROM shift_message m JOIN account ON account.id = m.sent_by WHERE m.assignment_id = $1
"""
_TO_ME = f"""
{_SAID} AND EXISTS (
    SELECT FROM person me WHERE me.account_id = $2 AND (
        EXISTS (SELECT FROM sign_up s WHERE s.assignment_id = $1 AND s.person_id = me.id AND s.live)
        OR m.to_waiting AND (
            EXISTS (SELECT FROM waiting_entry w JOIN position p ON p.id = w.position_id
                    WHERE p.assignment_id = $1 AND w.person_id = me.id AND w.live)
            OR EXISTS (SELECT FROM seat_request r
                       WHERE r.assignment_id = $1 AND r.person_id = me.id AND r.status = 'asked'))))
"""
_SHIFT = """
SELECT a.reference, (SELECT count(*) FROM sign_up s WHERE s.assignment_id = a.id AND s.live)::integer AS people
FROM assignment a WHERE a.id = $1
"""
_LATEST_FIRST = " ORDER BY m.sent_at DESC, m.id DESC"


async def on_shift(assignment_id: int) -> OnShift:
    """Return what was said about a shift; for who answers for its station, who checks that before."""
    rows = await database.fetch(_SAID + _LATEST_FIRST, assignment_id)
    shift = await database.fetch_one(_SHIFT, assignment_id)
    today = sum(clock.local(row["sent_at"]).date() == clock.today() for row in rows)
    return OnShift(**(shift or {}), messages=tuple(Said(**row) for row in rows), left_today=max(0, MOST_A_DAY - today))


async def said_to_me(principal: Principal, assignment_id: int) -> list[Said]:
    """Return what the station said about a shift to somebody who has a seat on it, or waits for one."""
    rows = await database.fetch(_TO_ME + _LATEST_FIRST, assignment_id, principal.account_id)
    return [Said(**row) for row in rows]


async def readable(principal: Principal, reference: str) -> list[Said]:
    """Return the messages about a shift as far as somebody may read them: the station's staff all of them."""
    found = await assignment_page(reference)
    staff = principal.can(Permission.ATTENDANCE_CONFIRM) or principal.can(Permission.ASSIGNMENT_PUBLISH)
    if staff and station_scope(principal).covers_place(found.station_code):
        return list((await on_shift(found.id)).messages)
    return await said_to_me(principal, found.id)
