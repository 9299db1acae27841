"""The waiting list for programs."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from volunteers.assignments.api import Instant, Reference
from volunteers.assignments.queries import position_id
from volunteers.assignments.waiting import queries, service
from volunteers.assignments.waiting.controllers import VOLUNTEER


class WaitBody(msgspec.Struct):
    """A full position of an assignment that the caller would take."""

    assignment: Reference
    position: Annotated[int, msgspec.Meta(ge=1, examples=[1])] = 1


class EntryBody(msgspec.Struct):
    """The id of a place in line, for leaving it."""

    id: UUID


class PlaceBody(msgspec.Struct):
    """Where the caller waits; ``place`` 1 is the next in line."""

    id: UUID
    assignment: Reference
    starts: Instant
    place: Annotated[int, msgspec.Meta(ge=1, examples=[2])]


@post("/waiting-list", guards=[VOLUNTEER], summary="Stand in line for a full position")
async def join_waiting_list(data: JSONBody[WaitBody], principal: CurrentPrincipal) -> EntryBody:
    """Stand in line; when a seat is free it is offered for a stated time, as a sign-up to accept."""
    return EntryBody(await service.join_line(principal, await position_id(data.assignment, data.position)))


@get("/waiting-list", guards=[VOLUNTEER], summary="List where one waits")
async def list_waiting(principal: CurrentPrincipal) -> list[PlaceBody]:
    """Return the caller's places in line, soonest first."""
    return [PlaceBody(one.entry, one.reference, one.starts, one.place) for one in await queries.my_places(principal)]


@delete("/waiting-list/{public_id:uuid}", guards=[VOLUNTEER], summary="Leave the line")
async def leave_waiting_list(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Give up one's place in line."""
    await service.leave_line(principal, public_id)
