"""Reading the stored sheet."""

from dataclasses import dataclass
from datetime import datetime

from app.core import database
from app.core.errors import NotFound


@dataclass(frozen=True, slots=True)
class SheetView:
    """The comparison sheet with its minutes, as it was stored."""

    reference: str
    body_zh: str
    text_sha256: bytes
    made_at: datetime
    maker: str


async def stored_sheet(purchase_id: int) -> SheetView:
    """Return a purchase's sheet."""
    row = await database.fetch_one(
        """SELECT p.reference, c.body_zh, c.text_sha256, c.made_at, account.display_name AS maker
           FROM quotation_comparison c JOIN quotation_opening o ON o.id = c.opening_id
           JOIN quotation_round r ON r.id = o.round_id JOIN purchase p ON p.id = r.purchase_id
           JOIN account ON account.id = c.made_by WHERE r.purchase_id = $1""",
        purchase_id,
    )
    if row is None:
        raise NotFound
    return SheetView(**row)
