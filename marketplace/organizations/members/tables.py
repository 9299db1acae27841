"""Owners and invitations."""

from piccolo.columns import UUID, Bytea, LazyTableReference, Timestamptz
from piccolo.table import Table

from app.core.columns import identity, optional, required, words
from app.core.database import DB
from marketplace.organizations.tables import ACCOUNT, Organization


class OrganizationOwner(Table, tablename="organization_owner", db=DB):
    """A membership that owns its organization, for a time."""

    id = identity()
    membership_id = required(LazyTableReference("Membership", app_name="app"))
    organization_id = required(Organization)
    made_by = optional(ACCOUNT)
    since = Timestamptz()
    until = Timestamptz(null=True, default=None)


class OrganizationInvitation(Table, tablename="organization_invitation", db=DB):
    """A link that makes its reader a member; its hash, and whom it was sent to as a digest."""

    id = identity()
    public_id = UUID(unique=True)
    organization_id = required(Organization)
    duty = words()
    token_sha256 = Bytea(unique=True)
    phone_digest = Bytea(null=True, default=None)
    status = words()
    invited_by = required(ACCOUNT)
    invited_at = Timestamptz()
    expires_at = Timestamptz()
    answered_by = optional(ACCOUNT)
    answered_at = Timestamptz(null=True, default=None)
