"""Reading the public result of a purchase by quotations: what was chosen among how many, and at which price."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.errors import NotFound
from marketplace.products.content import Unit


@dataclass(frozen=True, slots=True)
class ResultView:
    """A result as everybody sees it, from the approval on."""

    reference: str
    purpose_zh: str
    title_zh: str
    title_en: str
    product_reference: str
    organization_public_id: UUID
    organization_zh: str
    organization_en: str
    place_zh: str
    place_en: str
    unit: Unit
    quantity: int
    ceiling_fen: int
    unit_price_fen: int
    amount_fen: int
    quotations: int
    countable: int
    opened_at: datetime
    approved_at: datetime
    contract_reference: str | None


async def result(reference: str) -> ResultView:
    """Return the result of an approved purchase."""
    row = await database.fetch_one(_RESULT, reference)
    if row is None:
        raise NotFound
    return ResultView(**{**row, "unit": Unit(row["unit"])})


_RESULT = """
SELECT p.reference, p.purpose_zh, v.title_zh, v.title_en, product.reference AS product_reference,
       o.public_id AS organization_public_id, o.name_zh AS organization_zh, o.name_en AS organization_en,
       place.name_zh AS place_zh, place.name_en AS place_en, q.unit, p.quantity, q.ceiling_fen, p.unit_price_fen,
       p.amount_fen, opening.opened_at, p.approved_at,
       (SELECT count(*) FROM opened_quotation d WHERE d.opening_id = opening.id) AS quotations,
       (SELECT count(*) FROM opened_quotation d WHERE d.opening_id = opening.id AND NOT EXISTS (
            SELECT FROM quotation_exclusion x WHERE x.opened_quotation_id = d.id)) AS countable,
       (SELECT c.reference FROM contract c WHERE c.purchase_id = p.id AND c.signed_at IS NOT NULL) AS contract_reference
FROM purchase p JOIN quotation_request q ON q.purchase_id = p.id JOIN organization o ON o.id = p.organization_id
JOIN product ON product.id = p.product_id JOIN place ON place.id = p.place_id
JOIN product_version v ON v.product_id = p.product_id AND v.number = p.product_version
JOIN quotation_round r ON r.purchase_id = p.id JOIN quotation_opening opening ON opening.round_id = r.id
JOIN quotation_comparison c ON c.opening_id = opening.id
WHERE p.reference = $1 AND p.approved_at IS NOT NULL
"""
