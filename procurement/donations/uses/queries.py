"""What a fund's money was used for, and what waits to be decided."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import database
from app.core.access import Principal
from procurement.donations.funds.queries import patterns


@dataclass(frozen=True, slots=True)
class UseView:
    """A use with who proposed it."""

    public_id: UUID
    fund_zh: str
    fund_en: str
    amount_minor: int
    currency: str
    used_on: date
    purpose_zh: str
    purpose_en: str
    document: str
    status: str
    proposer: str
    proposed_by: int
    proposed_at: datetime


_USES = """
SELECT u.public_id, f.name_zh AS fund_zh, f.name_en AS fund_en, u.amount_minor, u.currency, u.used_on, u.purpose_zh,
       u.purpose_en, u.document, u.status, account.display_name AS proposer, u.proposed_by, u.proposed_at
FROM fund_use u JOIN donation_fund f ON f.id = u.fund_id JOIN place ON place.id = f.place_id
JOIN account ON account.id = u.proposed_by
WHERE place.code LIKE ANY ($1)
"""


async def waiting(principal: Principal) -> list[UseView]:
    """Return what waits for a second person."""
    rows = await database.fetch(f"{_USES} AND u.status = 'proposed' ORDER BY u.id", patterns(principal))
    return [UseView(**row) for row in rows]


async def of_fund(principal: Principal, code: str, limit: int = 100) -> list[UseView]:
    """Return the uses of one fund, the latest first."""
    rows = await database.fetch(
        f"{_USES} AND f.code = $2 ORDER BY u.id DESC LIMIT $3", patterns(principal), code, limit
    )
    return [UseView(**row) for row in rows]
