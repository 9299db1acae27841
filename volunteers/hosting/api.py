"""Acting in people's names, for programs."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.accounts.rules import PRIVACY_NOTICE
from app.web.guards import CurrentPrincipal
from volunteers.assignments.api import Reference
from volunteers.assignments.queries import position_id
from volunteers.hosting import queries, service
from volunteers.hosting.controllers import HOST
from volunteers.hosting.forms import hosted_profile
from volunteers.hosting.own.controllers import VOLUNTEER


class HostedEntry(msgspec.Struct):
    """Somebody the caller's organization may act for, by the consent's id."""

    consent: UUID
    name: Annotated[str, msgspec.Meta(examples=["王桂芬"])]
    given_on: date
    ahead: Annotated[int, msgspec.Meta(ge=0, examples=[1])]


class NewHostedBody(msgspec.Struct):
    """Somebody who agreed on paper; ``home`` is the code of their street, town, village or community."""

    organization: UUID
    name: Annotated[str, msgspec.Meta(max_length=60, examples=["王桂芬"])]
    id_card: Annotated[str, msgspec.Meta(max_length=18, description="Kept sealed.", examples=["330106195003070008"])]
    phone: Annotated[str, msgspec.Meta(max_length=20, examples=["13800000000"])]
    home: Annotated[str, msgspec.Meta(pattern=r"^\d{9}(\d{3})?$", examples=["330106109"])]
    given_on: Annotated[date, msgspec.Meta(description="When they agreed.", examples=["2026-11-28"])]
    agreed: Annotated[bool, msgspec.Meta(description="They heard or read the notice and agreed.", examples=[True])]


class HostedRegistered(msgspec.Struct):
    """The consent's id, by which one acts for the person."""

    consent: UUID


class HostedWish(msgspec.Struct):
    """A position of an assignment that the person wants."""

    assignment: Reference
    position: Annotated[int, msgspec.Meta(ge=1, examples=[1])] = 1


class HostedTaken(msgspec.Struct):
    """The id of a sign-up, for withdrawing."""

    id: UUID


class ConsentEntry(msgspec.Struct):
    """An organization that may act for the caller, with the words agreed to."""

    id: UUID
    name_zh: str
    agreed_to: str
    given_on: date
    in_force: bool


@get("/organization/hosted", guards=[HOST], summary="List whom one may act for")
async def list_hosted(principal: CurrentPrincipal) -> list[HostedEntry]:
    """List the people who let the caller's organizations act for them."""
    return [
        HostedEntry(one.consent, one.name, one.given_on, one.ahead) for one in await queries.hosted_people(principal)
    ]


@post("/organization/hosted", guards=[HOST], summary="Register somebody who agreed on paper")
async def register_hosted(data: JSONBody[NewHostedBody], principal: CurrentPrincipal) -> HostedRegistered:
    """Make somebody a volunteer with an account of their own number; they get a text message."""
    organization_id = await queries.own_organization_id(principal, data.organization)
    stated = hosted_profile(data.name, data.id_card, data.home, PRIVACY_NOTICE)
    return HostedRegistered(
        await service.register_for(principal, organization_id, stated, data.phone, data.given_on, agreed=data.agreed)
    )


@post("/organization/hosted/{consent:uuid}/sign-ups", guards=[HOST], summary="Sign somebody up in their name")
async def create_hosted(
    consent: FromPath[UUID], data: JSONBody[HostedWish], principal: CurrentPrincipal
) -> HostedTaken:
    """Take a seat for a person who let the organization do so; they get a text message."""
    return HostedTaken(await service.sign_up_for(principal, consent, await position_id(data.assignment, data.position)))


@delete(
    "/organization/hosted/{consent:uuid}/sign-ups/{public_id:uuid}",
    guards=[HOST],
    summary="Withdraw in somebody's name",
)
async def delete_hosted(consent: FromPath[UUID], public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Give a seat back for a person; they get a text message."""
    await service.withdraw_for(principal, consent, public_id)


@get("/people/me/hosts", guards=[VOLUNTEER], summary="List who may act for one")
async def list_consents(principal: CurrentPrincipal) -> list[ConsentEntry]:
    """List the organizations that may, or might, act for the caller."""
    return [
        ConsentEntry(one.public_id, one.name_zh, one.agreed_to, one.given_on, one.revoked_at is None)
        for one in await queries.my_consents(principal)
    ]


@delete("/people/me/hosts/{consent:uuid}", guards=[VOLUNTEER], summary="Take a consent back")
async def delete_consent(consent: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Let an organization act for the caller no more."""
    await service.take_back(principal, consent)
