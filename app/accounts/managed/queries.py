"""Accounts as a manager finds them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from app.accounts.rules import mobile_number
from app.core import clock, database, vault
from app.core.access import Permission, Principal, Role
from app.core.errors import InvalidInput, NotFound


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account in the list."""

    id: int
    public_id: UUID
    display_name: str
    roles: tuple[Role, ...]
    has_second_factor: bool


@dataclass(frozen=True, slots=True)
class ManagedAccount:
    """An account on its manager's page."""

    id: int
    public_id: UUID
    display_name: str
    status: str
    has_phone: bool
    has_second_factor: bool
    created_at: datetime


async def accounts_in_reach(
    principal: Principal, text: str, *, before: int | None = None, limit: int = 51
) -> list[AccountRow]:
    """Return accounts with a role in the manager's places, by a part of the name; or anybody by the whole number.

    Who has no role at a place is found by the number alone: a list of residents is nobody's business.
    """
    patterns = principal.scope(Permission.ACCOUNT_MANAGE).like_patterns()
    rows = await database.fetch(_LIST, patterns, text.strip(), _digest(text), clock.now(), before, limit)
    return [
        AccountRow(
            *(row["id"], row["public_id"], row["display_name"]),
            roles=_roles(row["roles"]),
            has_second_factor=row["totp"],
        )
        for row in rows
    ]


async def managed_account(principal: Principal, public_id: UUID) -> ManagedAccount:
    """Return one account for its manager; what it may be used for is decided by each use case."""
    principal.scope(Permission.ACCOUNT_MANAGE)
    row = await database.fetch_one(
        """SELECT id, public_id, display_name, status, phone_sealed IS NOT NULL AS has_phone,
                  totp_sealed IS NOT NULL AS has_second_factor, created_at
             FROM account WHERE public_id = $1""",
        public_id,
    )
    if row is None:
        raise NotFound
    return ManagedAccount(**row)


async def account_of_phone(phone: str) -> UUID:
    """Return the account of a number, for naming whom a deputy stands in for."""
    found: UUID | None = await database.fetch_value(
        "SELECT public_id FROM account WHERE phone_digest = $1 AND status = 'active'",
        vault.digest(mobile_number(phone)),
    )
    if found is None:
        raise NotFound
    return found


def _digest(text: str) -> bytes:
    try:
        return vault.digest(mobile_number(text))
    except InvalidInput:
        return b""


def _roles(listed: str) -> tuple[Role, ...]:
    held: Sequence[str] = msgspec.json.decode(listed)
    return tuple(role for role in Role if role.value in held)


_LIST = """
SELECT account.id, account.public_id, account.display_name, account.totp_sealed IS NOT NULL AS totp,
       (SELECT coalesce(json_agg(DISTINCT role), '[]')::text FROM membership
         WHERE membership.account_id = account.id AND (valid_until IS NULL OR valid_until > $4)) AS roles
  FROM account
 WHERE account.status = 'active' AND ($5::bigint IS NULL OR account.id < $5)
   AND (account.phone_digest = $3
        OR strpos(lower(account.display_name), lower($2)) > 0
           AND EXISTS (SELECT FROM membership
                        WHERE membership.account_id = account.id AND place_code LIKE ANY($1)
                          AND (valid_until IS NULL OR valid_until > $4)))
 ORDER BY account.id DESC LIMIT $6"""
