"""Groups for programs."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from app.web.guards import CurrentPrincipal
from volunteers.assignments.api import Count, Instant, Reference
from volunteers.assignments.groups import queries, service
from volunteers.assignments.groups.controllers import MEMBERS
from volunteers.assignments.queries import position_id
from volunteers.assignments.sign_ups.rules import Reason


class GroupBody(msgspec.Struct):
    """People of the caller's organization for a position; ``all_or_none``: nobody unless everybody fits."""

    assignment: Reference
    members: list[UUID]
    position: Annotated[int, msgspec.Meta(ge=1, examples=[1])] = 1
    all_or_none: bool = True


class GroupResult(msgspec.Struct):
    """How many have a seat now, and who was left out for which reasons."""

    id: UUID
    taken: Count
    refused: dict[str, list[Reason]]


class GroupEntry(msgspec.Struct):
    """A group whose shift lies ahead; ``coming`` are those who still hold their seat."""

    id: UUID
    assignment: Reference
    starts: Instant
    wanted: Count
    seated: Count
    coming: Count


@post("/groups", guards=[MEMBERS], summary="Sign up a group")
async def create_group(data: JSONBody[GroupBody], principal: CurrentPrincipal) -> GroupResult:
    """Give several people of one's organization seats at once, in the order given."""
    wanted = await position_id(data.assignment, data.position)
    done = await service.sign_up_group(principal, wanted, data.members, all_or_none=data.all_or_none)
    return GroupResult(done.public_id, done.taken, {name: list(why) for name, why in done.refused.items()})


@get("/groups", guards=[MEMBERS], summary="List one's organization's groups")
async def list_groups(principal: CurrentPrincipal) -> list[GroupEntry]:
    """Return the groups of the caller's organizations whose shifts lie ahead."""
    return [
        GroupEntry(one.public_id, one.reference, one.starts, one.wanted, one.seated, one.coming)
        for one in await queries.groups_ahead(principal)
    ]
