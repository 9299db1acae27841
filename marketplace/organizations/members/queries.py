"""An organization's members and open invitations; one invitation as its reader sees it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from marketplace.organizations.members.rules import Duty, InvitationStatus, is_live, token_sha256
from marketplace.organizations.members.standing import organization_id_of, owns


@dataclass(frozen=True, slots=True)
class Member:
    """One member."""

    membership: UUID
    name: str
    duty: Duty
    since: datetime
    until: datetime | None
    own: bool


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that nobody has answered yet."""

    public_id: UUID
    duty: Duty
    by_phone: bool
    invited_by: str
    invited_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Members:
    """The members of an organization, and whether the reader is an owner."""

    members: tuple[Member, ...]
    invitations: tuple[OpenInvitation, ...]
    owner: bool

    @property
    def owners(self) -> int:
        """Return how many owners there are."""
        return sum(member.duty is Duty.OWNER for member in self.members)


@dataclass(frozen=True, slots=True)
class InvitationView:
    """What somebody reads who follows the link."""

    organization_zh: str
    organization_en: str
    duty: Duty
    invited_by: str
    expires_at: datetime
    live: bool


async def members_of(principal: Principal, organization: UUID) -> Members:
    """Return the members of one's organization, owners first, and the open invitations to its owners."""
    organization_id = await organization_id_of(organization)
    principal.scope(Permission.ORGANIZATION_MANAGE).require_organization(organization_id)
    now = clock.now()
    rows = await database.fetch(
        """SELECT m.public_id AS membership, a.display_name AS name, m.valid_from AS since, m.valid_until AS until,
                  m.account_id = $3 AS own, EXISTS (SELECT FROM organization_owner o
                      WHERE o.membership_id = m.id AND o.until IS NULL AND m.valid_until IS NULL) AS owner
           FROM membership m JOIN account a ON a.id = m.account_id
           WHERE m.organization_id = $1 AND m.role = 'provider' AND (m.valid_until IS NULL OR m.valid_until > $2)
           ORDER BY owner DESC, m.valid_from, m.id""",
        organization_id,
        now,
        principal.actor,
    )
    owner = await owns(principal.actor, organization_id)
    members = tuple(
        Member(row["membership"], row["name"], Duty.OWNER if row["owner"] else Duty.EDITOR, row["since"],
               row["until"], row["own"])
        for row in rows
    )  # fmt: skip
    return Members(members, await _open(organization_id, now) if owner else (), owner)


async def invitation(token: str) -> InvitationView:
    """Return the invitation of a link; a link that never was is not found."""
    row = await database.fetch_one(
        """SELECT o.name_zh AS organization_zh, o.name_en AS organization_en, i.duty, a.display_name AS invited_by,
                  i.expires_at, i.status
           FROM organization_invitation i JOIN organization o ON o.id = i.organization_id
           JOIN account a ON a.id = i.invited_by WHERE i.token_sha256 = $1""",
        token_sha256(token),
    )
    if row is None:
        raise NotFound
    live = is_live(InvitationStatus(row["status"]), row["expires_at"], clock.now())
    kept = {name: value for name, value in row.items() if name not in ("status", "duty")}
    return InvitationView(**kept, duty=Duty(row["duty"]), live=live)


async def _open(organization_id: int, now: datetime) -> tuple[OpenInvitation, ...]:
    rows = await database.fetch(
        """SELECT i.public_id, i.duty, i.phone_digest IS NOT NULL AS by_phone, a.display_name AS invited_by,
                  i.invited_at, i.expires_at
           FROM organization_invitation i JOIN account a ON a.id = i.invited_by
           WHERE i.organization_id = $1 AND i.status = 'open' AND i.expires_at > $2 ORDER BY i.id DESC""",
        organization_id,
        now,
    )
    return tuple(OpenInvitation(**{**row, "duty": Duty(row["duty"])}) for row in rows)
