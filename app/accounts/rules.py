"""What holds for accounts: numbers and passwords, codes, sessions, roles and their scopes."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.accounts.errors import (
    DeputyNeedsEnd,
    EndsBeforeItBegins,
    RoleNeedsOrganization,
    RoleNeedsPlace,
    RoleWithoutScope,
)
from app.core.access import OFFICERS, Grant, Role
from app.core.errors import InvalidInput
from app.core.text import N_, Message

PRIVACY_NOTICE = "2026-11"
"""Version of the privacy notice in force (templates/app/accounts/privacy.html)."""

CODE_LIFE = timedelta(minutes=5)
CODE_ATTEMPTS = 5
TOTP_STEP_SECONDS = 30
TOTP_DRIFT_STEPS = 1
TOKEN_PREFIX = "fahui_"  # noqa: S105 - the visible start of every token, so that leaked ones are found
LONGEST_TOKEN_LIFE = timedelta(days=365)
SELF_ROLES = frozenset({Role.RESIDENT, Role.VOLUNTEER})
ORGANIZATION_ROLES = frozenset({Role.PROVIDER})


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be tried within a window."""

    attempts: int
    window: timedelta


CODES_PER_PHONE = Limit(5, timedelta(hours=1))
CODES_PER_PHONE_SHORT = Limit(1, timedelta(minutes=1))
CODES_PER_ADDRESS = Limit(30, timedelta(hours=1))
TRIES_PER_PHONE = Limit(15, timedelta(hours=1))
TRIES_PER_EMAIL = Limit(10, timedelta(minutes=15))
TRIES_PER_ADDRESS = Limit(60, timedelta(minutes=15))
TRIES_PER_SECOND_FACTOR = Limit(8, timedelta(minutes=15))


@dataclass(frozen=True, slots=True)
class SessionLife:
    """When a session ends: unused for ``idle``, or ``absolute`` after sign-in whatever happens."""

    idle: timedelta
    absolute: timedelta


PLAIN_SESSION = SessionLife(timedelta(days=7), timedelta(days=30))
OFFICER_SESSION = SessionLife(timedelta(hours=1), timedelta(hours=12))


def session_life(second_factor: bool) -> SessionLife:
    """Return how long a session lasts; one that carries an officer's permissions is short."""
    return OFFICER_SESSION if second_factor else PLAIN_SESSION


def mobile_number(text: str) -> str:
    """Return a mainland mobile number as eleven digits."""
    digits = re.sub(r"[\s\-()（）]", "", text).removeprefix("+86").removeprefix("0086")
    if not re.fullmatch(r"1[3-9]\d{9}", digits):
        raise InvalidInput({"phone": Message(N_("请输入 11 位手机号。"))})
    return digits


def email_address(text: str) -> str:
    """Return an e-mail address in lower case; the code sent to it proves the rest."""
    address = text.strip().lower()
    if len(address) > 254 or not re.fullmatch(r"[^@\s<>\"',;]+@[^@\s<>\"',;]+\.[^@\s<>\"',;.]+", address):
        raise InvalidInput({"email": Message(N_("请输入完整的邮箱地址，例如 name@example.org。"))})
    return address


def new_password(text: str) -> str:
    """Accept a password by its length alone (NIST SP 800-63B: no composition rules)."""
    if not 10 <= len(text) <= 200:
        raise InvalidInput({"password": Message(N_("密码至少 10 个字符，可以是一句好记的话。"))})
    return text


def display_name(text: str) -> str:
    """Return how somebody wants to be called."""
    name = " ".join(text.split())
    if not 1 <= len(name) <= 60:
        raise InvalidInput({"display_name": Message(N_("请填写称呼，最多 60 个字。"))})
    return name


def without_officer_roles(grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
    """Return the grants that hold without a second factor."""
    return tuple(grant for grant in grants if grant.role not in OFFICERS)


def check_scope(role: Role, place_code: str | None, organization_id: int | None) -> None:
    """Refuse a grant whose scope does not fit its role: self, organization or place, exactly one."""
    if role in SELF_ROLES:
        if place_code is not None or organization_id is not None:
            raise RoleWithoutScope
    elif role in ORGANIZATION_ROLES:
        if organization_id is None or place_code is not None:
            raise RoleNeedsOrganization
    elif place_code is None or organization_id is not None:
        raise RoleNeedsPlace


def check_term(now: datetime, until: datetime | None, deputy: bool) -> None:
    """Refuse a membership that is over before it begins, and a deputy without an end."""
    if until is not None and until <= now:
        raise EndsBeforeItBegins
    if deputy and until is None:
        raise DeputyNeedsEnd


def code_is_live(now: datetime, expires_at: datetime, attempts_left: int, used: bool) -> bool:
    """Tell whether a code may still be tried."""
    return not used and attempts_left > 0 and now < expires_at
