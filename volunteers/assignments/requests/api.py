"""Requests for programs: asking, and the station's answers."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from volunteers.assignments.api import Instant, Reference
from volunteers.assignments.queries import position_id
from volunteers.assignments.requests import queries, service
from volunteers.assignments.requests.controllers import STAFF, VOLUNTEER, own_shift
from volunteers.assignments.requests.forms import Note
from volunteers.assignments.requests.rules import RequestStatus


class RequestBody(msgspec.Struct):
    """A position whose station chooses, and a short word to it."""

    assignment: Reference
    position: Annotated[int, msgspec.Meta(ge=1, examples=[1])] = 1
    note: Note = ""


class RequestCreated(msgspec.Struct):
    """The id of a request, for taking it back."""

    id: UUID


class RequestEntry(msgspec.Struct):
    """One of the caller's requests that brought no seat so far."""

    id: UUID
    assignment: Reference
    status: RequestStatus
    reason: str
    starts: Instant
    answer_by: Instant


class AskerEntry(msgspec.Struct):
    """Somebody who asks, with what helps to choose."""

    id: UUID
    name: Annotated[str, msgspec.Meta(examples=["王芳"])]
    note: str
    metres: Annotated[int, msgspec.Meta(examples=[2100])]
    came: Annotated[int, msgspec.Meta(examples=[12])]
    came_here: Annotated[int, msgspec.Meta(examples=[3])]
    asked_at: Instant


class AnswerBody(msgspec.Struct):
    """Requests by id; a reason is needed to decline, ``all_or_none`` counts for choosing."""

    requests: list[UUID]
    reason: Note = ""
    all_or_none: bool = False


class AnswerResult(msgspec.Struct):
    """How many were answered, and who does not fit any more."""

    answered: Annotated[int, msgspec.Meta(examples=[2])]
    refused: list[str]


@post("/seat-requests", guards=[VOLUNTEER], summary="Ask for a seat where the station chooses")
async def create_request(data: JSONBody[RequestBody], principal: CurrentPrincipal) -> RequestCreated:
    """Ask; the answer comes as a message, and a choice as a sign-up."""
    wanted = await position_id(data.assignment, data.position)
    return RequestCreated(await service.ask(principal, wanted, data.note))


@get("/seat-requests", guards=[VOLUNTEER], summary="List one's requests")
async def list_requests(principal: CurrentPrincipal) -> list[RequestEntry]:
    """Return the caller's open and declined requests, soonest first."""
    return [
        RequestEntry(one.public_id, one.reference, one.status, one.reason, one.starts, one.answer_by)
        for one in await queries.my_requests(principal)
    ]


@delete("/seat-requests/{public_id:uuid}", guards=[VOLUNTEER], summary="Take a request back")
async def delete_request(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Take one's own request back."""
    await service.take_back(principal, public_id)


@get("/assignments/{reference:str}/requests", guards=[STAFF], summary="List who asks for an assignment")
async def list_askers(reference: FromPath[str], principal: CurrentPrincipal) -> list[AskerEntry]:
    """Return who asks for seats of an assignment at the caller's stations, in the order of asking."""
    shift = await own_shift(principal, reference)
    return [
        AskerEntry(one.public_id, one.name, one.note, one.metres, one.came, one.came_here, one.asked_at)
        for one in await queries.askers(shift.id)
    ]


@post("/seat-requests/choose", guards=[STAFF], summary="Choose who comes", status_code=200)
async def choose_requests(data: JSONBody[AnswerBody], principal: CurrentPrincipal) -> AnswerResult:
    """Give those who asked their seats, in the order given, as far as they fit."""
    chosen = await service.choose(principal, data.requests, all_or_none=data.all_or_none)
    return AnswerResult(chosen.taken, list(chosen.refused))


@post("/seat-requests/decline", guards=[STAFF], summary="Decline requests", status_code=200)
async def decline_requests(data: JSONBody[AnswerBody], principal: CurrentPrincipal) -> AnswerResult:
    """Say no, with the reason that people are told."""
    return AnswerResult(await service.decline(principal, data.requests, data.reason), [])
