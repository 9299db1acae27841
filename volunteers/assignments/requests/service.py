"""Asking for a seat, taking the request back, and answering many requests in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.state import advance
from app.core.text import Message
from volunteers.assignments.requests import rules, telling
from volunteers.assignments.requests.rules import (
    TRANSITIONS,
    NobodyTicked,
    NoRequestNeeded,
    NotAllFit,
    ReasonForDecliningMissing,
    RequestEvent,
    RequestStatus,
)
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups import rules as sign_ups
from volunteers.assignments.sign_ups.eligibility import reasons_against
from volunteers.assignments.sign_ups.rules import Origin
from volunteers.assignments.sign_ups.service import Wanted, seat_many
from volunteers.people.rules import NotJoined

_ASK = """
INSERT INTO seat_request (position_id, assignment_id, person_id, note, status, asked_at)
SELECT id, assignment_id, $2, $3, $4, $5 FROM position WHERE id = $1 RETURNING id, public_id
"""
_ASKED = """
SELECT r.id, r.public_id, r.status, r.position_id, r.person_id, person.name, person.account_id,
       place.code AS station_code, a.reference, a.title_zh, a.starts
FROM seat_request r JOIN person ON person.id = r.person_id JOIN assignment a ON a.id = r.assignment_id
JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
"""


@dataclass(frozen=True, slots=True)
class Chosen:
    """How many were chosen, and for each name left out why."""

    taken: int
    refused: Mapping[str, Message] = field(default_factory=dict)


async def ask(principal: Principal, position_id: int, note: str = "") -> UUID:
    """Ask for a seat under the same rules as for taking one; return the request's public id."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with database.refusing(rules.CONSTRAINTS), transaction():
        person_id = await database.fetch_value("SELECT lock_seat_then_person($1, $2)", position_id, principal.actor)
        if person_id is None:
            raise NotJoined
        seat = (await loading.seats([position_id])).get(position_id)
        if seat is None:
            raise NotFound
        person = (await loading.candidates([person_id], [seat]))[person_id]
        if not seat.by_request and person.bar is None:
            raise NoRequestNeeded
        if reasons := rules.against(reasons_against(seat, person, clock.now())):
            raise sign_ups.refused(reasons)
        row = await database.fetch_one(_ASK, position_id, person_id, note.strip(), RequestStatus.ASKED, clock.now())
        if row is None:
            raise NotFound
        await audit.record(principal, "seat_request.asked", "seat_request", row["id"], position=position_id)
    public_id: UUID = row["public_id"]
    return public_id


async def take_back(principal: Principal, public_id: UUID) -> None:
    """Take one's own request back."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with transaction():
        [row] = await _locked([public_id])
        if row["account_id"] != principal.actor:
            raise NotFound
        status = advance(TRANSITIONS, RequestStatus(row["status"]), RequestEvent.WITHDRAW)
        await database.update_row("seat_request", row["id"], {"status": status, "answered_at": clock.now()})
        await audit.record(principal, "seat_request.withdrawn", "seat_request", row["id"])


async def choose(principal: Principal, public_ids: Sequence[UUID], *, all_or_none: bool = False) -> Chosen:
    """Give those who asked their seats, in the order given, as far as they fit; with ``all_or_none`` all or nobody."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    async with database.refusing(sign_ups.CONSTRAINTS), transaction():
        rows = await _locked(public_ids)
        for row in rows:
            scope.require_place(row["station_code"])
            advance(TRANSITIONS, RequestStatus(row["status"]), RequestEvent.CHOOSE)
        by_wish = {Wanted(row["position_id"], row["person_id"]): row for row in rows}
        result = await seat_many(principal, list(by_wish), Origin.CHOSEN)
        refused = {by_wish[wish]["name"]: error.text() for wish, error in result.refused.items()}
        if refused and all_or_none:
            raise NotAllFit(names="、".join(refused))
        await _answer_chosen(principal, [(by_wish[wish], taken) for wish, taken in result.taken.items()])
    return Chosen(len(result.taken), refused)


async def decline(principal: Principal, public_ids: Sequence[UUID], reason: str) -> int:
    """Say no to some who asked, with the reason that they are told; return how many they were."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    if not reason.strip():
        raise ReasonForDecliningMissing
    async with transaction():
        rows = await _locked(public_ids)
        for row in rows:
            scope.require_place(row["station_code"])
            advance(TRANSITIONS, RequestStatus(row["status"]), RequestEvent.DECLINE)
        await database.execute(
            """UPDATE seat_request SET status = $2, reason = $3, answered_at = $4, answered_by = $5
               WHERE id = ANY ($1)""",
            *([row["id"] for row in rows], RequestStatus.DECLINED, reason.strip(), clock.now(), principal.actor),
        )
        await _record(principal, "seat_request.declined", rows)
        await telling.tell_declined(rows, reason.strip())
    return len(rows)


async def end_unanswered(principal: Principal, now: datetime) -> int:
    """End the requests whose shifts have begun, and tell those who asked; return how many they were."""
    principal.scope(Permission.ASSIGNMENT_PUBLISH)
    async with transaction():
        due = await database.fetch(
            """SELECT r.public_id FROM seat_request r JOIN assignment a ON a.id = r.assignment_id
               WHERE r.status = 'asked' AND a.starts <= $1""",
            now,
        )
        rows = await _locked([row["public_id"] for row in due]) if due else []
        rows = [row for row in rows if row["status"] == RequestStatus.ASKED]
        await database.execute(
            "UPDATE seat_request SET status = $2, answered_at = $3 WHERE id = ANY ($1)",
            *([row["id"] for row in rows], RequestStatus.ENDED, now),
        )
        await _record(principal, "seat_request.ended", rows)
        await telling.tell_unanswered(rows)
    return len(rows)


async def _answer_chosen(principal: Principal, seated: Sequence[tuple[Row, int]]) -> None:
    await database.execute(
        """UPDATE seat_request r SET status = 'chosen', sign_up_id = seated.sign_up, answered_at = $3, answered_by = $4
           FROM unnest($1::bigint[], $2::bigint[]) AS seated (request, sign_up) WHERE r.id = seated.request""",
        *([row["id"] for row, _ in seated], [taken for _, taken in seated], clock.now(), principal.actor),
    )
    rows = [row for row, _ in seated]
    await _record(principal, "seat_request.chosen", rows)
    await telling.tell_chosen(rows)


async def _locked(public_ids: Sequence[UUID]) -> list[Row]:
    """Lock the requests' positions and people, in the order that everybody keeps, and read them as they now are."""
    wanted = list(dict.fromkeys(public_ids))
    if not wanted:
        raise NobodyTicked
    found = await database.fetch("SELECT position_id, person_id FROM seat_request WHERE public_id = ANY ($1)", wanted)
    if len(found) < len(wanted):
        raise NotFound
    await database.locked("position", {row["position_id"] for row in found})
    await database.locked("person", {row["person_id"] for row in found})
    rows = await database.fetch(f"{_ASKED} WHERE r.public_id = ANY ($1)", wanted)
    return sorted(rows, key=lambda row: wanted.index(row["public_id"]))


async def _record(principal: Principal, action: str, rows: Sequence[Row]) -> None:
    entries = [audit.Entry(action, "seat_request", row["id"], {"position": row["position_id"]}) for row in rows]
    await audit.record_many(principal, entries)
