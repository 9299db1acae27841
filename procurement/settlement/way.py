"""What a claim's page says of the way of its money: signed in and out, confirmed, batch, line of the bank's file."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import database
from app.core.access import Principal
from app.web.slots import Fill
from procurement.settlement.queries import READERS


@dataclass(frozen=True, slots=True)
class Way:
    """One claim's way; what has not happened is None."""

    arrived_at: datetime | None
    left_at: datetime | None
    confirmed_by: str | None
    batch: str | None
    line: int | None
    amount_fen: int | None
    tax_fen: int | None
    paid_at: datetime | None
    confirmed_on: date | None
    returned_on: date | None
    payee_id: UUID | None


_WAY = """
SELECT w.arrived_at, w.left_at, confirmer.display_name AS confirmed_by, paid.batch, paid.line, paid.amount_fen,
       paid.tax_fen, paid.paid_at, paid.confirmed_on, paid.returned_on, coalesce(p.public_id, o.public_id) AS payee_id
FROM claim c LEFT JOIN attendance_now w ON w.sign_up_id = c.sign_up_id
LEFT JOIN account confirmer ON confirmer.id = w.confirmed_by
LEFT JOIN person p ON p.id = c.person_id LEFT JOIN organization o ON o.id = c.organization_id
LEFT JOIN LATERAL (
    SELECT b.reference AS batch, b.paid_at, pay.amount_fen, said.confirmed_on, r.returned_on,
           (SELECT count(*) FROM settlement_payment x WHERE x.batch_id = b.id AND x.id <= pay.id) AS line,
           (SELECT coalesce(sum(t.tax_fen), 0)::bigint FROM tax_withholding t WHERE t.payment_id = pay.id) AS tax_fen
    FROM settlement_item i JOIN settlement_payment pay ON pay.id = i.payment_id
    JOIN settlement_batch b ON b.id = i.batch_id LEFT JOIN bank_return r ON r.payment_id = pay.id
    LEFT JOIN bank_confirmation said ON said.payment_id = pay.id
    WHERE i.claim_id = c.id AND (i.live OR r.id IS NOT NULL) ORDER BY i.id DESC LIMIT 1) AS paid ON true
WHERE c.id = $1
"""


async def way_of(claim_id: int) -> Way | None:
    """Return the way of a claim; whoever reads its page may read it."""
    row = await database.fetch_one(_WAY, claim_id)
    return Way(**row) if row else None


async def on_claim(principal: Principal, claim_id: int, own: bool) -> Fill | None:
    """Fill ``claim_page.way``."""
    found = await way_of(claim_id)
    if found is None or (found.arrived_at is None and found.batch is None):
        return None
    reads = any(principal.can(one) for one in READERS) and not own
    return Fill("procurement/settlement/way.html", {"way": found, "reads": reads, "own": own})
