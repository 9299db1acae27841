"""What the services ask about members, under the transaction's locks."""

from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from marketplace.organizations.members.rules import NotAnOwner

_OWNS = """
SELECT EXISTS (SELECT FROM organization_owner o JOIN membership m ON m.id = o.membership_id
                WHERE o.organization_id = $1 AND m.account_id = $2 AND o.until IS NULL AND m.valid_until IS NULL)
"""


async def owns(account_id: int, organization_id: int) -> bool:
    """Tell whether somebody is an owner."""
    found: bool = await database.fetch_value(_OWNS, organization_id, account_id)
    return found


async def require_owner(principal: Principal, organization_id: int) -> None:
    """Refuse a member who is no owner, and anybody who is no member."""
    principal.scope(Permission.ORGANIZATION_MANAGE).require_organization(organization_id)
    if not await owns(principal.actor, organization_id):
        raise NotAnOwner


async def organization_id_of(public_id: UUID) -> int:
    """Return an organization's id."""
    found: int | None = await database.fetch_value("SELECT id FROM organization WHERE public_id = $1", public_id)
    if found is None:
        raise NotFound
    return found


async def locked_member(organization_id: int, membership: UUID) -> database.Row:
    """Return a live membership of the organization, locked."""
    row = await database.fetch_one(
        """SELECT m.id, m.account_id, EXISTS (
                      SELECT FROM organization_owner o WHERE o.membership_id = m.id AND o.until IS NULL) AS owner
           FROM membership m WHERE m.public_id = $1 AND m.organization_id = $2 AND m.role = 'provider'
             AND (m.valid_until IS NULL OR m.valid_until > $3) FOR NO KEY UPDATE OF m""",
        membership,
        organization_id,
        clock.now(),
    )
    if row is None:
        raise NotFound
    return row
