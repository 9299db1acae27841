"""One tap: yes or no to an offer, by the link of the text message or signed in. One short transaction.

One tap for all of them is a yes to each by itself: what cannot be taken any more keeps nobody from the others.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from app.core import audit, database
from app.core.access import Permission, Principal, Scope
from app.core.database import Row, transaction
from app.core.errors import DomainError, NotFound
from volunteers.assignments.call_outs.rules import LinkUnknown, token_sha256
from volunteers.assignments.sign_ups.rules import CONSTRAINTS, SignUpEvent, SignUpRefused
from volunteers.assignments.sign_ups.service import move_seat
from volunteers.assignments.waiting.rules import CONSTRAINTS as WAITING_CONSTRAINTS
from volunteers.assignments.waiting.rules import OfferExpired
from volunteers.dispatch.offers.queries import OfferCard, offers_of_token, own_offers
from volunteers.dispatch.offers.rules import NoReason, OfferEvent, OfferIsOver, OfferStatus

REFUSALS = (SignUpRefused, OfferIsOver, OfferExpired)
"""Why a yes may not be taken: the world changed since the offer."""

_OFFER = """
SELECT o.id, o.status, o.sign_up_id, s.public_id AS sign_up, s.position_id, person.account_id
FROM dispatch_offer o JOIN dispatch_invitation i ON i.id = o.invitation_id JOIN sign_up s ON s.id = o.sign_up_id
JOIN person ON person.id = i.person_id WHERE o.public_id = $1
"""
_MEANT = {OfferEvent.ACCEPT: OfferStatus.ACCEPTED, OfferEvent.DECLINE: OfferStatus.DECLINED}
_SEAT = {OfferEvent.ACCEPT: SignUpEvent.ACCEPT, OfferEvent.DECLINE: SignUpEvent.WITHDRAW}


async def answer_by_token(token: str, offer: UUID, event: OfferEvent, reason: NoReason | None = None) -> None:
    """Accept or decline one of the offers behind the link of a text message."""
    row = await database.fetch_one(f"{_OFFER} AND i.token_sha256 = $2", offer, token_sha256(token))
    if row is None:
        raise LinkUnknown
    bearer = Principal(row["account_id"], kind="token", scopes={Permission.ASSIGNMENT_SIGN_UP: Scope()})
    await _answer(bearer, row, event, reason)


async def answer_own(principal: Principal, offer: UUID, event: OfferEvent, reason: NoReason | None = None) -> None:
    """Accept or decline one of one's own offers, signed in."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    row = await database.fetch_one(_OFFER, offer)
    if row is None or row["account_id"] != principal.account_id:
        raise NotFound
    await _answer(principal, row, event, reason)


@dataclass(frozen=True, slots=True)
class NotTaken:
    """An offer whose yes came too late or breaks a rule by now, and why."""

    card: OfferCard
    refusal: DomainError


async def accept_all(principal: Principal, seen: Collection[UUID]) -> list[NotTaken]:
    """Say yes to those of one's open offers that one has seen, the most urgent first; return what was not taken."""
    cards = [card for card in await own_offers(principal) if card.public_id in seen]
    return [failed for card in cards if (failed := await _taken(principal, card)) is not None]


async def accept_all_by_token(token: str, seen: Collection[UUID]) -> list[NotTaken]:
    """Say yes to those behind the link of a text message."""
    cards = [card for card in await offers_of_token(token) if card.public_id in seen]
    return [failed for card in cards if (failed := await _taken(token, card)) is not None]


async def _taken(who: Principal | str, card: OfferCard) -> NotTaken | None:
    """Take one of several: each in a transaction of its own, so that one refusal undoes no other yes."""
    try:
        if isinstance(who, str):
            await answer_by_token(who, card.public_id, OfferEvent.ACCEPT)
        else:
            await answer_own(who, card.public_id, OfferEvent.ACCEPT)
    except REFUSALS as refusal:
        return NotTaken(card, refusal)
    return None


async def _answer(principal: Principal, row: Row, event: OfferEvent, reason: NoReason | None) -> None:
    """Move the seat, which settles the offer; the same answer twice is one answer."""
    async with database.refusing({**CONSTRAINTS, **WAITING_CONSTRAINTS}), transaction():
        await database.locked("position", [row["position_id"]])
        status = await database.fetch_value("SELECT status FROM dispatch_offer WHERE id = $1", row["id"])
        if status == _MEANT[event]:
            return
        if status != OfferStatus.OFFERED:
            raise OfferIsOver
        if event is OfferEvent.DECLINE and reason is not None:
            await database.update_row("dispatch_offer", row["id"], {"reason": reason})
        await move_seat(principal, row["sign_up"], _SEAT[event], of_account=row["account_id"])
        await audit.record(principal, f"dispatch_offer.{event}", "dispatch_offer", row["id"], reason=reason or "")
