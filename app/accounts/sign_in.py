"""Signing in: by phone and code, or by e-mail and password.

Answers are the same whether or not an account exists; only who holds the phone learns that.
"""

from dataclasses import dataclass

from app.accounts import attempts, codes, passwords, sessions
from app.accounts.errors import AccountClosed, ConsentNeeded, WrongPassword
from app.accounts.registration import open_account
from app.accounts.rules import (
    CODES_PER_ADDRESS,
    CODES_PER_PHONE,
    CODES_PER_PHONE_SHORT,
    PRIVACY_NOTICE,
    SELF_ROLES,
    TRIES_PER_ADDRESS,
    TRIES_PER_EMAIL,
    TRIES_PER_PHONE,
    email_address,
    mobile_number,
)
from app.accounts.sessions import SignedIn
from app.core import audit, clock, database, vault
from app.core.access import Grant, Principal, Role
from app.core.database import Row
from app.core.errors import InvalidInput
from app.core.text import N_
from app.notifications.rules import Channel

PURPOSE = "sign_in"
NEW_NAME = N_("新用户")


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a sign-in comes from: network address, the token it had before, its language."""

    address: str
    old_token: str = ""
    locale: str = "zh"


async def request_code(phone: str, browser: Browser) -> None:
    """Send a sign-in code to a number, known or not; the answer is the same for both."""
    number = mobile_number(phone)
    await attempts.count("code-address", browser.address, CODES_PER_ADDRESS)
    await attempts.count("code-phone", number, CODES_PER_PHONE_SHORT)
    await attempts.count("code-phone", number, CODES_PER_PHONE)
    await codes.send_code(Channel.SMS, number, PURPOSE)


async def sign_in_with_code(
    phone: str, code: str, browser: Browser, *, consent: bool = False, role: Role = Role.RESIDENT
) -> SignedIn:
    """Sign in whoever holds the phone; an unknown number becomes an account once consent is given.

    Without a consent that is needed the code is not spent, so that the person can tick the box and go on.
    """
    number = mobile_number(phone)
    if role not in SELF_ROLES:
        raise InvalidInput
    await attempts.count("try-address", browser.address, TRIES_PER_ADDRESS)
    await attempts.count("try-phone", number, TRIES_PER_PHONE)
    taken = await codes.check_code(number, PURPOSE, code)
    async with database.transaction():
        await codes.consume(taken)
        account = await database.fetch_one(f"{_ACCOUNT} phone_digest = $1 {_LOCK}", vault.digest(number))
        if account is None:
            account = await _opened(number, consent, role, browser.locale)
        return await _signed_in(account, consent, browser, "code")


async def sign_in_with_password(email: str, password: str, browser: Browser, *, consent: bool = False) -> SignedIn:
    """Sign in by e-mail and password; an unknown address takes as long and is answered the same."""
    address = email_address(email)
    await attempts.count("try-address", browser.address, TRIES_PER_ADDRESS)
    await attempts.count("try-email", address, TRIES_PER_EMAIL)
    known = await database.fetch_one(f"{_ACCOUNT} email = $1", address)
    stored = known["password_hash"] if known else None
    right = await passwords.matches(stored, password)
    if not right or known is None or stored is None:
        raise WrongPassword
    fresh = await passwords.hashed(password) if passwords.is_outdated(stored) else stored
    async with database.transaction():
        account = await database.fetch_one(f"{_ACCOUNT} id = $1 {_LOCK}", known["id"])
        if account is None or account["password_hash"] != stored:
            raise WrongPassword  # changed while the old one was being checked
        if fresh != stored:
            await database.update_row("account", account["id"], {"password_hash": fresh})
        return await _signed_in(account, consent, browser, "password")


async def _opened(number: str, consent: bool, role: Role, locale: str) -> Row:
    if not consent:
        raise ConsentNeeded
    grants = tuple(Grant(each) for each in dict.fromkeys((Role.RESIDENT, role)))
    account_id = await open_account(NEW_NAME, number, grants, locale)
    await audit.record(
        Principal(account_id, kind="session"), "account.opened", "account", account_id, notice=PRIVACY_NOTICE
    )
    return {"id": account_id, "status": "active", "privacy_notice": PRIVACY_NOTICE}


async def _signed_in(account: Row, consent: bool, browser: Browser, way: str) -> SignedIn:
    if account["status"] != "active":
        raise AccountClosed
    who = Principal(account["id"], kind="session")
    if account["privacy_notice"] != PRIVACY_NOTICE:
        if not consent:
            raise ConsentNeeded
        await database.update_row(
            "account", account["id"], {"privacy_notice": PRIVACY_NOTICE, "consented_at": clock.now()}
        )
        await audit.record(who, "account.consented", "account", account["id"], notice=PRIVACY_NOTICE)
    signed_in = await sessions.start(account["id"], second_factor=False, old_token=browser.old_token)
    await audit.record(who, "account.signed_in", "account", account["id"], way=way)
    return signed_in


_ACCOUNT = "SELECT id, status, privacy_notice, password_hash FROM account WHERE"
_LOCK = "FOR NO KEY UPDATE"
