"""Reading a person's own searches."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database, vault
from app.core.access import Permission, Principal
from marketplace.products.saved.service import opened


@dataclass(frozen=True, slots=True)
class SavedView:
    """One search that the person keeps."""

    public_id: UUID
    name: str
    address: str
    told_until: datetime
    created_at: datetime


async def my_searches(principal: Principal) -> list[SavedView]:
    """Return the person's searches, the newest first."""
    principal.scope(Permission.ACCOUNT_SELF)
    rows = await database.fetch(
        """SELECT s.public_id, s.sealed, s.told_until, s.created_at, a.subject_key_id
           FROM saved_search s JOIN account a ON a.id = s.account_id WHERE s.account_id = $1 ORDER BY s.id DESC""",
        principal.actor,
    )
    keys = await vault.subject_keys({row["subject_key_id"] for row in rows})
    found = [(row, opened(keys[row["subject_key_id"]], row)) for row in rows]
    return [
        SavedView(row["public_id"], kept.name, kept.address, row["told_until"], row["created_at"])
        for row, kept in found
    ]
