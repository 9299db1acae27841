"""Reading what a provider stated: a product's capacity by month, its days off."""

from dataclasses import dataclass
from datetime import date

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from marketplace.products.capacity import rules
from marketplace.products.capacity.rules import Statement


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day on which nobody comes, and why."""

    day: date
    note_zh: str


@dataclass(frozen=True, slots=True)
class StatedProduct:
    """A product with all that is stated about its months."""

    id: int
    reference: str
    title_zh: str
    title_en: str
    unit: str
    statements: tuple[Statement, ...]
    days_off: tuple[DayOff, ...]  # from today on

    def units_in(self, month: date) -> int | None:
        """Return what is stated for a month."""
        return rules.capacity_in(self.statements, month)


async def stated(principal: Principal, reference: str) -> StatedProduct:
    """Return one of the person's own products with its statements."""
    scope = principal.scope(Permission.PRODUCT_WRITE)
    row = await database.fetch_one(
        """SELECT p.id, p.organization_id, p.reference, v.title_zh, v.title_en, v.unit
           FROM product p JOIN product_version v ON v.product_id = p.id AND v.number = p.latest_version
           WHERE p.reference = $1""",
        reference,
    )
    if row is None:
        raise NotFound
    scope.require_organization(row.pop("organization_id"))
    statements = await database.fetch(
        "SELECT from_month, units FROM product_capacity WHERE product_id = $1 ORDER BY from_month", row["id"]
    )
    days = await database.fetch(
        "SELECT day, note_zh FROM product_blackout WHERE product_id = $1 AND day >= $2 ORDER BY day",
        *(row["id"], clock.today()),
    )
    return StatedProduct(**row, statements=tuple(Statement(**one) for one in statements),
                         days_off=tuple(DayOff(**one) for one in days))  # fmt: skip
