"""Reading which suppliers have an advance to return."""

from dataclasses import dataclass

from app.core import database
from app.core.access import Permission, Principal


@dataclass(frozen=True, slots=True)
class DueReturn:
    """An advance that was paid and not earned when its contract ended."""

    contract: str
    organization_zh: str
    organization_en: str
    title_zh: str
    title_en: str
    advance_fen: int
    unearned_fen: int


async def due_returns(principal: Principal) -> list[DueReturn]:
    """Return the advances that the cashier's places have to get back, the oldest contract first."""
    rows = await database.fetch(_DUE, principal.scope(Permission.SETTLEMENT_PAY).like_patterns())
    return [DueReturn(**row) for row in rows]


_DUE = """
SELECT c.reference AS contract, o.name_zh AS organization_zh, o.name_en AS organization_en, v.title_zh, v.title_en,
       t.advance_fen, unearned_advance(c.id) AS unearned_fen
FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id
JOIN organization o ON o.id = c.organization_id JOIN payment_terms t ON t.contract_id = c.id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
JOIN contract_payment a ON a.contract_id = c.id AND a.kind = 'advance'
JOIN claim k ON k.contract_payment_id = a.id AND k.status = 'paid'
WHERE place.code LIKE ANY($1) AND contract_is_over(c.id)
  AND c.accepted = (SELECT count(*) FROM unit_payment u WHERE u.contract_id = c.id)
  AND unearned_advance(c.id) > 0 AND NOT EXISTS (SELECT FROM advance_return r WHERE r.contract_id = c.id)
ORDER BY c.id LIMIT 100
"""
