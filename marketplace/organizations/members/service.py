"""Inviting, joining, naming owners, leaving."""

from dataclasses import dataclass, field
from uuid import UUID

from app.accounts.memberships import end_in_organization
from app.accounts.registration import insert_memberships
from app.accounts.rules import mobile_number
from app.core import audit, clock, database, vault
from app.core.access import Grant, Permission, Principal, Role
from app.core.database import transaction
from app.core.errors import DomainError, NotFound, SamePersonRefused
from app.core.settings import settings
from app.core.state import advance
from app.core.text import N_
from app.notifications.rules import Channel
from app.notifications.service import notify, notify_address
from marketplace.organizations.members import rules
from marketplace.organizations.members.rules import (
    Duty,
    InvitationEvent,
    InvitationOver,
    InvitationStatus,
    InvitedAnother,
    LastOwner,
    MemberAlready,
    TooManyInvitations,
)
from marketplace.organizations.members.standing import locked_member, organization_id_of, require_owner

CONSTRAINTS: dict[str, type[DomainError]] = {
    "organization_keeps_an_owner": LastOwner,
    "invitation_answered_once": InvitationOver,
    "invitation_accepted_in_time": InvitationOver,
    "invitation_accepted_by_another": SamePersonRefused,
    "membership_granted_by_another": SamePersonRefused,
}


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with its link, which is shown once and kept nowhere."""

    public_id: UUID
    link: str = field(repr=False)


async def invite(principal: Principal, organization: UUID, duty: Duty, phone: str = "") -> Invited:
    """Invite somebody by a link; with a number it is sent there, and only its holder may use it."""
    number = mobile_number(phone) if phone else ""
    token, now = rules.new_token(), clock.now()
    link = f"{settings().public_url}/organizations/join/{token}"
    async with transaction():
        organization_id = await organization_id_of(organization)
        await require_owner(principal, organization_id)
        name = await database.fetch_value(
            "SELECT name_zh FROM organization WHERE id = $1 FOR NO KEY UPDATE", organization_id
        )
        await _require_room(organization_id)
        invitation_id = await database.insert_row(
            "organization_invitation",
            {
                "organization_id": organization_id,
                "duty": duty.value,
                "token_sha256": rules.token_sha256(token),
                "phone_digest": vault.digest(number) if number else None,
                "status": InvitationStatus.OPEN.value,
                "invited_by": principal.actor,
                "invited_at": now,
                "expires_at": now + rules.LIFE,
            },
        )
        if number:
            said = N_("“%(organization)s”邀请你代表本单位使用法惠平台，7 天内有效：%(link)s")
            await notify_address(Channel.SMS, number, said, {"organization": name, "link": link})
        await audit.record(principal, "organization.member_invited", "organization", organization_id, duty=duty.value)
        public_id = await database.fetch_value(
            "SELECT public_id FROM organization_invitation WHERE id = $1", invitation_id
        )
    return Invited(public_id, link)


async def accept(principal: Principal, token: str) -> UUID:
    """Join the organization that the link belongs to; return the organization."""
    principal.scope(Permission.ACCOUNT_SELF)
    async with database.refusing(CONSTRAINTS), transaction():
        row = await _locked_invitation(token)
        await _require_invited(principal, row)
        after = advance(rules.TRANSITIONS, InvitationStatus(row["status"]), InvitationEvent.ACCEPT)
        if await _is_member(principal.actor, row["organization_id"]):
            raise MemberAlready
        await _answer(principal, row["id"], after)
        grant = Grant(Role.PROVIDER, organization_id=row["organization_id"])
        await insert_memberships([principal.actor], [[grant]], granted_by=row["invited_by"])
        if row["duty"] == Duty.OWNER:
            await _own(row["organization_id"], principal.actor, made_by=row["invited_by"])
        await audit.record(
            principal, "organization.member_joined", "organization", row["organization_id"], duty=row["duty"]
        )
        await notify(
            row["invited_by"],
            N_("%(name)s 接受了邀请，现在是“%(organization)s”的成员。"),
            {"name": principal.name, "organization": row["name_zh"]},
            link=f"/my/organizations/{row['organization']}/members",
        )
    organization: UUID = row["organization"]
    return organization


async def decline(principal: Principal, token: str) -> None:
    """Turn an invitation down; the link is spent."""
    principal.scope(Permission.ACCOUNT_SELF)
    async with database.refusing(CONSTRAINTS), transaction():
        row = await _locked_invitation(token)
        await _require_invited(principal, row)
        after = advance(rules.TRANSITIONS, InvitationStatus(row["status"]), InvitationEvent.DECLINE)
        await _answer(principal, row["id"], after)


async def withdraw(principal: Principal, organization: UUID, invitation: UUID) -> None:
    """Take an invitation back."""
    async with database.refusing(CONSTRAINTS), transaction():
        organization_id = await organization_id_of(organization)
        await require_owner(principal, organization_id)
        row = await database.fetch_one(
            """SELECT id, status FROM organization_invitation
               WHERE public_id = $1 AND organization_id = $2 FOR NO KEY UPDATE""",
            invitation,
            organization_id,
        )
        if row is None:
            raise NotFound
        after = advance(rules.TRANSITIONS, InvitationStatus(row["status"]), InvitationEvent.WITHDRAW)
        await _answer(principal, row["id"], after)


async def name_duty(principal: Principal, organization: UUID, membership: UUID, duty: Duty) -> None:
    """Make a member an owner, or an owner an editor; the last owner stays one."""
    async with database.refusing(CONSTRAINTS), transaction():
        organization_id = await organization_id_of(organization)
        await require_owner(principal, organization_id)
        member = await locked_member(organization_id, membership)
        if member["owner"] == (duty is Duty.OWNER):
            return
        if duty is Duty.OWNER:
            await _own(organization_id, member["account_id"], made_by=principal.actor)
        else:
            await database.execute(
                "UPDATE organization_owner SET until = $2 WHERE membership_id = $1 AND until IS NULL",
                member["id"],
                clock.now(),
            )
        await audit.record(
            principal, "organization.duty_named", "organization", organization_id,
            account=member["account_id"], duty=duty.value,
        )  # fmt: skip


async def remove(principal: Principal, organization: UUID, membership: UUID) -> None:
    """End a member's part in the organization: an owner's word, or one's own; the last owner names another first."""
    async with database.refusing(CONSTRAINTS), transaction():
        organization_id = await organization_id_of(organization)
        member = await locked_member(organization_id, membership)
        if member["account_id"] != principal.actor:
            await require_owner(principal, organization_id)
        if member["owner"] and await _owners(organization_id) == 1:
            raise LastOwner
        await end_in_organization(principal, membership, organization_id)


async def _require_room(organization_id: int) -> None:
    count = await database.fetch_value(
        """SELECT count(*) FROM organization_invitation
           WHERE organization_id = $1 AND status = 'open' AND expires_at > $2""",
        organization_id,
        clock.now(),
    )
    if count >= rules.MOST_OPEN:
        raise TooManyInvitations(most=rules.MOST_OPEN)


async def _locked_invitation(token: str) -> database.Row:
    row = await database.fetch_one(
        """SELECT i.id, i.organization_id, i.duty, i.status, i.phone_digest, i.invited_by, i.expires_at,
                  o.public_id AS organization, o.name_zh
           FROM organization_invitation i JOIN organization o ON o.id = i.organization_id
           WHERE i.token_sha256 = $1 FOR NO KEY UPDATE OF i""",
        rules.token_sha256(token),
    )
    if row is None:
        raise NotFound
    return row


async def _require_invited(principal: Principal, row: database.Row) -> None:
    if not rules.is_live(InvitationStatus(row["status"]), row["expires_at"], clock.now()):
        raise InvitationOver
    if row["phone_digest"] is not None and row["phone_digest"] != await database.fetch_value(
        "SELECT phone_digest FROM account WHERE id = $1", principal.actor
    ):
        raise InvitedAnother


async def _answer(principal: Principal, invitation_id: int, after: InvitationStatus) -> None:
    answered = {"status": after.value, "answered_by": principal.actor, "answered_at": clock.now()}
    await database.update_row("organization_invitation", invitation_id, answered)


async def _is_member(account_id: int, organization_id: int) -> bool:
    found: bool = await database.fetch_value(
        """SELECT EXISTS (SELECT FROM membership WHERE account_id = $1 AND organization_id = $2 AND role = 'provider'
                           AND (valid_until IS NULL OR valid_until > $3))""",
        account_id,
        organization_id,
        clock.now(),
    )
    return found


async def _own(organization_id: int, account_id: int, *, made_by: int) -> None:
    """Make a member for good an owner; who owns already stays as before."""
    await database.execute(
        """INSERT INTO organization_owner (membership_id, organization_id, made_by, since)
           SELECT id, $1, $3, $4 FROM membership
           WHERE organization_id = $1 AND account_id = $2 AND role = 'provider' AND valid_until IS NULL
           ORDER BY id DESC LIMIT 1
           ON CONFLICT (membership_id) WHERE until IS NULL DO NOTHING""",
        organization_id,
        account_id,
        made_by,
        clock.now(),
    )


async def _owners(organization_id: int) -> int:
    count: int = await database.fetch_value(
        """SELECT count(*) FROM organization_owner o JOIN membership m ON m.id = o.membership_id
           WHERE o.organization_id = $1 AND o.until IS NULL AND m.valid_until IS NULL""",
        organization_id,
    )
    return count
