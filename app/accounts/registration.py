"""Opening accounts: one at sign-in, thousands for an import or the demonstration."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.accounts import passwords
from app.accounts.belonging import require_grantable
from app.accounts.errors import EmailTaken, PhoneTaken
from app.accounts.rules import PRIVACY_NOTICE, email_address, mobile_number
from app.core import audit, clock, database, vault
from app.core.access import Grant, Permission, Principal
from app.core.vault import SubjectKey

CONSTRAINTS = {"account_phone_digest_key": PhoneTaken, "account_email_key": EmailTaken}


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A person as an import knows him; password and TOTP secret only for demonstration accounts."""

    display_name: str
    phone: str = ""
    email: str = ""
    password: str = ""
    totp_secret: str = ""
    locale: str = "zh"
    grants: tuple[Grant, ...] = ()


async def create_accounts(
    principal: Principal, people: Sequence[NewAccount], *, privacy_notice: str = PRIVACY_NOTICE
) -> list[int]:
    """Open many accounts with their roles and the consent they gave elsewhere; return ids in the given order."""
    scope = principal.scope(Permission.ACCOUNT_MANAGE)
    if not people:
        return []
    for grant in {grant for person in people for grant in person.grants}:
        await require_grantable(scope, grant)
    hashes = await asyncio.gather(*(_hashed(person.password) for person in people))
    async with database.refusing(CONSTRAINTS), database.transaction():
        keys = await vault.new_subject_keys(len(people))
        ids = await _insert(people, hashes, keys, privacy_notice)
        await insert_memberships(ids, [person.grants for person in people], granted_by=principal.account_id)
        await audit.record_many(
            principal,
            (audit.Entry("account.created", "account", id_, {"notice": privacy_notice}) for id_ in ids),
        )
    return ids


async def open_account(name: str, phone: str, grants: tuple[Grant, ...], locale: str) -> int:
    """Open one account in the current transaction, for a person who has just proved his number and consented."""
    person = NewAccount(name, phone, grants=grants, locale=locale)
    keys = await vault.new_subject_keys(1)
    ids = await _insert([person], [None], keys, PRIVACY_NOTICE)
    await insert_memberships(ids, [grants], granted_by=None)
    return ids[0]


async def insert_memberships(
    account_ids: Sequence[int],
    grants: Sequence[Iterable[Grant]],
    *,
    granted_by: int | None,
    until: datetime | None = None,
) -> int:
    """Write roles for accounts in the current transaction; rows go by COPY, constraints hold all the same."""
    now = clock.now()
    return await database.copy_rows(
        "membership",
        ("account_id", "role", "place_code", "organization_id", "valid_from", "valid_until", "granted_by"),
        (
            (id_, grant.role.value, grant.place_code, grant.organization_id, now, until, granted_by)
            for id_, given in zip(account_ids, grants, strict=True)
            for grant in given
        ),
    )


async def account_ids_by_phone(phones: Iterable[str]) -> dict[str, int]:
    """Return the accounts that phone numbers belong to, by number: for imports that are run again."""
    numbers = {vault.digest(mobile_number(phone)): phone for phone in phones}
    rows = await database.fetch("SELECT id, phone_digest FROM account WHERE phone_digest = ANY($1)", list(numbers))
    return {numbers[row["phone_digest"]]: row["id"] for row in rows}


async def _hashed(password: str) -> str | None:
    return await passwords.hashed(password) if password else None


async def _insert(
    people: Sequence[NewAccount], hashes: Sequence[str | None], keys: Sequence[SubjectKey], notice: str
) -> list[int]:
    rows = [_row(*each) for each in zip(people, hashes, keys, strict=True)]
    inserted = await database.fetch(_INSERT, *map(list, zip(*rows, strict=True)), notice, clock.now())
    id_of_key = {row["subject_key_id"]: row["id"] for row in inserted}
    return [id_of_key[key.id] for key in keys]


def _row(person: NewAccount, password_hash: str | None, key: SubjectKey) -> tuple[Any, ...]:
    phone = mobile_number(person.phone) if person.phone else None
    return (
        person.display_name,
        email_address(person.email) if person.email else None,
        key.id,
        phone and key.seal(phone),
        phone and vault.digest(phone),
        password_hash,
        key.seal(person.totp_secret) if person.totp_secret else None,
        person.locale,
    )


_INSERT = """
INSERT INTO account (display_name, email, subject_key_id, phone_sealed, phone_digest, password_hash,
                     totp_sealed, locale, privacy_notice, consented_at, created_at)
SELECT given.*, $9, $10, $10
  FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bytea[], $5::bytea[], $6::text[], $7::bytea[], $8::text[])
       AS given
RETURNING id, subject_key_id"""
