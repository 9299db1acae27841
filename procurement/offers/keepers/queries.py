"""Reading one's own key."""

from dataclasses import dataclass
from datetime import datetime

from app.core import database
from procurement.offers.engine.keys import fingerprint


@dataclass(frozen=True, slots=True)
class KeyView:
    """A live key as its keeper sees it."""

    fingerprint: str
    created_at: datetime


async def own_key(account_id: int) -> KeyView | None:
    """Return the account's live key, if it has one."""
    row = await database.fetch_one(
        "SELECT public_key, created_at FROM keeper_key WHERE account_id = $1 AND revoked_at IS NULL", account_id
    )
    return KeyView(fingerprint(row["public_key"]), row["created_at"]) if row else None
