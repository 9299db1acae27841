"""Yes or no to an offer. With a yes the seats change hands in one transaction, so that nobody's place is ever free."""

from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from app.core.state import advance
from volunteers.assignments.exchanges import telling
from volunteers.assignments.exchanges.offers import Offer, locked_offer, person_of
from volunteers.assignments.exchanges.rules import (
    CONSTRAINTS,
    TRANSITIONS,
    OfferEvent,
    OfferIsOver,
    OfferStatus,
    OtherCannotCome,
    reasons_to_refuse,
)
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups import rules as sign_ups
from volunteers.assignments.sign_ups.rules import EndedReason, Origin, SignUpEvent, SignUpStatus, refused
from volunteers.people.rules import NotJoined

_LET_GO = "UPDATE sign_up SET status = $2, ended_at = $3, ended_reason = $4 WHERE id = ANY ($1)"
_SEAT = """
INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_by, created_at)
SELECT p.id, a.id, wanted.person_id, a.starts, a.ends, 'confirmed', $3, $4, $5
FROM unnest($1::bigint[], $2::bigint[]) WITH ORDINALITY AS wanted (position_id, person_id, number)
JOIN position p ON p.id = wanted.position_id JOIN assignment a ON a.id = p.assignment_id
ORDER BY wanted.number RETURNING id
"""


async def accept(principal: Principal, public_id: UUID) -> None:
    """Go in somebody's place, and let them go in one's own if they asked for that."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with database.refusing({**sign_ups.CONSTRAINTS, **CONSTRAINTS}), transaction():
        me = await _me(principal)
        offer = await locked_offer(public_id, [me])
        _require_asked(offer, me)
        now = clock.now()
        if offer.status is not OfferStatus.OFFERED or offer.expires_at <= now:
            raise OfferIsOver
        status = advance(TRANSITIONS, offer.status, OfferEvent.ACCEPT)
        await _weigh(offer, me)
        answered = {"status": status, "to_person_id": me, "answered_at": now}
        await database.update_row("seat_exchange", offer.id, answered)
        made = await _change_hands(principal, offer, me)
        await database.update_row(
            "seat_exchange", offer.id, dict(zip(("given_sign_up_id", "taken_sign_up_id"), made, strict=False))
        )
        await audit.record(principal, "seat_exchange.accepted", "seat_exchange", offer.id, kind=offer.kind)
        await telling.tell_accepted(offer.id)


async def decline(principal: Principal, public_id: UUID) -> None:
    """Say that one cannot go; nothing else changes. A link stays open for the next who reads it."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    async with transaction():
        me = await _me(principal)
        offer = await locked_offer(public_id, [me])
        if offer.by_link or offer.to_person_id != me:
            raise NotFound
        status = advance(TRANSITIONS, offer.status, OfferEvent.DECLINE)
        await database.update_row("seat_exchange", offer.id, {"status": status, "answered_at": clock.now()})
        await audit.record(principal, "seat_exchange.declined", "seat_exchange", offer.id)
        await telling.tell_declined(offer.id)


async def _me(principal: Principal) -> int:
    me = await person_of(principal.actor)
    if me is None:
        raise NotJoined
    return me


def _require_asked(offer: Offer, me: int) -> None:
    asked = offer.own.person_id != me if offer.by_link else offer.to_person_id == me
    if not asked:
        raise NotFound


async def _weigh(offer: Offer, me: int) -> None:
    """Weigh both sides under the locks by the same rules as any sign-up, each without the seat it gives up."""
    now = clock.now()
    if any(SignUpStatus(seat.status) is not SignUpStatus.CONFIRMED or seat.starts <= now for seat in offer.seats):
        raise OfferIsOver
    seats = await loading.seats(seat.position_id for seat in offer.seats)
    people = await loading.candidates([me, offer.own.person_id], seats.values())
    own, theirs = offer.own, offer.theirs
    leaving = theirs.assignment_id if theirs else None
    if reasons := reasons_to_refuse(seats[own.position_id], people[me], now, leaving):
        raise refused(reasons)
    if theirs is not None and reasons_to_refuse(
        seats[theirs.position_id], people[own.person_id], now, own.assignment_id
    ):
        raise OtherCannotCome


async def _change_hands(principal: Principal, offer: Offer, me: int) -> list[int]:
    """End what is given up and seat who comes for it; return the new sign-ups, the given one first."""
    reason = EndedReason.SUBSTITUTED if offer.theirs is None else EndedReason.SWAPPED
    let_go = [seat.sign_up_id for seat in offer.seats]
    status = sign_ups.TRANSITIONS[SignUpStatus.CONFIRMED, SignUpEvent.WITHDRAW]
    now = clock.now()
    await database.execute(_LET_GO, let_go, status, now, reason)
    comers = [me, offer.own.person_id][: len(let_go)]
    rows = await database.fetch(
        _SEAT, [seat.position_id for seat in offer.seats], comers, *(Origin.EXCHANGE, principal.account_id, now)
    )
    made = sorted(int(row["id"]) for row in rows)  # identity values rise in the order of insertion
    await audit.record_many(
        principal,
        [
            *(audit.Entry("sign_up.withdraw", "sign_up", one, {"reason": reason}) for one in let_go),
            *(audit.Entry("sign_up.created", "sign_up", one, {"origin": Origin.EXCHANGE}) for one in made),
        ],
    )
    return made
