"""Asking somebody to go in one's place, taking the question back, and what time does to it."""

from datetime import datetime
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from app.core.state import advance
from volunteers.assignments.exchanges import telling
from volunteers.assignments.exchanges.offers import HeldSeat, locked_offer, locked_offers, locked_seats, person_of
from volunteers.assignments.exchanges.rules import (
    CONSTRAINTS,
    TRANSITIONS,
    Kind,
    OfferEvent,
    OfferStatus,
    OtherCannotCome,
    SeatNotExchangeable,
    StationChooses,
    TooLateToExchange,
    answer_by,
    reasons_to_refuse,
)
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups.rules import refused
from volunteers.people.rules import NotJoined


async def offer_to(principal: Principal, sign_up: UUID, person: UUID, note: str = "") -> UUID:
    """Ask one person to go in one's place; return the offer's public id."""
    async with database.refusing(CONSTRAINTS), transaction():
        found = await database.fetch_value("SELECT id FROM person WHERE public_id = $1", person)
        if found is None:
            raise NotFound
        own = await _own_seat(principal, sign_up, also=found)
        return await _offer(principal, own, note, to_person_id=found)


async def offer_by_link(principal: Principal, sign_up: UUID, note: str = "") -> UUID:
    """Ask whoever opens the link; the first who may go and says yes has the seat. Return the offer's public id."""
    async with database.refusing(CONSTRAINTS), transaction():
        return await _offer(principal, await _own_seat(principal, sign_up), note)


async def propose_swap(principal: Principal, sign_up: UUID, theirs: UUID, note: str = "") -> UUID:
    """Ask somebody to change seats; return the offer's public id."""
    async with database.refusing(CONSTRAINTS), transaction():
        me = await _me(principal)
        seats = await locked_seats([sign_up, theirs], [me])
        own, other = seats.get(sign_up), seats.get(theirs)
        if own is None or other is None or own.person_id != me or other.person_id == me:
            raise NotFound
        return await _offer(principal, own, note, to_person_id=other.person_id, theirs=other)


async def withdraw_offer(principal: Principal, public_id: UUID) -> None:
    """Take one's own question back; the seat stays one's own."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with transaction():
        me = await _me(principal)
        offer = await locked_offer(public_id, [me])
        if offer.own.person_id != me:
            raise NotFound
        status = advance(TRANSITIONS, offer.status, OfferEvent.WITHDRAW)
        await database.update_row("seat_exchange", offer.id, {"status": status, "answered_at": clock.now()})
        await audit.record(principal, "seat_exchange.withdrawn", "seat_exchange", offer.id)
        await telling.tell_withdrawn(offer.id)


async def expire_overdue(principal: Principal, now: datetime) -> int:
    """End the offers that nobody answered in time, and tell those who asked that the seat is still theirs."""
    principal.scope(Permission.ASSIGNMENT_PUBLISH)
    async with transaction():
        due = await locked_offers("WHERE o.status = 'offered' AND o.expires_at <= $1", now)
        over = [offer.id for offer in due if offer.status is OfferStatus.OFFERED]
        status = advance(TRANSITIONS, OfferStatus.OFFERED, OfferEvent.EXPIRE)
        await database.execute(
            "UPDATE seat_exchange SET status = $2, answered_at = $3 WHERE id = ANY ($1)", over, status, now
        )
        await audit.record_many(
            principal, [audit.Entry("seat_exchange.expired", "seat_exchange", one, {}) for one in over]
        )
        await telling.tell_expired(over)
    return len(over)


async def _own_seat(principal: Principal, sign_up: UUID, also: int | None = None) -> HeldSeat:
    me = await _me(principal)
    own = (await locked_seats([sign_up], [me] if also is None else [me, also])).get(sign_up)
    if own is None or own.person_id != me:
        raise NotFound
    return own


async def _me(principal: Principal) -> int:
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    me = await person_of(principal.actor)
    if me is None:
        raise NotJoined
    return me


async def _offer(
    principal: Principal, own: HeldSeat, note: str, to_person_id: int | None = None, theirs: HeldSeat | None = None
) -> UUID:
    """Write the offer if the other one could accept it now; the seats and people are locked."""
    if any(seat.status != "confirmed" or seat.over_quota for seat in (own, theirs) if seat):
        raise SeatNotExchangeable
    until = answer_by(clock.now(), *(seat.starts for seat in (own, theirs) if seat))
    if until is None:
        raise TooLateToExchange
    await _weigh(own, to_person_id, theirs)
    values = {
        "kind": Kind.SUBSTITUTION if theirs is None else Kind.SWAP,
        "from_sign_up_id": own.sign_up_id,
        "to_sign_up_id": theirs.sign_up_id if theirs else None,
        "to_person_id": to_person_id,
        "by_link": to_person_id is None,
        "note": note.strip(),
        "status": OfferStatus.OFFERED,
        "offered_at": clock.now(),
        "expires_at": until,
    }
    found = await database.insert_row("seat_exchange", values)
    await audit.record(principal, "seat_exchange.offered", "seat_exchange", found, sign_up=own.sign_up_id)
    await telling.tell_asked(found)
    public_id: UUID = await database.fetch_value("SELECT public_id FROM seat_exchange WHERE id = $1", found)
    return public_id


async def _weigh(own: HeldSeat, to_person_id: int | None, theirs: HeldSeat | None) -> None:
    """Refuse to ask somebody who may not come, and, in a swap, for a seat that is not for the one who asks."""
    held = [seat for seat in (own, theirs) if seat]
    seats = await loading.seats(seat.position_id for seat in held)
    if any(seat.by_request for seat in seats.values()):
        raise StationChooses
    comers = [one for one in (to_person_id, own.person_id if theirs else None) if one is not None]
    people = await loading.candidates(comers, seats.values())
    now = clock.now()
    if to_person_id is not None:
        leaving = theirs.assignment_id if theirs else None
        if reasons_to_refuse(seats[own.position_id], people[to_person_id], now, leaving):
            raise OtherCannotCome
    if theirs is not None:
        reasons = reasons_to_refuse(seats[theirs.position_id], people[own.person_id], now, own.assignment_id)
        if reasons:
            raise refused(reasons)
