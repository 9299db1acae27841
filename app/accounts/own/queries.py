"""A person's own account as its page shows it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.accounts import belonging
from app.core import clock, database, vault
from app.core.access import Principal, Role
from app.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What the account is."""

    display_name: str
    locale: str
    email: str | None
    phone_masked: str
    has_password: bool
    has_second_factor: bool
    privacy_notice: str | None
    consented_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser that is signed in."""

    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    second_factor: bool
    here: bool


@dataclass(frozen=True, slots=True)
class OwnToken:
    """A token that still opens something, or did."""

    public_id: UUID
    name: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked: bool
    live: bool


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role and where it holds."""

    public_id: UUID
    role: Role
    where: str
    until: datetime | None
    deputy: bool


async def own_account(principal: Principal) -> OwnAccount:
    """Return the person's account."""
    row = await database.fetch_one(
        """SELECT display_name, locale, email, phone_sealed, subject_key_id, password_hash IS NOT NULL AS password,
                  totp_sealed IS NOT NULL AS totp, privacy_notice, consented_at FROM account WHERE id = $1""",
        principal.actor,
    )
    if row is None:
        raise NotFound
    phone = ""
    if row["phone_sealed"] is not None:
        phone = vault.masked((await vault.subject_key(row["subject_key_id"])).open(row["phone_sealed"]))
    return OwnAccount(
        *(row["display_name"], row["locale"], row["email"], phone, row["password"], row["totp"]),
        privacy_notice=row["privacy_notice"],
        consented_at=row["consented_at"],
    )


async def own_sessions(principal: Principal) -> list[OwnSession]:
    """Return the person's sessions, the one last used first."""
    rows = await database.fetch(
        """SELECT created_at, seen_at, expires_at, second_factor, id = $2 AS here FROM web_session
            WHERE account_id = $1 AND expires_at > $3 ORDER BY seen_at DESC LIMIT 20""",
        *(principal.actor, principal.session_id or 0, clock.now()),
    )
    return [OwnSession(**row) for row in rows]


async def own_tokens(principal: Principal) -> list[OwnToken]:
    """Return the person's tokens, the newest first."""
    rows = await database.fetch(
        """SELECT public_id, name, created_at, expires_at, last_used_at, revoked_at IS NOT NULL AS revoked,
                  revoked_at IS NULL AND expires_at > $2 AS live
             FROM api_token WHERE account_id = $1 ORDER BY id DESC LIMIT 50""",
        *(principal.actor, clock.now()),
    )
    return [OwnToken(**row) for row in rows]


async def held_roles(account_id: int) -> list[HeldRole]:
    """Return an account's roles that are in force, with the names of their places and organizations."""
    rows = await database.fetch(
        """SELECT public_id, role, place_code, organization_id, valid_until, deputy_for FROM membership
            WHERE account_id = $1 AND valid_from <= $2 AND (valid_until IS NULL OR valid_until > $2)
            ORDER BY role, place_code, id""",
        *(account_id, clock.now()),
    )
    places = await belonging.directory().place_names([row["place_code"] for row in rows if row["place_code"]])
    known = await belonging.directory().organizations(
        [row["organization_id"] for row in rows if row["organization_id"]]
    )
    return [
        HeldRole(
            row["public_id"],
            Role(row["role"]),
            places.get(row["place_code"], row["place_code"] or "")
            or (known[row["organization_id"]].name if row["organization_id"] in known else ""),
            row["valid_until"],
            row["deputy_for"] is not None,
        )
        for row in rows
    ]
