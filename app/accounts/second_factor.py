"""The second factor of officers: a one-time password by time (RFC 6238), each usable once."""

import base64
import hmac
from dataclasses import dataclass
from uuid import UUID

import pyotp

from app.accounts import attempts, sessions
from app.accounts.errors import SecondFactorEnrolled, SecondFactorNeeded, WrongSecondFactor
from app.accounts.memberships import require_manageable
from app.accounts.rules import TOTP_DRIFT_STEPS, TOTP_STEP_SECONDS, TRIES_PER_SECOND_FACTOR
from app.accounts.sessions import SignedIn
from app.core import audit, clock, database, vault
from app.core.access import Permission, Principal
from app.core.errors import NotFound, SamePersonRefused
from app.core.text import N_
from app.notifications.service import notify

ISSUER = "Fahui"
SECRET_BYTES = 20  # the length RFC 4226 recommends


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the person's authenticator app needs."""

    secret: str
    uri: str


async def begin_enrolment(principal: Principal) -> Enrolment:
    """Return the secret that this session may enrol.

    It is derived from the session, so nothing is stored until a code proves that the app has it.
    """
    principal.scope(Permission.ACCOUNT_SELF)
    await _require_enrolment_allowed(principal)
    secret = _candidate(principal)
    label = str(principal.public_id)[:8]
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=label, issuer_name=ISSUER))


async def confirm_enrolment(principal: Principal, code: str) -> SignedIn:
    """Enrol the app that shows this code and go on in a fresh session with the second factor."""
    principal.scope(Permission.ACCOUNT_SELF)
    await _require_enrolment_allowed(principal)
    await attempts.count("second-factor", str(principal.actor), TRIES_PER_SECOND_FACTOR)
    secret = _candidate(principal)
    step = _matching_step(secret, code, after=0)
    if step is None:
        raise WrongSecondFactor
    async with database.transaction():
        key_id = await database.fetch_value(
            "SELECT subject_key_id FROM account WHERE id = $1 FOR NO KEY UPDATE", principal.actor
        )
        await _require_enrolment_allowed(principal)
        sealed = (await vault.subject_key(key_id)).seal(secret)
        await database.update_row("account", principal.actor, {"totp_sealed": sealed, "totp_last_step": step})
        signed_in = await sessions.step_up(principal)
        await audit.record(principal, "account.second_factor_enrolled", "account", principal.actor)
        await notify(principal.actor, N_("你的账号已绑定动态口令。如果不是你本人操作，请立即联系管理员。"))
    return signed_in


async def verify(principal: Principal, code: str) -> SignedIn:
    """Take a one-time password once and go on in a fresh session that carries the officer's permissions."""
    principal.scope(Permission.ACCOUNT_SELF)
    sessions.require_session(principal)
    await attempts.count("second-factor", str(principal.actor), TRIES_PER_SECOND_FACTOR)
    async with database.transaction():
        account = await database.fetch_one(
            "SELECT subject_key_id, totp_sealed, totp_last_step FROM account WHERE id = $1 FOR NO KEY UPDATE",
            principal.actor,
        )
        if account is None or account["totp_sealed"] is None:
            raise WrongSecondFactor
        secret = (await vault.subject_key(account["subject_key_id"])).open(account["totp_sealed"])
        step = _matching_step(secret, code, after=account["totp_last_step"])
        if step is None:
            raise WrongSecondFactor
        await database.update_row("account", principal.actor, {"totp_last_step": step})
        signed_in = await sessions.step_up(principal)
        await audit.record(principal, "account.second_factor_given", "account", principal.actor)
    return signed_in


async def reset(principal: Principal, account_public_id: UUID) -> None:
    """Take the second factor off another person's account, whose phone is lost, and end its sessions."""
    principal.scope(Permission.ACCOUNT_MANAGE)
    async with database.transaction():
        account_id = await database.fetch_value(
            "SELECT id FROM account WHERE public_id = $1 FOR NO KEY UPDATE", account_public_id
        )
        if account_id is None:
            raise NotFound
        if account_id == principal.account_id:
            raise SamePersonRefused
        await require_manageable(principal, account_id)
        await database.update_row("account", account_id, {"totp_sealed": None})
        await sessions.end_all(account_id)
        await audit.record(principal, "account.second_factor_reset", "account", account_id)
        await notify(account_id, N_("管理员已解除你的动态口令，下次登录时请重新绑定。"))


async def _require_enrolment_allowed(principal: Principal) -> None:
    sessions.require_session(principal)
    enrolled = await database.fetch_value("SELECT totp_sealed IS NOT NULL FROM account WHERE id = $1", principal.actor)
    if enrolled and not await sessions.has_second_factor(principal):
        raise SecondFactorEnrolled


async def require_given(principal: Principal) -> None:
    """Refuse unless the second factor was given in this session."""
    if not await sessions.has_second_factor(principal):
        raise SecondFactorNeeded


def _candidate(principal: Principal) -> str:
    seed = vault.digest(f"totp/{principal.actor}/{sessions.require_session(principal)}")
    return base64.b32encode(seed[:SECRET_BYTES]).decode()


def _matching_step(secret: str, code: str, after: int) -> int | None:
    """Return the time step the code belongs to, if it is near now and later than the last one used."""
    now = int(clock.now().timestamp()) // TOTP_STEP_SECONDS
    totp = pyotp.TOTP(secret)
    for step in range(now - TOTP_DRIFT_STEPS, now + TOTP_DRIFT_STEPS + 1):
        shown = totp.generate_otp(step)
        if step > after and hmac.compare_digest(shown.encode(), code.strip().encode()):
            return step
    return None
