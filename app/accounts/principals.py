"""From a cookie, a token or an account to the Principal behind a request, in one SQL statement each."""

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec

from app.accounts.rules import OFFICER_SESSION, PLAIN_SESSION, without_officer_roles
from app.core import clock, database
from app.core.access import Grant, Permission, Principal, Role, RoleMap, Scope, scopes_of
from app.core.errors import NotFound, NotSignedIn
from app.web.principal import Visitor

SELF = {Permission.ACCOUNT_SELF: Scope()}
"""What every account may do with itself: an officer before his second factor must be able to give it."""

_role_map: RoleMap = {}


def register_role_map(role_map: RoleMap) -> None:
    """Name what each role may do, composed from every package's wiring."""
    _role_map.clear()
    _role_map.update(role_map)


def token_digest(token: str) -> bytes:
    """Return the hash under which a session's or program's token is stored; the token itself is random."""
    return hashlib.sha256(token.encode()).digest()


class AccountSource:
    """The frame's source of principals (app.web.principal.PrincipalSource)."""

    async def visitor(self, session_token: str | None, bearer: str | None) -> Visitor:
        """Return who holds the bearer token, or else the session; an unknown session is nobody."""
        if bearer is not None:
            return Visitor(await principal_of_bearer(bearer))
        return await visitor_of_session(session_token) if session_token else Visitor()


async def visitor_of_session(token: str) -> Visitor:
    """Return the visitor of a live session, or an anonymous one; notes that the session was used."""
    row = await database.fetch_one(_SESSION, token_digest(token), clock.now(), OFFICER_SESSION.idle, PLAIN_SESSION.idle)
    if row is None:
        return Visitor()
    return Visitor(_principal(row, "session", row["second_factor"]), row["csrf_token"], row["locale"])


async def principal_of_session(token: str) -> Principal:
    """Return the principal of a live session; without a second factor it has no officer's permissions."""
    return (await visitor_of_session(token)).principal


async def principal_of_bearer(token: str) -> Principal:
    """Return the principal of a personal token, or refuse."""
    row = await database.fetch_one(_BEARER, token_digest(token), clock.now())
    if row is None:
        raise NotSignedIn
    return _principal(row, "token", row["second_factor"])


async def principal_of_account(account_id: int) -> Principal:
    """Return an account's principal with all its roles: for the command line and the demonstration."""
    return (await principals_of_accounts([account_id]))[account_id]


async def principals_of_accounts(account_ids: Iterable[int]) -> dict[int, Principal]:
    """Return many accounts' principals at once; an account that is not active is an error."""
    wanted = set(account_ids)
    rows = await database.fetch(_ACCOUNTS, list(wanted), clock.now())
    found = {row["account_id"]: _principal(row, "session", True) for row in rows}
    if found.keys() != wanted:
        raise NotFound
    return found


def _principal(row: dict[str, Any], kind: str, second_factor: bool) -> Principal:
    given: list[tuple[str, str | None, int | None]] = msgspec.json.decode(row["grants"])
    grants = tuple(Grant(Role(role), place, organization) for role, place, organization in given)
    if not second_factor:
        grants = without_officer_roles(grants)
    return Principal(
        account_id=row["account_id"],
        public_id=row["public_id"],
        name=row["display_name"],
        kind=kind,
        grants=grants,
        scopes={**SELF, **scopes_of(grants, _role_map)},
        session_id=row["session_id"],
    )


_GRANTS = """
    (SELECT coalesce(json_agg(json_build_array(role, place_code, organization_id) ORDER BY id), '[]')::text
       FROM membership
      WHERE membership.account_id = account.id
        AND valid_from <= $2 AND (valid_until IS NULL OR valid_until > $2)) AS grants"""

_ACCOUNT = f"account.id AS account_id, account.public_id, account.display_name, account.locale, {_GRANTS}"

# ``seen_at`` is written once a minute at most: reading a page is not a write.
_SESSION = f"""
WITH live AS (
    SELECT id, account_id, csrf_token, second_factor, seen_at FROM web_session
     WHERE token_sha256 = $1 AND expires_at > $2
       AND seen_at > $2 - CASE WHEN second_factor THEN $3::interval ELSE $4::interval END),
touched AS (
    UPDATE web_session SET seen_at = $2 FROM live
     WHERE web_session.id = live.id AND live.seen_at < $2 - interval '1 minute')
SELECT live.id AS session_id, live.csrf_token, live.second_factor, {_ACCOUNT}
  FROM live JOIN account ON account.id = live.account_id AND account.status = 'active'"""

_BEARER = f"""
WITH live AS (
    SELECT id, account_id, second_factor, last_used_at FROM api_token
     WHERE token_sha256 = $1 AND expires_at > $2 AND revoked_at IS NULL),
touched AS (
    UPDATE api_token SET last_used_at = $2 FROM live
     WHERE api_token.id = live.id
       AND (live.last_used_at IS NULL OR live.last_used_at < $2 - interval '1 minute'))
SELECT NULL::bigint AS session_id, live.second_factor, {_ACCOUNT}
  FROM live JOIN account ON account.id = live.account_id AND account.status = 'active'"""

_ACCOUNTS = f"""
SELECT NULL::bigint AS session_id, {_ACCOUNT}
  FROM account WHERE account.id = ANY($1) AND account.status = 'active'"""
