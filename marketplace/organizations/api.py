"""Organizations for programs."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, public, requires, signed_in
from app.web.pagination import decode_cursor, page_size, sliced
from marketplace.organizations import queries, service
from marketplace.organizations.provision import Category
from marketplace.organizations.queries import OrganizationRow, OrganizationView
from marketplace.organizations.rules import (
    Application,
    Funding,
    OrganizationEvent,
    OrganizationKind,
    OrganizationStatus,
)
from marketplace.organizations.service import OrganizationDecision

MEMBER = requires(Permission.ORGANIZATION_MANAGE)
OFFICER = requires(Permission.ORGANIZATION_VERIFY)


def example(value: Any) -> msgspec.Meta:
    """Return what the documentation shows for a field."""
    return msgspec.Meta(examples=[value])


Uscc = Annotated[str, msgspec.Meta(max_length=18, examples=["31330106MD0012345X"])]
Code = Annotated[str, msgspec.Meta(max_length=12, examples=["330106"])]
NameZh = Annotated[str, msgspec.Meta(max_length=100, examples=["某某律师事务所"])]
NameEn = Annotated[str, msgspec.Meta(max_length=100, examples=["Example Law Firm"])]


class OrganizationBody(msgspec.Struct):
    """A verified organization in a list."""

    id: UUID
    uscc: Uscc
    kind: OrganizationKind
    name_zh: NameZh
    name_en: NameEn
    place_code: Code
    listed_products: Annotated[int, example(6)]

    @classmethod
    def of(cls, row: OrganizationRow) -> "OrganizationBody":
        """Return what a program sees of a row."""
        return cls(row.public_id, row.uscc, row.kind, row.name_zh, row.name_en, row.place_code, row.listed_products)


class StandingBody(msgspec.Struct):
    """An organization, verified or not, to its members and its officers, with the papers that wait."""

    id: UUID
    uscc: Uscc
    kind: OrganizationKind
    name_zh: NameZh
    name_en: NameEn
    place_code: Code
    status: OrganizationStatus
    pending_papers: Annotated[int, example(2)]
    applied_at: datetime

    @classmethod
    def of(cls, row: OrganizationRow) -> "StandingBody":
        """Return what a program of those concerned sees of a row."""
        names = [name for name in cls.__struct_fields__ if name != "id"]
        return cls(row.public_id, **{name: getattr(row, name) for name in names})


class OrganizationDetail(msgspec.Struct):
    """A verified organization with what it may provide."""

    id: UUID
    uscc: Uscc
    kind: OrganizationKind
    name_zh: NameZh
    name_en: NameEn
    profile_zh: str
    profile_en: str
    place_code: Code
    may_provide: list[Category]

    @classmethod
    def of(cls, view: OrganizationView) -> "OrganizationDetail":
        """Return what a program sees of a profile."""
        names = ("uscc", "kind", "name_zh", "name_en", "profile_zh", "profile_en", "place_code")
        known = {name: getattr(view, name) for name in names}
        return cls(id=view.public_id, may_provide=list(view.may_provide), **known)


class ApplicationBody(msgspec.Struct, kw_only=True):
    """An application for one's own organization."""

    uscc: Uscc
    kind: OrganizationKind
    name_zh: NameZh
    place_code: Code
    funding: Funding = Funding.NEITHER
    name_en: NameEn = ""
    profile_zh: str = ""
    profile_en: str = ""
    bank_name: str = ""
    bank_account: str = ""


class AppliedBody(msgspec.Struct):
    """An application that was taken in."""

    id: UUID
    uscc: Uscc


class DecisionBody(msgspec.Struct):
    """An officer's decision; the applicant reads the reasons."""

    event: OrganizationEvent
    reasons: Annotated[str, msgspec.Meta(min_length=1, max_length=1000, examples=["证照齐全，核对无误。"])]


@get("/organizations", guards=[public], summary="List verified organizations")
async def list_organizations(
    kind: FromQuery[OrganizationKind | None] = None,
    category: FromQuery[Category | None] = None,
    place: FromQuery[str] = "",
    q: FromQuery[str] = "",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[OrganizationBody]:
    """Filter by kind, by what may be provided, by place code (all below it included), by name or credit code."""
    size = page_size(limit)
    rows = await queries.list_organizations(
        kind=kind, category=category, place_code=place, text=q, after_id=decode_cursor(cursor, int) or 0, limit=size
    )
    return page_of(sliced(rows, key=lambda row: row.id, size=size), OrganizationBody.of)


@get("/organizations/{public_id:uuid}", guards=[public], summary="Show an organization")
async def show_organization(public_id: FromPath[UUID]) -> OrganizationDetail:
    """Show a verified organization; any other is not found."""
    return OrganizationDetail.of(await queries.public_profile(public_id))


@get("/my/organizations", guards=[MEMBER], summary="List one's organizations")
async def list_own(principal: CurrentPrincipal) -> Page[StandingBody]:
    """The organizations that the caller acts for, whatever their status."""
    return Page([StandingBody.of(row) for row in await queries.my_organizations(principal)])


@get("/organizations/waiting", guards=[OFFICER], summary="List organizations to verify")
async def list_waiting(principal: CurrentPrincipal) -> Page[StandingBody]:
    """What waits in the officer's places: applications first, then papers of known organizations."""
    return Page([StandingBody.of(row) for row in await queries.waiting_for_officer(principal)])


@post("/organizations", guards=[signed_in], summary="Apply for an organization")
async def apply(data: JSONBody[ApplicationBody], principal: CurrentPrincipal) -> AppliedBody:
    """Apply for one's own organization; the caller becomes its first member, an officer decides."""
    applied = await service.apply_organization(principal, Application(**msgspec.structs.asdict(data)))
    return AppliedBody(applied.public_id, applied.uscc)


@post(
    "/organizations/{public_id:uuid}/decision",
    guards=[OFFICER],
    status_code=204,
    summary="Decide on an organization",
)
async def decide(public_id: FromPath[UUID], data: JSONBody[DecisionBody], principal: CurrentPrincipal) -> None:
    """Verify, refuse, suspend or reinstate; nobody decides on an application of his own or of his own organization."""
    await service.decide_organizations(principal, [OrganizationDecision(public_id, data.event, data.reasons)])
