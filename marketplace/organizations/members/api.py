"""Members for programs: who acts for an organization, inviting, joining by a link, naming owners, leaving."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, delete, get, post, put
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal, public, signed_in
from marketplace.organizations.members import queries, service
from marketplace.organizations.members.controllers import MEMBER
from marketplace.organizations.members.queries import InvitationView, Member, Members, OpenInvitation
from marketplace.organizations.members.rules import Duty

Name = Annotated[str, msgspec.Meta(examples=["Wang Min"])]


class MemberBody(msgspec.Struct):
    """Somebody who acts for the organization; ``own`` is the caller."""

    id: UUID
    name: Name
    duty: Duty
    since: datetime
    until: datetime | None
    own: bool

    @classmethod
    def of(cls, view: Member) -> "MemberBody":
        """Return what a program sees of a member."""
        return cls(view.membership, view.name, view.duty, view.since, view.until, view.own)


class OpenInvitationBody(msgspec.Struct):
    """An invitation that nobody has answered yet; neither its link nor its number is kept."""

    id: UUID
    duty: Duty
    by_phone: bool
    invited_by: Name
    invited_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, view: OpenInvitation) -> "OpenInvitationBody":
        """Return what an owner's program sees of an invitation."""
        return cls(
            view.public_id, view.duty, view.by_phone, view.invited_by, view.invited_at, view.expires_at
        )  # fmt: skip


class MembersBody(msgspec.Struct):
    """The members, owners first; open invitations are shown to owners."""

    owner: bool
    members: list[MemberBody]
    invitations: list[OpenInvitationBody]

    @classmethod
    def of(cls, view: Members) -> "MembersBody":
        """Return what a member's program sees."""
        members = [MemberBody.of(one) for one in view.members]
        return cls(view.owner, members, [OpenInvitationBody.of(one) for one in view.invitations])


class InviteBody(msgspec.Struct):
    """Whom to invite; with a number the link is sent there and only its holder may use it."""

    duty: Duty = Duty.EDITOR
    phone: Annotated[str, msgspec.Meta(max_length=20, examples=["13857100001"])] = ""


class InvitedBody(msgspec.Struct):
    """An invitation with its link, which is shown this once."""

    id: UUID
    link: Annotated[str, msgspec.Meta(examples=["https://fahui.example/organizations/join/…"])]


class DutyBody(msgspec.Struct):
    """What a member is to do."""

    duty: Duty


class InvitationBody(msgspec.Struct):
    """What somebody reads who follows a link."""

    organization_zh: Annotated[str, msgspec.Meta(examples=["某某律师事务所"])]
    organization_en: Annotated[str, msgspec.Meta(examples=["Example Law Firm"])]
    duty: Duty
    invited_by: Name
    expires_at: datetime
    live: bool

    @classmethod
    def of(cls, view: InvitationView) -> "InvitationBody":
        """Return what a program sees of an invitation."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class JoinedBody(msgspec.Struct):
    """The organization that the caller acts for from now on."""

    organization: UUID


@get("/my/organizations/{public_id:uuid}/members", guards=[MEMBER], summary="List members")
async def list_members(public_id: FromPath[UUID], principal: CurrentPrincipal) -> MembersBody:
    """Who acts for one's organization."""
    return MembersBody.of(await queries.members_of(principal, public_id))


@post("/my/organizations/{public_id:uuid}/invitations", guards=[MEMBER], summary="Invite a member")
async def invite(public_id: FromPath[UUID], data: JSONBody[InviteBody], principal: CurrentPrincipal) -> InvitedBody:
    """Invite somebody, as an owner; the link works once, for seven days."""
    invited = await service.invite(principal, public_id, data.duty, data.phone)
    return InvitedBody(invited.public_id, invited.link)


@delete(
    "/my/organizations/{public_id:uuid}/invitations/{invitation:uuid}",
    guards=[MEMBER],
    summary="Take an invitation back",
)
async def withdraw(public_id: FromPath[UUID], invitation: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Take an invitation back, as an owner; its link is spent."""
    await service.withdraw(principal, public_id, invitation)


@put(
    "/my/organizations/{public_id:uuid}/members/{membership:uuid}/duty",
    guards=[MEMBER],
    summary="Name an owner or an editor",
)
async def name_duty(
    public_id: FromPath[UUID], membership: FromPath[UUID], data: JSONBody[DutyBody], principal: CurrentPrincipal
) -> MembersBody:
    """Make a member an owner or an editor, as an owner; the last owner stays one."""
    await service.name_duty(principal, public_id, membership, data.duty)
    return MembersBody.of(await queries.members_of(principal, public_id))


@delete("/my/organizations/{public_id:uuid}/members/{membership:uuid}", guards=[MEMBER], summary="Remove a member")
async def remove(public_id: FromPath[UUID], membership: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """End a member's part as an owner, or one's own; the last owner names another first."""
    await service.remove(principal, public_id, membership)


@get("/invitations/{token:str}", guards=[public], summary="Show an invitation")
async def show_invitation(token: FromPath[str]) -> Response[InvitationBody]:
    """Show what a link invites to; one that never was is not found."""
    body = InvitationBody.of(await queries.invitation(token))
    return Response(body, headers={"cache-control": "private, no-store"})


@post("/invitations/{token:str}/acceptance", guards=[signed_in], status_code=200, summary="Join an organization")
async def accept(token: FromPath[str], principal: CurrentPrincipal) -> JoinedBody:
    """Join the organization that the link belongs to."""
    return JoinedBody(await service.accept(principal, token))


@post("/invitations/{token:str}/refusal", guards=[signed_in], status_code=204, summary="Turn an invitation down")
async def decline(token: FromPath[str], principal: CurrentPrincipal) -> None:
    """Turn an invitation down; the link is spent."""
    await service.decline(principal, token)
