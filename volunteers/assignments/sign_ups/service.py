"""Signing up and withdrawing: short transactions in the lock order, positions by id, then persons by id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.state import advance
from volunteers.assignments.call_outs.opening import after_leaving
from volunteers.assignments.call_outs.rules import Cause
from volunteers.assignments.sign_ups import loading, rules
from volunteers.assignments.sign_ups.eligibility import reasons_against
from volunteers.assignments.sign_ups.rules import (
    CONSTRAINTS,
    EndedReason,
    NotOpenForSignUp,
    Origin,
    SignUpEvent,
    SignUpRefused,
    SignUpStatus,
)
from volunteers.assignments.waiting.promotion import promote
from volunteers.assignments.waiting.rules import CONSTRAINTS as WAITING_CONSTRAINTS
from volunteers.assignments.waiting.rules import OfferExpired
from volunteers.people.rules import NotJoined

_INSERT = """
INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_by, created_at)
SELECT wanted.position_id, a.id, wanted.person_id, a.starts, a.ends, $3, $4, $5, $6
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS wanted (position_id, person_id, number)
JOIN position p ON p.id = wanted.position_id JOIN assignment a ON a.id = p.assignment_id
ORDER BY wanted.number RETURNING id, public_id, position_id, person_id
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One person for one position."""

    position_id: int
    person_id: int


@dataclass(frozen=True, slots=True)
class SignedUp:
    """What became of many wishes: ids of sign-ups, and a refusal for each wish left out."""

    taken: Mapping[Wanted, int]
    refused: Mapping[Wanted, SignUpRefused | NotFound] = field(default_factory=dict)


async def sign_up(principal: Principal, position_id: int) -> UUID:
    """Take a seat for oneself; return the sign-up's public id, or raise with every reason against it."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with database.refusing(CONSTRAINTS), transaction():
        person_id = await _lock_seat(principal.actor, position_id)
        row = await take_seat(principal, position_id, person_id, Origin.SELF)
    public_id: UUID = row["public_id"]
    return public_id


async def take_seat(principal: Principal, position_id: int, person_id: int, origin: Origin) -> Row:
    """Take a seat for a person as part of a larger use case, in its transaction; both are locked by now."""
    # Read after the locks, so that what others committed meanwhile counts.
    seat = (await loading.seats([position_id])).get(position_id)
    if seat is None:
        raise NotFound
    person = (await loading.candidates([person_id], [seat]))[person_id]
    if reasons := reasons_against(seat, person, clock.now(), origin):
        raise rules.refused(reasons)
    row = (await _insert(principal, [Wanted(position_id, person_id)], origin))[0]
    await audit.record(principal, "sign_up.created", "sign_up", row["id"], position=position_id, origin=origin)
    return row


async def sign_up_many(
    principal: Principal, wishes: Sequence[Wanted], origin: Origin, *, offered: bool = False, all_or_none: bool = False
) -> SignedUp:
    """Seat many people: a dispatch plan, or a list that an organization hands in.

    Wishes are weighed in their order against the same rules as a person's own, each taken or refused with its
    reasons; with ``all_or_none`` the first refusal is raised instead.
    """
    async with database.refusing(CONSTRAINTS), transaction():
        return await seat_many(principal, wishes, origin, offered=offered, all_or_none=all_or_none)


async def seat_many(
    principal: Principal, wishes: Sequence[Wanted], origin: Origin, *, offered: bool = False, all_or_none: bool = False
) -> SignedUp:
    """Seat many people as part of a larger use case, in its transaction."""
    permission = Permission.DISPATCH_PUBLISH if origin is Origin.DISPATCH else Permission.ASSIGNMENT_PUBLISH
    scope = principal.scope(permission)
    if origin is Origin.SELF:
        raise ValueError("people sign themselves up one by one")
    if not wishes:
        return SignedUp({})
    for code in await _station_codes(wishes):
        scope.require_place(code)
    return await seat_allowed(principal, wishes, origin, offered=offered, all_or_none=all_or_none)


async def seat_allowed(
    principal: Principal, wishes: Sequence[Wanted], origin: Origin, *, offered: bool = False, all_or_none: bool = False
) -> SignedUp:
    """Seat many people for a use case that has seen to it that its principal may, in its transaction."""
    await database.locked("position", {wish.position_id for wish in wishes})
    await database.locked("person", {wish.person_id for wish in wishes})
    fit, refused = await weigh(wishes, origin)
    if refused and all_or_none:
        raise next(iter(refused.values()))
    rows = await _insert(principal, fit, origin, SignUpStatus.OFFERED if offered else SignUpStatus.CONFIRMED)
    taken = {Wanted(row["position_id"], row["person_id"]): int(row["id"]) for row in rows}
    await audit.record_many(
        principal,
        [
            audit.Entry("sign_up.created", "sign_up", found, {"position": wish.position_id, "origin": origin})
            for wish, found in taken.items()
        ],
    )
    return SignedUp(taken, refused)


async def withdraw(principal: Principal, public_id: UUID) -> None:
    """Give one's own seat back before the assignment starts."""
    await _move_own(principal, public_id, SignUpEvent.WITHDRAW)


async def accept(principal: Principal, public_id: UUID) -> None:
    """Say yes to a seat that was offered."""
    await _move_own(principal, public_id, SignUpEvent.ACCEPT)


async def _move_own(principal: Principal, public_id: UUID, event: SignUpEvent) -> None:
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with database.refusing({**CONSTRAINTS, **WAITING_CONSTRAINTS}), transaction():
        await move_seat(principal, public_id, event, of_account=principal.actor)


async def move_seat(principal: Principal, public_id: UUID, event: SignUpEvent, *, of_account: int) -> None:
    """Accept or give back the seat of an account's person as part of a larger use case, in its transaction."""
    position_id = await database.fetch_value("SELECT position_id FROM sign_up WHERE public_id = $1", public_id)
    if position_id is None:
        raise NotFound
    person_id = await _lock_seat(of_account, position_id, with_line=event is SignUpEvent.WITHDRAW)
    row = await database.fetch_one(
        """SELECT id, person_id, status, starts, offer_expires_at FROM sign_up
           WHERE public_id = $1 FOR NO KEY UPDATE""",
        public_id,
    )
    if row is None or row["person_id"] != person_id:
        raise NotFound
    status = advance(rules.TRANSITIONS, SignUpStatus(row["status"]), event)
    if row["starts"] <= clock.now():
        raise NotOpenForSignUp
    if event is SignUpEvent.ACCEPT and row["offer_expires_at"] and row["offer_expires_at"] <= clock.now():
        raise OfferExpired
    ended = {"ended_at": clock.now(), "ended_reason": EndedReason.OWN_WISH}
    said = ended if event is SignUpEvent.WITHDRAW else {"accepted_at": clock.now()}
    await database.update_row("sign_up", row["id"], {"status": status, **said})
    await audit.record(principal, f"sign_up.{event}", "sign_up", row["id"])
    if event is SignUpEvent.WITHDRAW:
        await promote(principal, [position_id])
    if event is SignUpEvent.WITHDRAW and row["status"] == SignUpStatus.CONFIRMED:
        await after_leaving(principal, [row["id"]], Cause.WITHDRAWN)


async def _lock_seat(of_account: int, position_id: int, *, with_line: bool = False) -> int:
    """Lock a position, then the person and, where a seat may pass on, who waits; return the person's id."""
    locking = "lock_seat_then_line" if with_line else "lock_seat_then_person"
    found = await database.fetch_value(f"SELECT {locking}($1, $2)", position_id, of_account)
    if found is None:
        raise NotJoined
    return int(found)


async def _station_codes(wishes: Sequence[Wanted]) -> list[str]:
    rows = await database.fetch(
        """SELECT DISTINCT place.code FROM position p JOIN assignment a ON a.id = p.assignment_id
           JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id WHERE p.id = ANY($1)""",
        list({wish.position_id for wish in wishes}),
    )
    return [row["code"] for row in rows]


async def weigh(
    wishes: Sequence[Wanted], origin: Origin
) -> tuple[list[Wanted], dict[Wanted, SignUpRefused | NotFound]]:
    """Sort the wishes into fit and refused; each one taken counts against those after it."""
    seats = await loading.seats(wish.position_id for wish in wishes)
    if not seats:
        return [], {wish: NotFound() for wish in wishes}
    people = await loading.candidates((wish.person_id for wish in wishes), seats.values())
    now = clock.now()
    fit: list[Wanted] = []
    refused: dict[Wanted, SignUpRefused | NotFound] = {}
    for wish in dict.fromkeys(wishes):
        seat, person = seats.get(wish.position_id), people.get(wish.person_id)
        if seat is None or person is None:
            refused[wish] = NotFound()
        elif reasons := reasons_against(seat, person, now, origin):
            refused[wish] = rules.refused(reasons)
        else:
            fit.append(wish)
            seats[wish.position_id] = replace(seat, free=seat.free - 1)
            people[wish.person_id] = person.engaged(seat.at)
    return fit, refused


async def _insert(
    principal: Principal, wishes: Sequence[Wanted], origin: Origin, status: SignUpStatus = SignUpStatus.CONFIRMED
) -> list[Row]:
    return await database.fetch(
        _INSERT,
        [wish.position_id for wish in wishes],
        [wish.person_id for wish in wishes],
        *(status, origin, principal.account_id, clock.now()),
    )
