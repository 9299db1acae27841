"""The log of a shift for programs."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, put
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from volunteers.attendance.checking_in.controllers import VOLUNTEER
from volunteers.attendance.log import queries, service
from volunteers.attendance.log.forms import LogForm
from volunteers.attendance.log.rules import Matter


class LogBody(msgspec.Struct):
    """The log as it stands; ``people`` is null as long as there is none."""

    sign_up: UUID
    people: Annotated[int, msgspec.Meta(ge=0, examples=[4])] | None
    counts: Annotated[dict[Matter, int], msgspec.Meta(examples=[{"marriage": 3, "labor": 1}])]
    note: str
    open: bool


@get("/sign-ups/{public_id:uuid}/log", guards=[VOLUNTEER], summary="Read the log of one's shift")
async def read_log(public_id: FromPath[UUID], principal: CurrentPrincipal) -> LogBody:
    """Return what was written down about the caller's shift."""
    found = await queries.my_log(principal, public_id)
    return LogBody(found.sign_up, found.people, dict(found.counts), found.note, found.open)


@put("/sign-ups/{public_id:uuid}/log", guards=[VOLUNTEER], summary="Write the log of one's shift")
async def write_log(public_id: FromPath[UUID], data: JSONBody[LogForm], principal: CurrentPrincipal) -> LogBody:
    """Write how many people came; a later entry replaces the one before until the station confirms."""
    await service.write_log(principal, public_id, data.counts, data.note)
    found = await queries.my_log(principal, public_id)
    return LogBody(found.sign_up, found.people, dict(found.counts), found.note, found.open)
