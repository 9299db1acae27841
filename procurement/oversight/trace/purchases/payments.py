"""What a contract is paid beside its single units: the advance, milestones, the rest, and what came back."""

from dataclasses import dataclass

from app.core import database
from procurement.claims.rules import ClaimStatus


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment of a contract as a whole, with its claim."""

    kind: str
    percent: int
    units: int
    claim: str | None
    claim_status: ClaimStatus | None
    amount_fen: int
    paid_fen: int


async def of_purchase(purchase_id: int) -> tuple[list[PaymentRow], int]:
    """Return the payments of a purchase's contract, and what of its advance came back, in fen."""
    rows = await database.fetch(_PAYMENTS, purchase_id)
    returned = sum(row.pop("returned_fen") for row in rows)
    return [_payment(row) for row in rows], returned


def _payment(row: database.Row) -> PaymentRow:
    return PaymentRow(**{**row, "claim_status": ClaimStatus(row["claim_status"]) if row["claim_status"] else None})


_PAYMENTS = """
SELECT pay.kind, pay.percent, (SELECT count(*) FROM unit_payment u WHERE u.contract_payment_id = pay.id) AS units,
       claim.reference AS claim, claim.status AS claim_status, coalesce(claim.amount_fen, 0) AS amount_fen,
       coalesce((SELECT sum(m.spent_fen) FROM budget_movement m, LATERAL (
                     SELECT 'claim' AS type, claim.id UNION ALL
                     SELECT 'settlement_item', i.id FROM settlement_item i WHERE i.claim_id = claim.id) AS source
                 WHERE m.source_type = source.type AND m.source_id = source.id), 0)::bigint AS paid_fen,
       CASE pay.kind WHEN 'advance' THEN coalesce((SELECT r.amount_fen FROM advance_return r
                                                   WHERE r.contract_id = c.id), 0) ELSE 0 END AS returned_fen
FROM contract_payment pay JOIN contract c ON c.id = pay.contract_id
LEFT JOIN claim ON claim.contract_payment_id = pay.id
WHERE c.purchase_id = $1 ORDER BY pay.id
"""
