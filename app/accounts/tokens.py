"""Personal tokens for programs: shown once, kept as a hash, expiring, revocable."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.accounts import second_factor, sessions
from app.accounts.principals import token_digest
from app.accounts.rules import LONGEST_TOKEN_LIFE, TOKEN_PREFIX
from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new token; ``secret`` is shown to the person now and never again."""

    public_id: UUID
    secret: str
    expires_at: datetime


async def create_token(principal: Principal, name: str, days: int) -> IssuedToken:
    """Make a token for one's own account, in the browser; officers do it with their second factor.

    The token carries an officer's permissions only if the session did: a role granted later does not reach
    tokens that were made without a second factor.
    """
    principal.scope(Permission.ACCOUNT_SELF)
    sessions.require_session(principal)
    label, life = _checked(name, days)
    if await sessions.holds_office(principal.actor):
        await second_factor.require_given(principal)
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    now = clock.now()
    async with database.transaction():
        row = await database.fetch_one(
            """INSERT INTO api_token (account_id, name, token_sha256, second_factor, created_at, expires_at)
               SELECT account_id, $2, $3, second_factor, $4, $5 FROM web_session WHERE id = $1
               RETURNING id, public_id""",
            *(principal.session_id, label, token_digest(secret), now, now + life),
        )
        if row is None:
            raise NotFound
        await audit.record(principal, "token.created", "api_token", row["id"], days=days)
    return IssuedToken(row["public_id"], secret, now + life)


async def revoke_token(principal: Principal, public_id: UUID) -> None:
    """Make one of the person's own tokens worthless at once; doing it again changes nothing."""
    principal.scope(Permission.ACCOUNT_SELF)
    async with database.transaction():
        token_id = await database.fetch_value(
            "SELECT id FROM api_token WHERE public_id = $1 AND account_id = $2 FOR NO KEY UPDATE",
            *(public_id, principal.actor),
        )
        if token_id is None:
            raise NotFound
        revoked = await database.execute(
            "UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", token_id, clock.now()
        )
        if revoked:
            await audit.record(principal, "token.revoked", "api_token", token_id)


async def revoke_all(account_id: int) -> int:
    """Revoke every token of an account, in the current transaction."""
    return await database.execute(
        "UPDATE api_token SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL",
        *(account_id, clock.now()),
    )


def _checked(name: str, days: int) -> tuple[str, timedelta]:
    label, life = name.strip(), timedelta(days=days)
    if not 1 <= len(label) <= 80:
        raise InvalidInput({"name": Message(N_("给令牌起个名字，说明用在哪里。"))})
    if not timedelta(0) < life <= LONGEST_TOKEN_LIFE:
        raise InvalidInput({"days": Message(N_("有效期 1 到 365 天。"))})
    return label, life
