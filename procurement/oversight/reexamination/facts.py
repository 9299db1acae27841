"""What was recorded of a purchase, as it stood at the moment of a step."""

from dataclasses import dataclass
from datetime import date, datetime

from app.core import clock, database
from app.core.errors import NotFound
from procurement.frameworks.rules import AdmissionStatus, FrameworkStatus, Term
from procurement.purchases.guards import Admitted, Money, Offer
from procurement.purchases.rules import Method


@dataclass(frozen=True, slots=True)
class Past:
    """A purchase as it was asked for, and how it stands."""

    id: int
    reference: str
    method: Method
    place_code: str
    quantity: int
    unit_price_fen: int
    amount_fen: int
    requested_by: int
    requested_at: datetime
    approved_at: datetime | None
    line_id: int
    line_year: int
    line_place: str
    programme: str

    @property
    def money(self) -> Money:
        """Return what it is paid from."""
        return Money(self.programme, self.line_place, self.line_year)

    @property
    def asked_on(self) -> date:
        """Return the day on which it was asked for."""
        return clock.local(self.requested_at).date()


async def past(purchase_id: int) -> Past:
    """Return a purchase of any method."""
    row = await database.fetch_one(_PAST, purchase_id)
    if row is None:
        raise NotFound
    return Past(**{**row, "method": Method(row["method"])})


async def offer_at(purchase_id: int, at: datetime) -> Offer:
    """Return what was bought as it stood at a moment: admission, framework, provider and listing by their records."""
    row = await database.fetch_one(_OFFER_AT, purchase_id, at)
    if row is None:
        raise NotFound
    admitted = None
    if row["admission"] is not None:
        term = Term(row["starts_on"], row["ends_on"])
        statuses = AdmissionStatus(row["admission"]), FrameworkStatus(row["framework"])
        admitted = Admitted(*statuses, term, row["framework_place"])
    return Offer(row["organization"] == "verified", row["product"] == "listed", tuple(row["areas"]), admitted)


_PAST = """
SELECT p.id, p.reference, p.method, place.code AS place_code, p.quantity, p.unit_price_fen, p.amount_fen,
       p.requested_by, p.requested_at, p.approved_at, line.id AS line_id, line.year AS line_year,
       line_place.code AS line_place, programme.code AS programme
FROM purchase p JOIN place ON place.id = p.place_id JOIN budget_line line ON line.id = p.budget_line_id
JOIN place line_place ON line_place.id = line.place_id JOIN programme ON programme.id = line.programme_id
WHERE p.id = $1
"""
# What an organization or a product was at a moment says the last audited step before it.
_STATUS_AT = """
coalesce((SELECT split_part(e.detail ->> 'to', '/', 1) FROM audit_event e
          WHERE e.object_type = '{table}' AND e.object_id = {table}.id AND e.detail ? 'to' AND e.occurred_at <= $2
          ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1), {table}.status) AS {table}
"""
_OFFER_AT = f"""
SELECT CASE WHEN a.ended_at <= $2 THEN a.status
            WHEN a.decided_at <= $2 THEN CASE a.status WHEN 'refused' THEN 'refused' ELSE 'admitted' END
            WHEN a.id IS NOT NULL THEN 'applied' END AS admission,
       CASE WHEN EXISTS (SELECT FROM framework_notice n WHERE n.framework_id = f.id AND n.kind = 'expiry'
                         AND n.published_at <= $2) THEN 'expired'
            WHEN EXISTS (SELECT FROM framework_notice n WHERE n.framework_id = f.id AND n.kind = 'force'
                         AND n.published_at <= $2) THEN 'in_force'
            WHEN f.published_at <= $2 THEN 'call_published' WHEN f.id IS NOT NULL THEN 'filed' END AS framework,
       f.starts_on, f.ends_on, framework_place.code AS framework_place,
       {_STATUS_AT.format(table="organization")}, {_STATUS_AT.format(table="product")},
       ARRAY(SELECT area.code FROM product_area pa JOIN place area ON area.id = pa.place_id
             WHERE pa.product_id = p.product_id AND pa.product_version = p.product_version) AS areas
FROM purchase p LEFT JOIN admission a ON a.id = p.admission_id LEFT JOIN framework f ON f.id = a.framework_id
LEFT JOIN place framework_place ON framework_place.id = f.place_id
LEFT JOIN organization ON organization.id = p.organization_id LEFT JOIN product ON product.id = p.product_id
WHERE p.id = $1
"""
