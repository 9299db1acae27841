"""One's own organization for programs: all of it with its version, its profile to change, applying again."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post, put
from litestar.params import FromPath, JSONBody

from app.web.api import expected_version, versioned
from app.web.guards import CurrentPrincipal
from marketplace.organizations import queries, service
from marketplace.organizations.api import ApplicationBody, Code, NameEn, NameZh, Uscc
from marketplace.organizations.own.controllers import MEMBER
from marketplace.organizations.provision import Category
from marketplace.organizations.queries import OrganizationView
from marketplace.organizations.rules import Application, Funding, OrganizationKind, OrganizationStatus
from marketplace.organizations.service import Profile

Text = Annotated[str, msgspec.Meta(max_length=20_000, examples=["面向社区的法律服务。"])]
Bank = Annotated[str, msgspec.Meta(max_length=60, examples=["杭州银行文新支行"])]


class OwnBody(msgspec.Struct):
    """An organization as its members see it; of the account that is paid to, only the ends."""

    id: UUID
    uscc: Uscc
    kind: OrganizationKind
    name_zh: NameZh
    name_en: NameEn
    profile_zh: Text
    profile_en: Text
    place_code: Code
    status: OrganizationStatus
    applied_at: datetime
    decided_at: datetime | None
    decision_reason: Annotated[str, msgspec.Meta(examples=["证照齐全，核对无误。"])]
    bank_name: Bank
    bank_account_masked: Annotated[str, msgspec.Meta(examples=["330************0017"])]
    funding: Funding | None
    may_provide: list[Category]

    @classmethod
    def of(cls, view: OrganizationView) -> "OwnBody":
        """Return what a member's program sees."""
        names = [name for name in cls.__struct_fields__ if name not in ("id", "may_provide")]
        known = {name: getattr(view, name) for name in names}
        return cls(id=view.public_id, may_provide=list(view.may_provide), **known)


class ProfileBody(msgspec.Struct):
    """What an organization may change about itself; without an account number the one that is kept stays."""

    name_en: NameEn
    profile_zh: Text
    profile_en: Text
    bank_name: Bank = ""
    bank_account: Annotated[str, msgspec.Meta(max_length=30, examples=["3301040160000000017"])] = ""
    funding: Funding | None = None

    def profile(self) -> Profile:
        """Return what the service takes."""
        account = self.bank_account.replace(" ", "")
        return Profile(self.name_en, self.profile_zh, self.profile_en, self.bank_name, account, self.funding)


@get("/my/organizations/{public_id:uuid}", guards=[MEMBER], summary="Show one's own organization")
async def show_own(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[OwnBody]:
    """Show all of one's organization; the ETag is the version that an edit names."""
    found = await queries.organization_in_full(principal, public_id)
    return versioned(OwnBody.of(found), found.version)


@put("/my/organizations/{public_id:uuid}", guards=[MEMBER], summary="Change the profile")
async def edit_profile(
    public_id: FromPath[UUID], data: JSONBody[ProfileBody], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[OwnBody]:
    """Change what the organization says about itself, If-Match naming the version; the account only as an owner."""
    version = await service.edit_profile(principal, public_id, expected_version(request), data.profile())
    return versioned(OwnBody.of(await queries.organization_in_full(principal, public_id)), version)


@post(
    "/my/organizations/{public_id:uuid}/reapplication",
    guards=[MEMBER],
    status_code=204,
    summary="Apply again for an organization",
)
async def reapply(public_id: FromPath[UUID], data: JSONBody[ApplicationBody], principal: CurrentPrincipal) -> None:
    """Put right what was refused and apply again; the credit code stays."""
    application = Application(**msgspec.structs.asdict(data))
    await service.reapply_organization(principal, public_id, application)
