"""Reading amendments: those in force to everybody, those on their way to the contract's two parties."""

from dataclasses import dataclass
from datetime import date, datetime

from app.core import database
from app.core.database import Row
from app.core.errors import NotFound
from procurement.contracts.amendments.rules import AmendmentStatus


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """An amendment as its contract's page and its own show it."""

    id: int
    number: int
    status: AmendmentStatus
    added: int
    ends_on: date | None
    reason_zh: str
    body_zh: str
    text_sha256: bytes
    proposed_by: int
    proposed_at: datetime
    signed_by_provider: int | None
    agreed_at: datetime | None
    approved_at: datetime | None
    ended_at: datetime | None
    end_reason: str


_AMENDMENT = """
SELECT id, number, status, added, ends_on, reason_zh, body_zh, text_sha256, proposed_by, proposed_at,
       signed_by_provider, agreed_at, approved_at, ended_at, end_reason
FROM contract_amendment
"""


async def amendments(contract_id: int, *, party: bool) -> list[AmendmentView]:
    """Return a contract's amendments in their order; outsiders see those in force."""
    rows = await database.fetch(
        f"{_AMENDMENT} WHERE contract_id = $1 AND ($2 OR status = 'in_force') ORDER BY number", contract_id, party
    )
    return [_view(row) for row in rows]


async def amendment(contract_id: int, number: int, *, party: bool) -> AmendmentView:
    """Return one amendment."""
    row = await database.fetch_one(
        f"{_AMENDMENT} WHERE contract_id = $1 AND number = $2 AND ($3 OR status = 'in_force')",
        *(contract_id, number, party),
    )
    if row is None:
        raise NotFound
    return _view(row)


def _view(row: Row) -> AmendmentView:
    return AmendmentView(**{**row, "status": AmendmentStatus(row["status"])})
