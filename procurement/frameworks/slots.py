"""What buying shows on pages below: a product's rate and how its deliveries were judged; the latest notices."""

from dataclasses import dataclass

from app.core import database
from app.core.access import Principal
from app.web.slots import Fill
from marketplace.products.content import UNIT_NAMES
from procurement.frameworks.notices.queries import notices
from procurement.frameworks.notices.tags import KIND_TAGS


@dataclass(frozen=True, slots=True)
class Admitted:
    """One framework that a product is admitted to."""

    reference: str
    title_zh: str
    title_en: str
    unit: str
    rate_fen: int


async def product_admissions(principal: Principal, product_id: int) -> Fill | None:  # noqa: ARG001 - a slot's shape
    """Fill the product page's aside; nothing where the product is neither admitted nor rated."""
    rows = await database.fetch(
        """SELECT f.reference, f.title_zh, f.title_en, f.unit, a.rate_fen FROM admission a
           JOIN framework f ON f.id = a.framework_id
           WHERE a.product_id = $1 AND a.status = 'admitted' AND f.status = 'in_force' ORDER BY f.id DESC""",
        product_id,
    )
    judged = await database.fetch_one(
        """SELECT avg(t.rating)::float8 AS rating, count(*) FILTER (WHERE t.verdict = 'accepted') AS units,
                  coalesce(sum(t.people_reached), 0) AS people
           FROM acceptance t JOIN village_order o ON o.id = t.village_order_id JOIN contract c ON c.id = o.contract_id
           WHERE c.product_id = $1""",
        product_id,
    )
    if not rows and not (judged and judged["units"]):
        return None
    admitted = [Admitted(**row) for row in rows]
    context = {"admitted": admitted, "judged": judged, "unit_names": UNIT_NAMES}
    return Fill("procurement/frameworks/product.html", context)


async def latest_notices(principal: Principal) -> Fill | None:  # noqa: ARG001 - a slot's shape
    """Fill the home page's aside with the newest notices; nothing before there are any."""
    rows = await notices(limit=4)
    return Fill("procurement/frameworks/latest.html", {"rows": rows, "tags": KIND_TAGS}) if rows else None
