"""The file of a paper: sealed with the organization's key, read by its members and the officers who verify it.

Proof of tax and social security names people and numbers: it is shown to those who need it to verify (个人信息保护法
art. 6) and to nobody else.
"""

from dataclasses import dataclass
from uuid import UUID

from app.attachments.owners import register_owner
from app.attachments.service import StoredFile, attach, keep, opened
from app.core import database, vault
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import NotFound
from marketplace.organizations.qualifications.rules import (
    FILE_KINDS,
    MOST_FILES,
    EnoughPaperFiles,
    NotAPaperFile,
    QualificationDecided,
)

OWNER = "qualification"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    name: str
    content: bytes


async def kept(principal: Principal, organization: UUID, upload: Upload) -> StoredFile:
    """Keep a file of one's organization, sealed; before the transaction that states the paper."""
    scope = principal.scope(Permission.ORGANIZATION_MANAGE)
    row = await database.fetch_one("SELECT id, subject_key_id FROM organization WHERE public_id = $1", organization)
    if row is None:
        raise NotFound
    scope.require_organization(row["id"])
    stored = await keep(upload.name, upload.content, await vault.subject_key(row["subject_key_id"]))
    if stored.media_type not in FILE_KINDS:
        raise NotAPaperFile
    return stored


async def add_file(principal: Principal, organization: UUID, qualification_id: int, upload: Upload) -> None:
    """Add a file to a paper that waits; what was verified is not changed behind the officer's word."""
    stored = await kept(principal, organization, upload)
    async with transaction():
        row = await database.fetch_one(
            """SELECT q.id, q.verified_at IS NOT NULL OR q.refused_reason <> '' AS decided
               FROM qualification q JOIN organization o ON o.id = q.organization_id
               WHERE q.id = $1 AND o.public_id = $2 FOR NO KEY UPDATE OF q""",
            qualification_id,
            organization,
        )
        if row is None:
            raise NotFound
        if row["decided"]:
            raise QualificationDecided
        count = await database.fetch_value(
            "SELECT count(*) FROM attachment WHERE owner_type = $1 AND owner_id = $2", OWNER, row["id"]
        )
        if count >= MOST_FILES:
            raise EnoughPaperFiles
        await attach(principal, stored, OWNER, row["id"])


async def may_read(principal: Principal, qualification_id: int) -> bool:
    """Tell whether somebody is a member of the organization, or verifies organizations where it sits."""
    row = await database.fetch_one(
        """SELECT q.organization_id, place.code FROM qualification q
           JOIN organization o ON o.id = q.organization_id JOIN place ON place.id = o.place_id WHERE q.id = $1""",
        qualification_id,
    )
    if row is None:
        return False
    member, officer = Permission.ORGANIZATION_MANAGE, Permission.ORGANIZATION_VERIFY
    if principal.can(member) and principal.scope(member).covers_organization(row["organization_id"]):
        return True
    return principal.can(officer) and principal.scope(officer).covers_place(row["code"])


async def unseal(qualification_id: int, content: bytes) -> bytes:
    """Open a file with its organization's key."""
    key_id = await database.fetch_value(
        """SELECT o.subject_key_id FROM qualification q JOIN organization o ON o.id = q.organization_id
           WHERE q.id = $1""",
        qualification_id,
    )
    return opened(await vault.subject_key(key_id), content)


def register_paper_files() -> None:
    """Tell the frame who reads the files of papers."""
    register_owner(OWNER, may_read, unseal)
