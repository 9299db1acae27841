"""Keeping a file: its bytes first, then its row in the transaction of the thing it belongs to.

    stored = await keep(upload.filename, await upload.read())
    async with transaction():
        ...
        await attach(principal, stored, "product", product_id)

A row therefore never names bytes that are not there; bytes without a row harm nobody.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from uuid import UUID

from app.attachments.rules import clean_name, media_type
from app.attachments.store import store
from app.core import audit, clock, database
from app.core.access import Principal
from app.core.ids import new_public_id
from app.core.vault import SubjectKey


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that are safely kept and not yet anybody's."""

    sha256: bytes
    file_name: str
    media_type: str
    byte_count: int


async def keep(file_name: str, content: bytes, key: SubjectKey | None = None) -> StoredFile:
    """Check a file and keep its bytes; call it before the transaction, disks are slow.

    With a person's key the bytes are kept sealed: erasing the person makes them unreadable, in backups too.
    """
    if database.in_transaction():
        raise RuntimeError("bytes are kept before the transaction, not in it")
    name = clean_name(file_name)
    kind = media_type(content, name)
    kept = content if key is None else key.seal(b64encode(content).decode())
    return StoredFile(await store().put(kept), name, kind, len(content))


def opened(key: SubjectKey, kept: bytes) -> bytes:
    """Return the bytes that were kept sealed with a person's key."""
    return b64decode(key.open(kept))


async def attach(principal: Principal, stored: StoredFile, owner_type: str, owner_id: int) -> UUID:
    """Make a kept file part of a thing, in the current transaction of a use case that checked its permission."""
    if not database.in_transaction():
        raise RuntimeError("a file belongs into the transaction of its owner")
    public_id = new_public_id()
    attachment_id = await database.insert_row(
        "attachment",
        {
            "public_id": public_id,
            "sha256": stored.sha256,
            "file_name": stored.file_name,
            "media_type": stored.media_type,
            "byte_count": stored.byte_count,
            "owner_type": owner_type,
            "owner_id": owner_id,
            "uploaded_by": principal.account_id,
            "uploaded_at": clock.now(),
        },
    )
    await audit.record(
        *(principal, "attachment.added", "attachment", attachment_id),
        owner_type=owner_type, owner_id=owner_id, sha256=stored.sha256.hex(),
    )  # fmt: skip
    return public_id
