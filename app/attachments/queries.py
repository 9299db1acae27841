"""Finding and opening files, for whoever may read the thing they belong to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.attachments.owners import may_read, unsealed
from app.attachments.store import store
from app.core import database
from app.core.access import Principal
from app.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class FileView:
    """A file in a list."""

    public_id: UUID
    file_name: str
    media_type: str
    byte_count: int
    uploaded_at: datetime
    sha256: bytes


@dataclass(frozen=True, slots=True)
class Download:
    """A file opened for somebody who may read it."""

    file_name: str
    media_type: str
    content: bytes


async def files_of(owner_type: str, owner_id: int) -> list[FileView]:
    """Return a thing's files, the oldest first; the page that shows them has checked its own permission."""
    rows = await database.fetch(
        """SELECT public_id, file_name, media_type, byte_count, uploaded_at, sha256 FROM attachment
            WHERE owner_type = $1 AND owner_id = $2 ORDER BY id""",
        *(owner_type, owner_id),
    )
    return [FileView(**row) for row in rows]


async def download(principal: Principal, public_id: UUID) -> Download:
    """Open a file; one that the person may not read does not exist for them."""
    row = await database.fetch_one(
        "SELECT sha256, file_name, media_type, owner_type, owner_id FROM attachment WHERE public_id = $1",
        public_id,
    )
    if row is None or not await may_read(principal, row["owner_type"], row["owner_id"]):
        raise NotFound
    kept = await store().get(row["sha256"])
    content = await unsealed(row["owner_type"], row["owner_id"], kept)
    return Download(row["file_name"], row["media_type"], content)
