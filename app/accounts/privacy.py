"""Consent, its withdrawal, erasure, and the revealing of masked numbers (个人信息保护法 §13-17, §47)."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from app.accounts import belonging, sessions, tokens
from app.accounts.errors import ErasureRefused, LastOfOrganization
from app.core import audit, clock, database, vault
from app.core.access import Permission, Principal
from app.core.errors import NotFound, NotPermitted
from app.notifications.service import cancel_queued

ErasureStep = Callable[[Principal, int], Awaitable[None]]

_erasure_steps: list[ErasureStep] = []


def register_erasure_step(step: ErasureStep) -> None:
    """Add what a package above does when an account is erased, in the same transaction.

    A step gets the principal and the account's id; it destroys keys of its own, or raises a DomainError where
    the law asks that records be kept for now.
    """
    if step not in _erasure_steps:
        _erasure_steps.append(step)


async def withdraw_consent(principal: Principal) -> None:
    """Take consent back (§15): nothing goes on with the account until consent is given again at sign-in."""
    principal.scope(Permission.ACCOUNT_SELF)
    async with database.transaction():
        await sessions.lock_account(principal.actor)
        await database.update_row("account", principal.actor, {"privacy_notice": None, "consented_at": None})
        await sessions.end_all(principal.actor)
        await tokens.revoke_all(principal.actor)
        await audit.record(principal, "account.consent_withdrawn", "account", principal.actor)


async def erase_account(principal: Principal) -> None:
    """Erase the person's own account (§47): what was sealed is unreadable for good, also in backups.

    Ids stay, because audit and ledger point at them; they no longer lead to a person.
    """
    principal.scope(Permission.ACCOUNT_SELF)
    sessions.require_session(principal)
    account_id = principal.actor
    async with database.refusing({"organization_keeps_an_owner": LastOfOrganization}), database.transaction():
        key_id = await database.fetch_value(
            "SELECT subject_key_id FROM account WHERE id = $1 FOR NO KEY UPDATE", account_id
        )
        if await sessions.holds_office(account_id):
            raise ErasureRefused
        for step in _erasure_steps:
            await step(principal, account_id)
        await cancel_queued(account_id)
        await sessions.end_all(account_id)
        await tokens.revoke_all(account_id)
        await database.execute(_END_ROLES, account_id, clock.now())
        await database.execute(_FORGET, account_id)
        await vault.destroy(key_id)
        await audit.record(principal, "account.erased", "account", account_id)


async def reveal_phone(principal: Principal, account: UUID) -> str:
    """Return an account's full phone number; every reveal is an audit event that the person can be told of."""
    scope = principal.scope(Permission.ACCOUNT_REVEAL)
    async with database.transaction():
        row = await database.fetch_one(_PHONE, account, clock.now())
        if row is None or row["phone_sealed"] is None:
            raise NotFound
        places = {*row["places"], *await belonging.home_places(row["id"])}
        if not any(scope.covers_place(code) for code in places or {""}):
            raise NotPermitted
        await audit.record(principal, "account.phone_revealed", "account", row["id"])
        return (await vault.subject_key(row["subject_key_id"])).open(row["phone_sealed"])


_END_ROLES = """
UPDATE membership SET valid_until = greatest($2::timestamptz, valid_from + interval '1 microsecond')
 WHERE account_id = $1 AND (valid_until IS NULL OR valid_until > $2)"""

_FORGET = """
UPDATE account
   SET display_name = '-', email = NULL, phone_sealed = NULL, phone_digest = NULL, password_hash = NULL,
       totp_sealed = NULL, privacy_notice = NULL, consented_at = NULL, status = 'closed'
 WHERE id = $1"""

_PHONE = """
SELECT account.id, account.phone_sealed, account.subject_key_id,
       array(SELECT place_code FROM membership
              WHERE account_id = account.id AND place_code IS NOT NULL
                AND (valid_until IS NULL OR valid_until > $2)) AS places
  FROM account WHERE public_id = $1"""
