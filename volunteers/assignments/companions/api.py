"""Groups of friends for programs."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Principal
from app.core.settings import settings
from app.web.guards import CurrentPrincipal
from app.web.i18n import translate
from volunteers.assignments.api import Count, Instant, Reference
from volunteers.assignments.companions import queries, service
from volunteers.assignments.companions.controllers import VOLUNTEER
from volunteers.assignments.companions.forms import Size
from volunteers.assignments.companions.gathered import own_person
from volunteers.assignments.companions.rules import GroupStatus
from volunteers.assignments.companions.service import Answer
from volunteers.assignments.queries import position_id

Token = Annotated[str, msgspec.Meta(examples=["x1Q8cKQe0mUuD2y0l2v3Zg"], max_length=64)]
Link = Annotated[str, msgspec.Meta(examples=["https://fahui.example/companions/x1Q8cKQe0mUuD2y0l2v3Zg"])]
Name = Annotated[str, msgspec.Meta(examples=["王芳"])]
Why = Annotated[str, msgspec.Meta(examples=["要 3 个名额，只剩 2 个"])]


class CompanionsBody(msgspec.Struct):
    """A position, and how many come, the caller among them."""

    assignment: Reference
    size: Size
    position: Annotated[int, msgspec.Meta(ge=1, examples=[1])] = 1


class CompanionsCreated(msgspec.Struct):
    """A new group; the link is told this once."""

    id: UUID
    token: Token
    link: Link
    until: Instant


class AgreeBody(msgspec.Struct):
    """The last part of a link."""

    token: Token


class NewLink(msgspec.Struct):
    """A link that replaces the one before."""

    token: Token
    link: Link


class CompanionsAnswer(msgspec.Struct):
    """What a yes led to; ``why`` says what kept a complete group from its seats, as far as the caller may know."""

    id: UUID
    status: GroupStatus
    agreed: Count
    size: Size
    why: Why


class CompanionsEntry(msgspec.Struct):
    """A group that the caller belongs to and that still gathers."""

    id: UUID
    assignment: Reference
    starts: Instant
    status: GroupStatus
    size: Size
    agreed: list[Name]
    until: Instant


@post("/companions", guards=[VOLUNTEER], summary="Invite friends to a shift")
async def create_companions(data: JSONBody[CompanionsBody], principal: CurrentPrincipal) -> CompanionsCreated:
    """Make a group; no seat is held until everybody has agreed."""
    made = await service.gather(principal, await position_id(data.assignment, data.position), data.size)
    return CompanionsCreated(made.public_id, made.token, _link(made.token), made.until)


@get("/companions", guards=[VOLUNTEER], summary="List one's groups of friends")
async def list_companions(principal: CurrentPrincipal) -> list[CompanionsEntry]:
    """Return the groups that the caller belongs to and that still gather."""
    return [
        CompanionsEntry(one.public_id, one.reference, one.starts, one.status, one.size, list(one.names), one.until)
        for one in await queries.my_open_groups(principal)
    ]


@post("/companions/agree", guards=[VOLUNTEER], summary="Go with a friend", status_code=200)
async def agree_to_companions(data: JSONBody[AgreeBody], principal: CurrentPrincipal) -> CompanionsAnswer:
    """Say yes to an invitation; the last yes seats everybody or nobody."""
    return await _answer(principal, await service.agree(principal, data.token))


@post("/companions/{public_id:uuid}/try", guards=[VOLUNTEER], summary="Try again to seat a group", status_code=200)
async def try_companions_again(public_id: FromPath[UUID], principal: CurrentPrincipal) -> CompanionsAnswer:
    """Seat a complete group that was not seated before."""
    return await _answer(principal, await service.try_again(principal, public_id))


@post("/companions/{public_id:uuid}/link", guards=[VOLUNTEER], summary="Make a new link for one's group")
async def renew_companions_link(public_id: FromPath[UUID], principal: CurrentPrincipal) -> NewLink:
    """Make a new link; the old one leads nowhere from now on."""
    token = await service.renew_link(principal, public_id)
    return NewLink(token, _link(token))


@post("/companions/{public_id:uuid}/leave", guards=[VOLUNTEER], summary="Leave a group of friends", status_code=204)
async def leave_companions(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Take one's yes back before the group is seated."""
    await service.leave(principal, public_id)


@delete("/companions/{public_id:uuid}", guards=[VOLUNTEER], summary="Dissolve one's group of friends")
async def dissolve_companions(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Give the group up; nobody had a seat yet."""
    await service.dissolve(principal, public_id)


def _link(token: str) -> str:
    return f"{settings().public_url}/companions/{token}"


async def _answer(principal: Principal, answer: Answer) -> CompanionsAnswer:
    why = translate(answer.obstacle.told_to(await own_person(principal))) if answer.obstacle else ""
    return CompanionsAnswer(answer.public_id, answer.status, answer.agreed, answer.size, why)
