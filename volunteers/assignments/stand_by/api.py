"""Stand-bys for programs."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from volunteers.assignments.api import Instant, Reference
from volunteers.assignments.queries import position_id
from volunteers.assignments.stand_by import queries, service
from volunteers.assignments.stand_by.controllers import VOLUNTEER


class StandByBody(msgspec.Struct):
    """A position of an assignment that the caller would step in for."""

    assignment: Reference
    position: Annotated[int, msgspec.Meta(ge=1, examples=[1])] = 1


class StandByCreated(msgspec.Struct):
    """The id of a stand-by, for ending it."""

    id: UUID


class StandByEntry(msgspec.Struct):
    """One stand-by of the caller: for an assignment, or each week (``weekday`` 0 is Monday) in a part of the day."""

    id: UUID
    station: Annotated[str, msgspec.Meta(examples=["文晖街道公共法律服务站"])]
    assignment: Annotated[str, msgspec.Meta(examples=["RW-2026-000001"])] | None
    starts: Instant | None
    weekday: Annotated[int, msgspec.Meta(ge=0, le=6, examples=[1])] | None
    part: Annotated[str, msgspec.Meta(examples=["am"])] | None


@post("/stand-by", guards=[VOLUNTEER], summary="Offer to step in for a shift")
async def create_stand_by(data: JSONBody[StandByBody], principal: CurrentPrincipal) -> StandByCreated:
    """Be called first should somebody on the position not come."""
    return StandByCreated(await service.stand_by_for(principal, await position_id(data.assignment, data.position)))


@get("/stand-by", guards=[VOLUNTEER], summary="List one's stand-bys")
async def list_stand_by(principal: CurrentPrincipal) -> list[StandByEntry]:
    """Return what the caller offered: shifts to come first, then what holds each week."""
    return [
        StandByEntry(one.public_id, one.station_zh, one.reference or None, one.starts, one.weekday, one.part or None)
        for one in await queries.my_stand_bys(principal)
    ]


@delete("/stand-by/{public_id:uuid}", guards=[VOLUNTEER], summary="Take an offer back")
async def end_stand_by(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """End a stand-by of the caller's."""
    await service.end_stand_by(principal, public_id)
