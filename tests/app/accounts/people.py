"""Accounts for the tests of the frame, made by the real services; imports nothing from the packages above."""

from itertools import count

from app.accounts import principals, registration
from app.accounts.registration import NewAccount
from app.accounts.rules import mobile_number
from app.accounts.sign_in import Browser, request_code, sign_in_with_code
from app.core import database
from app.core.access import Grant, Permission, Principal, Role, merged, system_principal
from app.notifications.jobs import deliver_notifications
from app.wiring import ROLE_PERMISSIONS

OFFICER_PERMISSION, OPEN_PERMISSION = Permission.DISPATCH_PLAN, Permission.ASSIGNMENT_SIGN_UP
ROLES = merged(
    ROLE_PERMISSIONS,
    {Role.COORDINATOR: frozenset({OFFICER_PERMISSION}), Role.VOLUNTEER: frozenset({OPEN_PERMISSION})},
)
IMPORTER = system_principal(Permission.ACCOUNT_MANAGE)
PASSWORD = "a calm and long sentence"
_phones = count(13_800_000_000)


def use_roles() -> None:
    """Let roles mean what this module says."""
    principals.register_role_map(ROLES)


def new_phone() -> str:
    """Return a number that no other account of the run has."""
    return mobile_number(str(next(_phones)))


def browser(address: str = "10.0.0.1", old_token: str = "") -> Browser:
    """Return a browser somewhere."""
    return Browser(address, old_token)


async def account(*grants: Grant, **given: str) -> int:
    """Open one account by import."""
    given.setdefault("phone", new_phone())
    person = NewAccount(given.pop("display_name", "somebody"), grants=grants, **given)
    [account_id] = await registration.create_accounts(IMPORTER, [person])
    return account_id


async def acting(account_id: int) -> Principal:
    """Return an account's principal with all that its roles carry, outside any session."""
    return await principals.principal_of_account(account_id)


async def code_sent_to(phone: str) -> str:
    """Deliver what is queued and read the latest code sent to a number from the demonstration's outbox."""
    from app.core import clock

    await deliver_notifications(clock.now())
    body: str = await database.fetch_value(
        "SELECT body FROM demo_delivery WHERE recipient = $1 ORDER BY id DESC LIMIT 1", phone
    )
    return "".join(char for char in body.partition("，")[0] if char.isdigit())


async def signed_in(phone: str, *, consent: bool = True, old_token: str = "", role: Role = Role.RESIDENT) -> str:
    """Go the whole way of a phone sign-in and return the session's token."""
    await request_code(phone, browser())
    session = await sign_in_with_code(
        phone, await code_sent_to(phone), browser(old_token=old_token), consent=consent, role=role
    )
    return session.token


async def public_id(account_id: int) -> object:
    """Return an account's public id."""
    return await database.fetch_value("SELECT public_id FROM account WHERE id = $1", account_id)
