"""Roles of accounts: granted and ended by somebody else, within a place or an organization, for a time."""

from datetime import datetime
from uuid import UUID

from app.accounts import belonging, sessions
from app.accounts.errors import (
    LastOfOrganization,
    MembershipOver,
    MembershipTaken,
    NothingToDeputize,
    RoleNeedsOrganization,
)
from app.accounts.rules import ORGANIZATION_ROLES, SELF_ROLES, check_term
from app.core import audit, clock, database
from app.core.access import Grant, Permission, Principal, Role
from app.core.database import Row
from app.core.errors import NotFound, NotPermitted, SamePersonRefused
from app.core.ids import new_public_id

CONSTRAINTS = {
    "membership_granted_by_another": SamePersonRefused,
    "membership_deputy_of_another": SamePersonRefused,
    "membership_once": MembershipTaken,
    "organization_keeps_an_owner": LastOfOrganization,
}


async def grant_membership(
    principal: Principal,
    account: UUID,
    role: Role,
    *,
    place_code: str | None = None,
    uscc: str | None = None,
    until: datetime | None = None,
    deputy_for: UUID | None = None,
) -> UUID:
    """Give another person a role; with ``deputy_for`` in place of somebody who holds it there, until a date."""
    scope = principal.scope(Permission.ACCOUNT_MANAGE)
    now = clock.now()
    check_term(now, until, deputy_for is not None)
    grant = Grant(role, place_code, await _organization_id(role, uscc))
    await belonging.require_grantable(scope, grant)
    async with database.refusing(CONSTRAINTS), database.transaction():
        ids = await _locked_accounts(account, deputy_for)
        if ids[account] == principal.account_id:
            raise SamePersonRefused
        await _require_new(ids[account], grant, now)
        if deputy_for:
            await _require_held(ids[deputy_for], grant, now, until)
        deputized = ids[deputy_for] if deputy_for else None
        return await _insert(principal, ids[account], grant, until=until, deputy_for=deputized)


async def end_membership(principal: Principal, membership: UUID) -> None:
    """End a role now, and with it whoever deputizes in it; people may also lay down a role of their own."""
    async with database.refusing(CONSTRAINTS), database.transaction():
        held = await database.fetch_one(
            """SELECT id, account_id, role, place_code, organization_id, valid_until FROM membership
                WHERE public_id = $1 FOR NO KEY UPDATE""",
            membership,
        )
        if held is None:
            raise NotFound
        await _require_may_end(principal, held)
        now = clock.now()
        if held["valid_until"] is not None and held["valid_until"] <= now:
            raise MembershipOver
        ended = await database.fetch(_END, held["id"], now)
        await audit.record_many(
            principal,
            [audit.Entry("membership.ended", "membership", row["id"], {"role": row["role"]}) for row in ended],
        )


async def end_in_organization(principal: Principal, membership: UUID, organization_id: int) -> None:
    """End a role within an organization; a step of a use case of that organization, which has checked who may."""
    now = clock.now()
    held = await database.fetch_value(
        "SELECT id FROM membership WHERE public_id = $1 AND organization_id = $2", membership, organization_id
    )
    ended = await database.fetch(_END, held, now)
    await audit.record_many(
        principal, [audit.Entry("membership.ended", "membership", row["id"], {"role": row["role"]}) for row in ended]
    )


async def take_self_role(principal: Principal, role: Role) -> None:
    """Become a resident or a volunteer by one's own will; these roles stand for the person alone."""
    principal.scope(Permission.ACCOUNT_SELF)
    if role not in SELF_ROLES:
        raise NotPermitted
    now = clock.now()
    async with database.transaction():
        await sessions.lock_account(principal.actor)
        await _require_new(principal.actor, Grant(role), now)
        await _insert(principal, principal.actor, Grant(role))


async def require_manageable(principal: Principal, account_id: int) -> None:
    """Refuse to manage an account unless all its live roles lie within the manager's scope.

    Whoever could end the sessions or the second factor of somebody with a wider office could reach above
    himself.
    """
    scope = principal.scope(Permission.ACCOUNT_MANAGE)
    rows = await database.fetch(
        """SELECT role, place_code, organization_id FROM membership
            WHERE account_id = $1 AND (valid_until IS NULL OR valid_until > $2)""",
        *(account_id, clock.now()),
    )
    for row in rows:
        await belonging.require_grantable(scope, Grant(Role(row["role"]), row["place_code"], row["organization_id"]))


async def _insert(
    principal: Principal,
    account_id: int,
    grant: Grant,
    *,
    until: datetime | None = None,
    deputy_for: int | None = None,
) -> UUID:
    public_id = new_public_id()
    given_by_another = grant.role not in SELF_ROLES or principal.account_id != account_id
    membership_id = await database.insert_row(
        "membership",
        {
            "public_id": public_id,
            "account_id": account_id,
            "role": grant.role.value,
            "place_code": grant.place_code,
            "organization_id": grant.organization_id,
            "valid_from": clock.now(),
            "valid_until": until,
            "deputy_for": deputy_for,
            "granted_by": principal.account_id if given_by_another else None,
        },
    )
    said = {"role": grant.role.value, "place": grant.place_code, "organization": grant.organization_id}
    await audit.record(principal, "membership.granted", "membership", membership_id, account=account_id, **said)
    return public_id


async def _organization_id(role: Role, uscc: str | None) -> int | None:
    if not uscc:
        return None
    found = await belonging.directory().organization(uscc)
    if found is None or role not in ORGANIZATION_ROLES:
        raise RoleNeedsOrganization
    return found.id


async def _locked_accounts(*public_ids: UUID | None) -> dict[UUID, int]:
    wanted = [public_id for public_id in public_ids if public_id]
    rows = await database.fetch(
        """SELECT id, public_id FROM account WHERE public_id = ANY($1) AND status = 'active'
            ORDER BY id FOR NO KEY UPDATE""",
        wanted,
    )
    found = {row["public_id"]: row["id"] for row in rows}
    if found.keys() != set(wanted):
        raise NotFound
    return found


async def _require_new(account_id: int, grant: Grant, now: datetime) -> None:
    taken = await database.fetch_value(
        """SELECT EXISTS (SELECT FROM membership
                           WHERE account_id = $1 AND role = $2 AND place_code IS NOT DISTINCT FROM $3
                             AND organization_id IS NOT DISTINCT FROM $4
                             AND (valid_until IS NULL OR valid_until > $5))""",
        *(account_id, grant.role.value, grant.place_code, grant.organization_id, now),
    )
    if taken:
        raise MembershipTaken


async def _require_held(account_id: int, grant: Grant, now: datetime, until: datetime | None) -> None:
    """Refuse a deputy for somebody who does not hold the role himself, there, for at least as long."""
    held = await database.fetch_value(
        """SELECT EXISTS (SELECT FROM membership
                           WHERE account_id = $1 AND role = $2 AND deputy_for IS NULL
                             AND organization_id IS NOT DISTINCT FROM $4
                             AND ($3::text IS NULL OR starts_with($3, place_code))
                             AND valid_from <= $5 AND (valid_until IS NULL OR valid_until >= $6))""",
        *(account_id, grant.role.value, grant.place_code, grant.organization_id, now, until),
    )
    if not held:
        raise NothingToDeputize


async def _require_may_end(principal: Principal, held: Row) -> None:
    if principal.signed_in and held["account_id"] == principal.account_id:
        principal.scope(Permission.ACCOUNT_SELF)
        return
    scope = principal.scope(Permission.ACCOUNT_MANAGE)
    await belonging.require_grantable(scope, Grant(Role(held["role"]), held["place_code"], held["organization_id"]))


# An end lies after the beginning, also when both fall on the same instant of a stopped clock.
_END = """
UPDATE membership AS ended
   SET valid_until = greatest($2::timestamptz, ended.valid_from + interval '1 microsecond')
  FROM membership AS held
 WHERE held.id = $1 AND (ended.valid_until IS NULL OR ended.valid_until > $2)
   AND (ended.id = held.id
        OR (held.deputy_for IS NULL AND ended.deputy_for = held.account_id AND ended.role = held.role
            AND ended.organization_id IS NOT DISTINCT FROM held.organization_id
            AND (held.place_code IS NULL OR starts_with(ended.place_code, held.place_code))))
RETURNING ended.id, ended.role"""
