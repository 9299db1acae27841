"""The station's side: somebody did not come, call for one more, stop looking; and what time does."""

from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.state import advance
from volunteers.assignments.call_outs import rules
from volunteers.assignments.call_outs.opening import open_for
from volunteers.assignments.call_outs.rules import CallOutEvent, CallOutStatus, Cause, TooLateToCall
from volunteers.assignments.call_outs.waves import ask_next, others_come_late
from volunteers.assignments.service import lock_assignment
from volunteers.assignments.sign_ups.queries import station_scope
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import CONSTRAINTS, confirm_within

DUE = "c.status = 'open' AND c.next_wave_at <= $1"
SETTLED = """
c.status IN ('open', 'exhausted') AND (p.capacity - p.booked < c.missing OR a.ends <= $1 OR a.status = 'cancelled')
"""
_FIND = """
SELECT c.position_id FROM call_out c JOIN position p ON p.id = c.position_id
JOIN assignment a ON a.id = p.assignment_id WHERE %s ORDER BY c.position_id
"""
_LOCKED = """
SELECT c.*, a.starts, a.ends, a.status AS assignment_status, p.capacity - p.booked AS free
FROM call_out c JOIN position p ON p.id = c.position_id JOIN assignment a ON a.id = p.assignment_id
WHERE c.position_id = $1 FOR NO KEY UPDATE OF c
"""


async def call_by_hand(principal: Principal, reference: str, number: int) -> UUID:
    """Look for one person more for a position; return the call-out's public id."""
    scope = station_scope(principal)
    async with transaction():
        assignment = await lock_assignment(reference)
        scope.require_place(assignment["station_code"])
        position_id = await database.fetch_value(
            "SELECT id FROM position WHERE assignment_id = $1 AND number = $2", assignment["id"], number
        )
        if position_id is None:
            raise NotFound
        if assignment["status"] not in ("open", "closed") or assignment["ends"] <= clock.now():
            raise TooLateToCall
        row = await open_for(principal, position_id, Cause.BY_HAND)
    public_id: UUID = row["public_id"]
    return public_id


async def did_not_come(principal: Principal, sign_up: UUID) -> bool:
    """Write down that somebody did not come and, while the shift lasts, call for another one in the same transaction.

    Return whether people are being called. The word of the station is an attendance like any other: a second
    party gives it, and it is corrected, never edited.
    """
    principal.scope(Permission.ATTENDANCE_CONFIRM)
    async with database.refusing(CONSTRAINTS), transaction():
        confirmed = await confirm_within(principal, [Presence(sign_up, Outcome.ABSENT)])
        if refusal := next(iter(confirmed.refused.values()), None):
            raise refusal
        shift = await database.fetch_one(
            """SELECT s.position_id, a.ends, a.status, p.capacity - p.booked AS free FROM sign_up s
               JOIN assignment a ON a.id = s.assignment_id JOIN position p ON p.id = s.position_id
               WHERE s.public_id = $1""",
            sign_up,
        )
        if shift is None or shift["ends"] <= clock.now() or shift["free"] <= 0:
            return False
        await open_for(principal, shift["position_id"], Cause.ABSENT)
    return True


async def stop(principal: Principal, public_id: UUID) -> None:
    """Stop looking; those who were asked see that nobody is needed."""
    scope = station_scope(principal)
    async with transaction():
        found = await database.fetch_one(
            """SELECT c.position_id, place.code FROM call_out c JOIN position p ON p.id = c.position_id
               JOIN assignment a ON a.id = p.assignment_id JOIN station ON station.id = a.station_id
               JOIN place ON place.id = station.place_id WHERE c.public_id = $1""",
            public_id,
        )
        if found is None:
            raise NotFound
        scope.require_place(found["code"])
        await database.locked("position", [found["position_id"]])
        row = await database.fetch_one(_LOCKED, found["position_id"])
        if row is not None:
            await _end(principal, row, CallOutEvent.CANCEL)


async def move_on(principal: Principal) -> dict[str, int]:
    """Do what time asks for: end what is settled, ask the next where nobody answered, close links that have run out.

    Each call-out in a transaction of its own; one that fails keeps no other from its turn.
    """
    now = clock.now()
    settled = await database.fetch(_FIND % SETTLED, now)
    for row in settled:
        await _settle(principal, row["position_id"])
    asked = 0
    for row in await database.fetch(_FIND % DUE, now):
        asked += await _next_wave(principal, row["position_id"])
    expired = await database.execute(
        "UPDATE call_out_ask SET status = 'expired' WHERE status IN ('sent', 'seen') AND expires_at <= $1", now
    )
    return {"settled": len(settled), "asked": asked, "expired": expired}


async def _settle(principal: Principal, position_id: int) -> None:
    async with transaction():
        row = await _lock(position_id)
        over = row["ends"] <= clock.now() or row["assignment_status"] == "cancelled"
        if row["status"] not in (CallOutStatus.OPEN, CallOutStatus.EXHAUSTED):
            return
        if over:
            await _end(principal, row, CallOutEvent.CANCEL)
        elif row["free"] < row["missing"]:
            # Somebody took the seat by another way.
            filled = {} if row["free"] else _ended(CallOutEvent.FILL, row)
            await database.update_row("call_out", row["id"], {"missing": row["free"], **filled})
            if filled:
                await others_come_late(row["id"])
            await audit.record(principal, "call_out.seats_taken", "call_out", row["id"], missing=row["free"])


async def _next_wave(principal: Principal, position_id: int) -> int:
    async with transaction():
        row = await _lock(position_id)
        if row["status"] != CallOutStatus.OPEN or row["next_wave_at"] > clock.now():
            return 0
        return await ask_next(principal, row)


async def _lock(position_id: int) -> Row:
    await database.locked("position", [position_id])
    row = await database.fetch_one(_LOCKED, position_id)
    if row is None:
        raise NotFound
    return row


async def _end(principal: Principal, row: Row, event: CallOutEvent) -> None:
    await database.update_row("call_out", row["id"], _ended(event, row))
    await audit.record(principal, f"call_out.{event}", "call_out", row["id"])


def _ended(event: CallOutEvent, row: Row) -> dict[str, object]:
    status = advance(rules.TRANSITIONS, CallOutStatus(row["status"]), event)
    return {"status": status, "next_wave_at": None, "ended_at": clock.now()}
