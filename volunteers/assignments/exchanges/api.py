"""Substitutes and swaps for programs."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from volunteers.assignments.api import Instant, Reference
from volunteers.assignments.exchanges import answering, options, queries, service
from volunteers.assignments.exchanges.controllers import VOLUNTEER, ask_as_said
from volunteers.assignments.exchanges.forms import AskForm, Note
from volunteers.assignments.exchanges.queries import OfferCard, Standing
from volunteers.assignments.exchanges.rules import Kind, OfferStatus
from volunteers.assignments.requests.controllers import STAFF, own_shift

Name = Annotated[str, msgspec.Meta(examples=["王芳"])]


class ExchangeBody(msgspec.Struct):
    """A sign-up to hand on: to a ``person``, for another ``seat``, or, with neither, to whoever opens the link."""

    sign_up: UUID
    person: UUID | None = None
    seat: UUID | None = None
    note: Note = ""


class ExchangeCreated(msgspec.Struct):
    """The id of an offer, which is its link's as well."""

    id: UUID


class ExchangeEntry(msgspec.Struct):
    """An open offer; ``standing`` says whether the caller asks or is asked."""

    id: UUID
    kind: Kind
    status: OfferStatus
    standing: Standing
    name: Name
    note: str
    assignment: Reference
    starts: Instant
    in_return: str
    answer_by: Instant

    @classmethod
    def of(cls, card: OfferCard) -> "ExchangeEntry":
        """Return what a program sees of an offer; the name is the other side's."""
        name = card.other_name if card.standing is Standing.OWN else card.own_name
        in_return = card.theirs.reference if card.theirs else ""
        return cls(
            *(card.public_id, card.kind, card.status, card.standing, name, card.note, card.own.reference),
            *(card.own.starts, in_return, card.expires_at),
        )


class ColleagueEntry(msgspec.Struct):
    """Somebody who could go; strangers by their family name."""

    person: UUID
    name: Name
    metres: Annotated[int, msgspec.Meta(examples=[2100])]


class SwapEntry(msgspec.Struct):
    """A seat that one could change with."""

    seat: UUID
    name: Name
    assignment: Reference
    starts: Instant
    ends: Instant


class OptionsBody(msgspec.Struct):
    """Whom one may ask about a sign-up."""

    colleagues: list[ColleagueEntry]
    swaps: list[SwapEntry]


class PastEntry(msgspec.Struct):
    """One exchange of a shift's seats, open or carried out."""

    kind: Kind
    status: OfferStatus
    gave: Name
    took: str
    offered_at: Instant


@get("/sign-ups/{public_id:uuid}/exchange-options", guards=[VOLUNTEER], summary="List whom one may ask to go instead")
async def exchange_options(public_id: FromPath[UUID], principal: CurrentPrincipal) -> OptionsBody:
    """Return who may go instead, and the seats that one could change with."""
    own = await options.own_seat(principal, public_id)
    return OptionsBody(
        [ColleagueEntry(one.public_id, one.name, one.metres) for one in await options.colleagues(principal, own)],
        [
            SwapEntry(one.public_id, one.name, one.reference, one.starts, one.ends)
            for one in await options.swaps(principal, own)
        ],
    )


@get("/exchanges", guards=[VOLUNTEER], summary="List one's open offers")
async def list_exchanges(principal: CurrentPrincipal) -> list[ExchangeEntry]:
    """Return what the caller is asked and what they ask, soonest first."""
    return [ExchangeEntry.of(card) for card in await queries.my_open_offers(principal)]


@post("/exchanges", guards=[VOLUNTEER], summary="Ask somebody to go in one's place")
async def create_exchange(data: JSONBody[ExchangeBody], principal: CurrentPrincipal) -> ExchangeCreated:
    """Ask a person, for a seat, or by a link; the seat stays the caller's until somebody says yes."""
    said = AskForm(person=data.person, seat=data.seat, note=data.note)
    return ExchangeCreated(await ask_as_said(principal, data.sign_up, said))


@post("/exchanges/{public_id:uuid}/accept", guards=[VOLUNTEER], summary="Go in somebody's place", status_code=204)
async def accept_exchange(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Say yes; the seats change hands at once."""
    await answering.accept(principal, public_id)


@post("/exchanges/{public_id:uuid}/decline", guards=[VOLUNTEER], summary="Decline an offer", status_code=204)
async def decline_exchange(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Say no; nothing else changes."""
    await answering.decline(principal, public_id)


@delete("/exchanges/{public_id:uuid}", guards=[VOLUNTEER], summary="Take an offer back")
async def withdraw_exchange(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Take one's own question back."""
    await service.withdraw_offer(principal, public_id)


@get("/assignments/{reference:str}/exchanges", guards=[STAFF], summary="List a shift's exchanges")
async def list_shift_exchanges(reference: FromPath[str], principal: CurrentPrincipal) -> list[PastEntry]:
    """Return who handed a seat on to whom, or is asking, at the caller's stations."""
    shift = await own_shift(principal, reference)
    return [
        PastEntry(one.kind, one.status, one.own_name, one.other_name, one.offered_at)
        for one in await queries.history_of(shift.id)
    ]
