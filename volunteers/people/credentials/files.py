"""The picture of a licence: sealed with its holder's key, read by the holder and the verifying officer of their place.

A picture of a licence shows a face and numbers: sensitive personal information (个人信息保护法 art. 28), shown to
those who need it to verify (art. 6) and to nobody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.attachments.owners import register_owner
from app.attachments.service import StoredFile, attach, keep, opened
from app.core import database, vault
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound, TransitionRefused
from app.core.state import named
from volunteers.people.credentials.rules import (
    FILE_KINDS,
    MOST_FILES,
    CredentialStatus,
    EnoughFiles,
    NotAPicture,
    status_of,
)
from volunteers.people.rules import NotJoined

OWNER = "credential"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    name: str
    content: bytes


async def kept(principal: Principal, upload: Upload) -> StoredFile:
    """Keep a picture of the person's licence, sealed; before the transaction of the claim."""
    key_id = await database.fetch_value("SELECT subject_key_id FROM person WHERE account_id = $1", principal.actor)
    if key_id is None:
        raise NotJoined
    stored = await keep(upload.name, upload.content, await vault.subject_key(key_id))
    if stored.media_type not in FILE_KINDS:
        raise NotAPicture
    return stored


async def add_file(principal: Principal, public_id: UUID, upload: Upload) -> None:
    """Add a picture to one's own claim while it waits; what was verified is not changed behind the verdict."""
    principal.scope(Permission.VOLUNTEER_SELF)
    stored = await kept(principal, upload)
    async with transaction():
        row = await database.fetch_one(
            """SELECT c.id, c.verified_at IS NOT NULL AS verified, c.refused_at IS NOT NULL AS refused
               FROM credential c JOIN person p ON p.id = c.person_id
               WHERE c.public_id = $1 AND p.account_id = $2 FOR NO KEY UPDATE OF c""",
            *(public_id, principal.actor),
        )
        if row is None:
            raise NotFound
        status = status_of(row["verified"], row["refused"])
        if status is not CredentialStatus.CLAIMED:
            raise TransitionRefused(status=named(status))
        count = await database.fetch_value(
            "SELECT count(*) FROM attachment WHERE owner_type = $1 AND owner_id = $2", OWNER, row["id"]
        )
        if count >= MOST_FILES:
            raise EnoughFiles
        await attach(principal, stored, OWNER, row["id"])


async def names_without_file(credential_ids: Sequence[int]) -> list[str]:
    """Name the holders of claims that nothing was uploaded for."""
    rows = await database.fetch(
        """SELECT p.name FROM credential c JOIN person p ON p.id = c.person_id
           WHERE c.id = ANY ($1) AND NOT EXISTS (
               SELECT FROM attachment f WHERE f.owner_type = $2 AND f.owner_id = c.id) ORDER BY c.id""",
        *(list(credential_ids), OWNER),
    )
    return [row["name"] for row in rows]


async def may_read(principal: Principal, credential_id: int) -> bool:
    """Tell whether somebody is the holder, or verifies credentials at the holder's home."""
    row = await database.fetch_one(
        """SELECT p.account_id, place.code FROM credential c JOIN person p ON p.id = c.person_id
           JOIN place ON place.id = p.home_place_id WHERE c.id = $1""",
        credential_id,
    )
    if row is None or not principal.signed_in:
        return False
    if row["account_id"] == principal.account_id:
        return True
    permission = Permission.CREDENTIAL_VERIFY
    return principal.can(permission) and principal.scope(permission).covers_place(row["code"])


async def unseal(credential_id: int, content: bytes) -> bytes:
    """Open a picture with its holder's key; once the holder was erased there is none."""
    key_id = await database.fetch_value(
        "SELECT p.subject_key_id FROM credential c JOIN person p ON p.id = c.person_id WHERE c.id = $1", credential_id
    )
    return opened(await vault.subject_key(key_id), content)


def register_pictures() -> None:
    """Tell the frame who reads the pictures of licences."""
    register_owner(OWNER, may_read, unseal)
