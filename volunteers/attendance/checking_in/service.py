"""Checking people in and out: by the code on their phone, or by a tap on their name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts import attempts
from app.core import audit, clock, database
from app.core.access import Permission, Principal, Scope
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.state import advance
from volunteers.assignments.sign_ups.rules import TRANSITIONS, SignUpEvent, SignUpStatus
from volunteers.attendance.checking_in import rules
from volunteers.attendance.checking_in.rules import CONSTRAINTS, Moment
from volunteers.attendance.checking_in.secret import secret_of
from volunteers.attendance.rules import EARLIEST_BEFORE, LATEST_AFTER, OwnAttendance

_HERE = """
SELECT s.public_id FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
WHERE s.status IN ('confirmed', 'checked_in') AND s.starts <= $2 AND s.ends >= $3 AND place.code LIKE ANY ($1)
"""
_LOAD = """
SELECT s.id, s.public_id, s.status, s.starts, s.ends, person.account_id, place.code AS station_code,
       coalesce(seen.step, -1) AS last_step, seen.arrived_at, seen.left_at
FROM sign_up s JOIN person ON person.id = s.person_id JOIN assignment a ON a.id = s.assignment_id
JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
CROSS JOIN LATERAL (SELECT max(c.step) AS step, max(c.at) FILTER (WHERE c.moment = 'in') AS arrived_at,
                           max(c.at) FILTER (WHERE c.moment = 'out') AS left_at
                    FROM check_in c WHERE c.sign_up_id = s.id) AS seen
WHERE s.public_id = $1 FOR NO KEY UPDATE OF s
"""


@dataclass(frozen=True, slots=True)
class Checked:
    """Whose code it was and what came of it; no moment: they had come just before."""

    sign_up: UUID
    moment: Moment | None


async def check_by_code(principal: Principal, typed: str) -> Checked:
    """Take the code on somebody's phone: the first one says that they came, a later one that they go."""
    scope = principal.scope(Permission.ATTENDANCE_CONFIRM)
    sign_up, step = await find_by_code(principal, typed)
    async with database.refusing(CONSTRAINTS), transaction():
        return await _write(principal, scope, sign_up, step=step)


async def check_by_name(principal: Principal, sign_up: UUID, moment: Moment) -> Checked:
    """Say that somebody came, or went, whose phone shows nothing."""
    scope = principal.scope(Permission.ATTENDANCE_CONFIRM)
    async with database.refusing(CONSTRAINTS), transaction():
        return await _write(principal, scope, sign_up, wanted=moment)


async def find_by_code(principal: Principal, typed: str) -> tuple[UUID, int]:
    """Return whose code it is among those who work at the clerk's places now, and its step; each look is counted."""
    scope = principal.scope(Permission.ATTENDANCE_CONFIRM)
    await attempts.count("check_in", str(principal.actor), rules.CODES_PER_CLERK)
    shown, now = rules.read(typed), clock.now()
    rows = await database.fetch(_HERE, scope.like_patterns(), now + EARLIEST_BEFORE, now - LATEST_AFTER)
    found = [
        (row["public_id"], step)
        for row in rows
        if shown.sign_up in (None, row["public_id"])
        and (step := rules.step_of_code(secret_of(row["public_id"]), shown.digits, now)) is not None
    ]
    if not found:
        raise rules.CodeUnknown
    if len(found) > 1:
        raise rules.CodeAmbiguous
    return found[0]


async def _write(
    principal: Principal, scope: Scope, sign_up: UUID, *, step: int | None = None, wanted: Moment | None = None
) -> Checked:
    row = await _locked(sign_up)
    scope.require_place(row["station_code"])
    now = clock.now()
    if row["account_id"] == principal.account_id:
        raise OwnAttendance
    if step is not None and step <= row["last_step"]:
        raise rules.CodeUsed
    if not rules.counts_at(row["starts"], row["ends"], now):
        raise rules.NotTheTime
    moment = rules.next_moment(row["arrived_at"], row["left_at"], now, wanted)
    if moment is Moment.IN:
        status = advance(TRANSITIONS, SignUpStatus(row["status"]), SignUpEvent.CHECK_IN)
        await database.update_row("sign_up", row["id"], {"status": status})
    if moment is not None:
        await _insert(principal, row["id"], moment, step, now)
    return Checked(row["public_id"], moment)


async def _insert(principal: Principal, sign_up_id: int, moment: Moment, step: int | None, now: datetime) -> None:
    seen = {"sign_up_id": sign_up_id, "moment": moment, "step": step, "at": now, "recorded_by": principal.actor}
    found = await database.insert_row("check_in", seen)
    await audit.record(principal, f"check_in.{moment}", "check_in", found, sign_up=sign_up_id)


async def _locked(sign_up: UUID) -> Row:
    position_id = await database.fetch_value("SELECT position_id FROM sign_up WHERE public_id = $1", sign_up)
    await database.locked("position", [position_id] if position_id else [])
    row = await database.fetch_one(_LOAD, sign_up)
    if row is None:
        raise NotFound
    return row
