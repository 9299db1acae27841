"""Offers for programs: what a plan asks of the caller, and how a plan's offers stand."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import decode_cursor, page_size, sliced
from volunteers.assignments.api import Instant, Reference
from volunteers.dispatch import queries as plans
from volunteers.dispatch.offers import answering, queries
from volunteers.dispatch.offers.controllers import VOLUNTEER
from volunteers.dispatch.offers.following import asked_key
from volunteers.dispatch.offers.queries import AskedPerson, OfferCard
from volunteers.dispatch.offers.rules import NoReason, OfferCause, OfferEvent, OfferStatus

PLANNER = requires(Permission.DISPATCH_PLAN)
Count = Annotated[int, msgspec.Meta(ge=0, examples=[37])]


class OfferBody(msgspec.Struct):
    """A seat that is held for the caller until they answer."""

    id: UUID
    status: OfferStatus
    cause: OfferCause
    assignment: Reference
    starts: Instant
    ends: Instant
    answer_by: datetime | None

    @classmethod
    def of(cls, card: OfferCard) -> "OfferBody":
        """Return what a program sees of an offer."""
        return cls(card.public_id, card.status, card.cause, card.reference, card.starts, card.ends, card.until)


class AnswerBody(msgspec.Struct):
    """Yes or no, and with a no a word why if wanted."""

    accept: Annotated[bool, msgspec.Meta(examples=[True])]
    reason: NoReason | None = None


class AcceptBody(msgspec.Struct):
    """Offers to say yes to; another's, or what is over already, is left out."""

    offers: Annotated[list[UUID], msgspec.Meta(max_length=200)]


class NotTakenBody(msgspec.Struct):
    """An offer that could not be taken any more, and why."""

    id: UUID
    assignment: Reference
    code: Annotated[str, msgspec.Meta(examples=["offer_is_over"])]
    message: Annotated[str, msgspec.Meta(examples=["这个邀请已经答复过，或已不再有效。"])]


class AskedBody(msgspec.Struct):
    """Somebody whom a plan asked, and what they said."""

    person: UUID
    name: Annotated[str, msgspec.Meta(examples=["王晓梅"])]
    status: OfferStatus
    cause: OfferCause
    reason: NoReason | None
    assignment: Reference
    starts: Instant
    answer_by: datetime | None
    answered_at: datetime | None

    @classmethod
    def of(cls, asked: AskedPerson) -> "AskedBody":
        """Return what a program sees of it."""
        reason = NoReason(asked.reason) if asked.reason else None
        return cls(
            *(asked.person, asked.name, asked.status, asked.cause, reason, asked.reference, asked.starts),
            *(asked.until, asked.answered_at),
        )


class AnswersBody(msgspec.Struct):
    """How many of a plan's offers stand how."""

    offered: Count
    accepted: Count
    declined: Count
    expired: Count
    ended: Count


@get("/dispatch/offers", guards=[VOLUNTEER], summary="List what plans ask of the caller")
async def list_offers(principal: CurrentPrincipal) -> list[OfferBody]:
    """List open offers by the end of their time, then those that were answered."""
    return [OfferBody.of(card) for card in await queries.own_offers(principal)]


@post("/dispatch/offers/{offer:uuid}/answer", guards=[VOLUNTEER], status_code=204, summary="Answer an offer")
async def answer_offer(offer: FromPath[UUID], data: JSONBody[AnswerBody], principal: CurrentPrincipal) -> None:
    """Accept or decline; the same answer twice is one, another one afterwards is refused."""
    event = OfferEvent.ACCEPT if data.accept else OfferEvent.DECLINE
    await answering.answer_own(principal, offer, event, data.reason)


@post("/dispatch/offers/acceptances", guards=[VOLUNTEER], status_code=200, summary="Accept several offers")
async def accept_offers(data: JSONBody[AcceptBody], principal: CurrentPrincipal) -> list[NotTakenBody]:
    """Accept each by itself; return those that were not taken, which keep none of the others from being."""
    failed = await answering.accept_all(principal, data.offers)
    return [
        NotTakenBody(one.card.public_id, one.card.reference, one.refusal.code, str(one.refusal.text()))
        for one in failed
    ]


@get("/dispatch/runs/{run:uuid}/answers", guards=[PLANNER], summary="Count the answers to a plan")
async def count_answers(run: FromPath[UUID], principal: CurrentPrincipal) -> AnswersBody:
    """Count how many said yes, no, nothing in time, or have yet to answer."""
    await plans.run_view(principal, run)
    counted = await queries.answers_of(run)
    return AnswersBody(**{status.value: counted.get(status, 0) for status in OfferStatus})


@get("/dispatch/runs/{run:uuid}/offers", guards=[PLANNER], summary="List whom a plan asked")
async def list_asked(
    run: FromPath[UUID],
    principal: CurrentPrincipal,
    status: FromQuery[OfferStatus | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[AskedBody]:
    """List whom a published plan asked, in order of time, and what they said."""
    await plans.run_view(principal, run)
    size = page_size(limit)
    rows = await queries.asked_by(run, status, decode_cursor(cursor, tuple[datetime, UUID]), size + 1)
    return page_of(sliced(rows, asked_key, size), AskedBody.of)
