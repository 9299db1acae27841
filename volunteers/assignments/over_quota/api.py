"""People beyond the quota for programs."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from volunteers.assignments.api import Instant
from volunteers.assignments.over_quota import queries, service
from volunteers.assignments.over_quota.forms import Who, Why
from volunteers.assignments.queries import position_id
from volunteers.assignments.requests.controllers import STAFF, own_shift


class AddBody(msgspec.Struct):
    """A volunteer, by mobile number or full name, for a full position, and why."""

    who: Annotated[Who, msgspec.Meta(examples=["王芳"])]
    reason: Annotated[Why, msgspec.Meta(examples=["老律师带教"])]
    position: Annotated[int, msgspec.Meta(ge=1, examples=[1])] = 1


class AddedBody(msgspec.Struct):
    """The id of the sign-up."""

    id: UUID


class BeyondEntry(msgspec.Struct):
    """Somebody who was added; ``over_quota`` until they have a seat."""

    id: UUID
    name: Annotated[str, msgspec.Meta(examples=["王芳"])]
    over_quota: bool
    reason: str
    decided_by: str
    decided_at: Instant


@get("/assignments/{reference:str}/over-quota", guards=[STAFF], summary="List who came beyond the quota")
async def list_over_quota(reference: FromPath[str], principal: CurrentPrincipal) -> list[BeyondEntry]:
    """Return whom the station added beyond the quota, and why."""
    shift = await own_shift(principal, reference)
    return [
        BeyondEntry(one.public_id, one.name, one.over, one.reason, one.decided_by, one.decided_at)
        for one in await queries.beyond_quota(shift.id)
    ]


@post("/assignments/{reference:str}/over-quota", guards=[STAFF], summary="Add somebody beyond the quota")
async def add_over_quota(reference: FromPath[str], data: JSONBody[AddBody], principal: CurrentPrincipal) -> AddedBody:
    """Add one person more than there are seats; every other rule of sign-up holds."""
    wanted = await position_id(reference, data.position)
    return AddedBody(await service.add_beyond_quota(principal, wanted, data.who, data.reason))


@post("/sign-ups/{public_id:uuid}/seat", guards=[STAFF], summary="Move somebody into a free seat", status_code=204)
async def seat_over_quota(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Let somebody who came beyond the quota take a seat that is free now."""
    await service.move_into_seat(principal, public_id)
