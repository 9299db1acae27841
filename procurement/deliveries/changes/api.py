"""Changes of time and ratings for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from procurement.deliveries import queries as orders
from procurement.deliveries.changes import service
from procurement.deliveries.ratings.rules import LONGEST_WORDS
from procurement.deliveries.ratings.service import rate

PARTY = requires(Permission.ORDER_PLACE, Permission.ORDER_ANSWER)


class ChangeBody(msgspec.Struct):
    """Another time to propose to the other side."""

    wished_start: Annotated[datetime, msgspec.Meta(examples=["2026-12-03T06:30:00Z"])]
    note_zh: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ProposedBody(msgspec.Struct):
    """The id of a proposal, for answering it or taking it back."""

    id: UUID


class ChangeAnswerBody(msgspec.Struct):
    """Yes or no to another time."""

    agree: bool


class RatingBody(msgspec.Struct):
    """A village's word on a visit."""

    rating: Annotated[int, msgspec.Meta(ge=1, le=5, examples=[5])]
    words_zh: Annotated[str, msgspec.Meta(max_length=LONGEST_WORDS, examples=["讲得清楚，例子贴近生活。"])] = ""


@post("/orders/{reference:str}/changes", guards=[PARTY], summary="Propose another time")
async def propose_change(
    reference: FromPath[str], data: JSONBody[ChangeBody], principal: CurrentPrincipal
) -> ProposedBody:
    """Propose another time for an order; it moves when the other side agrees."""
    found = await orders.order(principal, reference)
    return ProposedBody(await service.propose(principal, found.id, data.wished_start, data.note_zh))


@post("/order-changes/{public_id:uuid}", guards=[PARTY], summary="Answer a proposed time", status_code=204)
async def answer_change(
    public_id: FromPath[UUID], data: JSONBody[ChangeAnswerBody], principal: CurrentPrincipal
) -> None:
    """Agree, and the order moves with its shift and the people on it; or refuse, and nothing does."""
    await (service.agree if data.agree else service.refuse)(principal, public_id)


@delete("/order-changes/{public_id:uuid}", guards=[PARTY], summary="Take a proposed time back")
async def take_change_back(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Take one's own side's proposal back."""
    await service.take_back(principal, public_id)


@post(
    "/orders/{reference:str}/rating",
    guards=[requires(Permission.ORDER_PLACE)],
    summary="Rate a visit",
    status_code=204,
)
async def rate_visit(reference: FromPath[str], data: JSONBody[RatingBody], principal: CurrentPrincipal) -> None:
    """Say how a visit to one's village was; once."""
    await rate(principal, reference, data.rating, data.words_zh)
