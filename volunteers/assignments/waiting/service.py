"""Joining and leaving the line, changing its order in public, and taking back what nobody answered."""

from datetime import datetime
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from app.core.state import advance
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups import rules as sign_ups
from volunteers.assignments.sign_ups.eligibility import reasons_against
from volunteers.assignments.sign_ups.releasing import lock_seats_of, release, sign_ups_where
from volunteers.assignments.sign_ups.rules import EndedReason, Reason
from volunteers.assignments.waiting.rules import (
    TRANSITIONS,
    AlreadyWaiting,
    EntryEvent,
    EntryStatus,
    NoSuchPlace,
    ReasonForMovingMissing,
    SeatsLeft,
)
from volunteers.people.rules import NotJoined

_OVERDUE = "s.status = 'offered' AND s.offer_expires_at <= $1"


async def join_line(principal: Principal, position_id: int) -> UUID:
    """Stand in line for a full position under the same rules as for signing up; return the entry's public id."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    refusals = {"waiting_entry_once": AlreadyWaiting, "sign_up_regulars_first": sign_ups.RegularsFirst}
    async with database.refusing(refusals), transaction():
        person_id = await database.fetch_value("SELECT lock_seat_then_person($1, $2)", position_id, principal.actor)
        if person_id is None:
            raise NotJoined
        seat = (await loading.seats([position_id])).get(position_id)
        if seat is None:
            raise NotFound
        if seat.free > 0:
            raise SeatsLeft
        person = (await loading.candidates([person_id], [seat]))[person_id]
        reasons = reasons_against(seat, person, clock.now())
        reasons.pop(Reason.SEATS_TAKEN, None)
        if reasons:
            raise sign_ups.refused(reasons)
        row = await database.fetch_one(_JOIN, position_id, person_id, clock.now())
        if row is None:
            raise NotFound
        await audit.record(principal, "waiting_entry.joined", "waiting_entry", row["id"], position=position_id)
    public_id: UUID = row["public_id"]
    return public_id


async def leave_line(principal: Principal, public_id: UUID) -> None:
    """Give up one's place in line; an offer is declined at the sign-up instead."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with transaction():
        row = await _lock_entry(public_id)
        own = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", principal.actor)
        if row["person_id"] != own:
            raise NotFound
        status = advance(TRANSITIONS, EntryStatus(row["status"]), EntryEvent.LEAVE)
        await database.update_row("waiting_entry", row["id"], {"status": status})
        await audit.record(principal, "waiting_entry.left", "waiting_entry", row["id"])


async def move_in_line(principal: Principal, public_id: UUID, place: int, reason: str) -> None:
    """Put somebody at another place in line; who, where and why is public from then on."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    if not reason.strip():
        raise ReasonForMovingMissing
    async with transaction():
        row = await _lock_entry(public_id)
        scope.require_place(row["station_code"])
        rows = await database.fetch(_LINE, row["position_id"])
        order = [int(one["id"]) for one in rows]
        if row["id"] not in order:
            raise NotFound
        if not 1 <= place <= len(order):
            raise NoSuchPlace(last=len(order))
        before = order.index(row["id"]) + 1
        if before == place:
            return
        order.remove(row["id"])
        order.insert(place - 1, row["id"])
        await database.execute(_REORDER, order, [one["line"] for one in rows])
        await database.insert_row(
            "waiting_event",
            {
                "waiting_entry_id": row["id"],
                "kind": "moved",
                "from_place": before,
                "to_place": place,
                "reason": reason.strip(),
                "decided_by": principal.actor,
                "decided_at": clock.now(),
            },
        )
        await audit.record(
            principal, "waiting_entry.moved", "waiting_entry", row["id"], from_place=before, to_place=place
        )


async def end_overdue_offers(principal: Principal, now: datetime) -> int:
    """Take back the offers whose time is over and pass their seats on; return how many."""
    principal.scope(Permission.ASSIGNMENT_PUBLISH)
    async with transaction():
        overdue = await sign_ups_where(_OVERDUE, now)
        await lock_seats_of(overdue)
        # Who accepted while this waited for the locks has accepted: the same moment counts for both.
        still = set(await sign_ups_where(_OVERDUE, now))
        return len(await release(principal, [found for found in overdue if found in still], EndedReason.OFFER_EXPIRED))


async def _lock_entry(public_id: UUID) -> database.Row:
    """Lock an entry's position, which is the lock of its line, and read the entry as it now is."""
    position_id = await database.fetch_value("SELECT position_id FROM waiting_entry WHERE public_id = $1", public_id)
    if position_id is None:
        raise NotFound
    await database.locked("position", [position_id])
    row = await database.fetch_one(_ENTRY, public_id)
    if row is None:
        raise NotFound
    return row


_JOIN = """
INSERT INTO waiting_entry (position_id, person_id, line, status, joined_at)
SELECT $1, $2, coalesce((SELECT max(line) FROM waiting_entry WHERE position_id = $1), 0) + 1, 'waiting', $3
RETURNING id, public_id
"""
_ENTRY = """
SELECT w.id, w.position_id, w.person_id, w.status, place.code AS station_code
FROM waiting_entry w JOIN position p ON p.id = w.position_id JOIN assignment a ON a.id = p.assignment_id
JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
WHERE w.public_id = $1
"""
_LINE = "SELECT id, line FROM waiting_entry WHERE position_id = $1 AND status = 'waiting' ORDER BY line, id"
_REORDER = """
UPDATE waiting_entry w SET line = wanted.line
FROM unnest($1::bigint[], $2::integer[]) AS wanted (id, line) WHERE w.id = wanted.id AND w.line <> wanted.line
"""
