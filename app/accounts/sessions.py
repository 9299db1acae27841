"""Sessions: a random token in the browser, its hash here, a fresh one at every step up."""

import secrets
from dataclasses import dataclass
from enum import StrEnum

from app.accounts.errors import SessionNeeded
from app.accounts.principals import token_digest
from app.accounts.rules import session_life
from app.core import audit, clock, database
from app.core.access import OFFICERS, Permission, Principal
from app.core.errors import NotFound, NotSignedIn

TOKEN_BYTES = 32


class NextStep(StrEnum):
    """What an officer still has to do after sign-in before his permissions hold."""

    DONE = "done"
    VERIFY = "verify"
    ENROL = "enrol"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session that has just begun; the token exists only here and in the browser."""

    token: str
    seconds: int
    account_id: int
    next_step: NextStep


async def start(account_id: int, *, second_factor: bool, old_token: str = "") -> SignedIn:
    """Begin a session in the current transaction; whatever session the browser had is gone.

    A token that somebody planted in the browser before sign-in therefore opens nothing.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now, life = clock.now(), session_life(second_factor)
    if old_token:
        await database.execute("DELETE FROM web_session WHERE token_sha256 = $1", token_digest(old_token))
    await database.insert_row(
        "web_session",
        {
            "token_sha256": token_digest(token),
            "account_id": account_id,
            "second_factor": second_factor,
            "csrf_token": secrets.token_urlsafe(24),
            "created_at": now,
            "seen_at": now,
            "expires_at": now + life.absolute,
        },
    )
    step = NextStep.DONE if second_factor else await _next_step(account_id)
    return SignedIn(token, int(life.absolute.total_seconds()), account_id, step)


async def step_up(principal: Principal) -> SignedIn:
    """Exchange the current session for a fresh one with the second factor, in the current transaction."""
    gone = await database.execute("DELETE FROM web_session WHERE id = $1", principal.session_id)
    if not gone:
        raise NotSignedIn
    return await start(principal.actor, second_factor=True)


async def sign_out(principal: Principal) -> None:
    """End the current session."""
    if principal.session_id is None:
        return
    async with database.transaction():
        await database.execute("DELETE FROM web_session WHERE id = $1", principal.session_id)
        await audit.record(principal, "account.signed_out", "account", principal.actor)


async def sign_out_everywhere(principal: Principal) -> int:
    """End all of the person's sessions, this one included, and return how many there were."""
    principal.scope(Permission.ACCOUNT_SELF)
    async with database.transaction():
        await lock_account(principal.actor)
        ended = await end_all(principal.actor)
        await audit.record(principal, "account.signed_out_everywhere", "account", principal.actor, ended=ended)
    return ended


async def lock_account(account_id: int) -> None:
    """Lock an account that is in use; one that was closed in the meantime is no longer there."""
    found = await database.fetch_value(
        "SELECT id FROM account WHERE id = $1 AND status = 'active' FOR NO KEY UPDATE", account_id
    )
    if found is None:
        raise NotFound


async def end_all(account_id: int) -> int:
    """Delete every session of an account, in the current transaction."""
    return await database.execute("DELETE FROM web_session WHERE account_id = $1", account_id)


def require_session(principal: Principal) -> int:
    """Return the id of the session, or refuse a program's token."""
    if principal.session_id is None:
        raise SessionNeeded
    return principal.session_id


async def has_second_factor(principal: Principal) -> bool:
    """Tell whether the second factor was given in this session."""
    given: bool | None = await database.fetch_value(
        "SELECT second_factor FROM web_session WHERE id = $1", principal.session_id
    )
    return bool(given)


async def holds_office(account_id: int) -> bool:
    """Tell whether the account has a role that needs a second factor, now."""
    held: bool = await database.fetch_value(
        """SELECT EXISTS (SELECT FROM membership WHERE account_id = $1 AND role = ANY($2)
                             AND valid_from <= $3 AND (valid_until IS NULL OR valid_until > $3))""",
        *(account_id, [role.value for role in OFFICERS], clock.now()),
    )
    return held


async def _next_step(account_id: int) -> NextStep:
    if not await holds_office(account_id):
        return NextStep.DONE
    enrolled = await database.fetch_value("SELECT totp_sealed IS NOT NULL FROM account WHERE id = $1", account_id)
    return NextStep.VERIFY if enrolled else NextStep.ENROL
