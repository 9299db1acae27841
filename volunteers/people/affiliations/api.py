"""Belonging to an organization, for programs."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.core.errors import NotFound
from app.web.guards import CurrentPrincipal
from volunteers.assignments.api import Instant
from volunteers.people.affiliations import queries, service
from volunteers.people.affiliations.controllers import MEMBERS, VOLUNTEER
from volunteers.people.affiliations.queries import Member
from volunteers.people.affiliations.rules import BY_THE_ORGANIZATION, AffiliationEvent, AffiliationStatus

Note = Annotated[str, msgspec.Meta(max_length=200, examples=["我在你们所执业"])]


class AskBody(msgspec.Struct):
    """The organization that the caller asks, by its id, and a word to it."""

    organization: UUID
    note: Note = ""


class AffiliationEntry(msgspec.Struct):
    """Where the caller belongs, belonged or asked to belong."""

    id: UUID
    organization: UUID
    name_zh: Annotated[str, msgspec.Meta(examples=["西湖区法律援助志愿者协会"])]
    status: AffiliationStatus
    reason: str


class AffiliationAsked(msgspec.Struct):
    """The id of an affiliation, for withdrawing or leaving."""

    id: UUID


class MemberEntry(msgspec.Struct):
    """Somebody who belongs to the caller's organizations, or asks to."""

    id: UUID
    person: Annotated[str, msgspec.Meta(examples=["林晓芸"])]
    status: AffiliationStatus
    credentials: list[str]
    note: str
    asked_at: Instant

    @classmethod
    def of(cls, view: Member) -> "MemberEntry":
        """Return what a program sees of a member."""
        return cls(view.public_id, view.person, view.status, list(view.credentials), view.note, view.asked_at)


class AffiliationAnswer(msgspec.Struct):
    """Confirm, refuse or dismiss; the last two say why."""

    event: AffiliationEvent
    reason: Annotated[str, msgspec.Meta(max_length=200, examples=["不在本所执业"])] = ""


class AffiliationStatusBody(msgspec.Struct):
    """Where it stands now."""

    status: AffiliationStatus


@get("/people/me/affiliations", guards=[VOLUNTEER], summary="List one's affiliations")
async def list_affiliations(principal: CurrentPrincipal) -> list[AffiliationEntry]:
    """List where the caller belongs and belonged, the live one first."""
    return [
        AffiliationEntry(one.public_id, one.organization, one.name_zh, one.status, one.reason)
        for one in await queries.my_affiliations(principal)
    ]


@post("/people/me/affiliations", guards=[VOLUNTEER], summary="Ask to join an organization")
async def create_affiliation(data: JSONBody[AskBody], principal: CurrentPrincipal) -> AffiliationAsked:
    """Ask a verified organization to take the caller as its member."""
    return AffiliationAsked(await service.ask(principal, data.organization, data.note))


@delete("/people/me/affiliations/{public_id:uuid}", guards=[VOLUNTEER], summary="Withdraw or leave")
async def delete_affiliation(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Take the asking back, or leave the organization."""
    await service.step_back(principal, public_id)


@get("/organization/members", guards=[MEMBERS], summary="List an organization's members")
async def list_members(principal: CurrentPrincipal) -> list[MemberEntry]:
    """List who asks to belong to the caller's organizations, then who belongs."""
    live = (AffiliationStatus.ASKED, AffiliationStatus.CONFIRMED)
    return [MemberEntry.of(one) for status in live for one in await queries.members(principal, status)]


@post("/organization/members/{public_id:uuid}", guards=[MEMBERS], summary="Answer who asks, or let somebody go")
async def answer_member(
    public_id: FromPath[UUID], data: JSONBody[AffiliationAnswer], principal: CurrentPrincipal
) -> AffiliationStatusBody:
    """Confirm or refuse who asks to belong; dismiss who belongs."""
    if data.event not in BY_THE_ORGANIZATION:
        raise NotFound
    return AffiliationStatusBody(await service.answer(principal, public_id, data.event, data.reason))
