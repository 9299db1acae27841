"""What a village may order: services under contract with units left, and what is left of its quota."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core import clock, database
from app.core.access import Permission, Principal, Scope
from app.core.errors import NotFound
from marketplace.products.capacity.rules import months_from
from procurement.blocks import Block
from procurement.deliveries import rules
from procurement.deliveries.months.queries import months
from procurement.deliveries.months.rules import Month
from procurement.deliveries.ordering.rules import FIRST_DAY, Hours, Term
from procurement.deliveries.rules import Quota
from procurement.deliveries.service import contracts_as_guarded

AHEAD = 6  # months that a calendar leads through


@dataclass(frozen=True, slots=True)
class Village:
    """A village that a clerk orders for, with its quota of the year."""

    id: int
    code: str
    name_zh: str
    name_en: str
    quota: int | None
    used: int

    @property
    def left(self) -> int:
        """Return how many units may still be ordered this year."""
        return max(0, (self.quota or 0) - self.used)


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A contract from a village's side: what it brings, by whom, and how many units are left."""

    contract_id: int
    contract_reference: str
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str
    category: str
    unit: str
    minutes: int
    organization_zh: str
    organization_en: str
    starts_on: date
    ends_on: date
    left: int
    rating: float | None
    product_id: int

    @property
    def term(self) -> Term:
        """Return from when to when it may be had."""
        return Term(self.starts_on, self.ends_on)


async def villages(scope: Scope, limit: int = 400, year: int | None = None) -> list[Village]:
    """Return the villages in scope with what is left of their quotas of a year (this one), by code."""
    rows = await database.fetch(
        """SELECT place.id, place.code, place.name_zh, place.name_en, q.quota, coalesce(q.used, 0) AS used
           FROM place LEFT JOIN village_quota q ON q.place_id = place.id AND q.year = $2
           WHERE place.level = 'village' AND place.code LIKE ANY($1) ORDER BY place.code LIMIT $3""",
        scope.like_patterns(),
        year or clock.today().year,
        limit,
    )
    return [Village(**row) for row in rows]


async def services(village_code: str) -> list[ServiceView]:
    """Return what a village may order: the best rated first, what is used up last."""
    rows = await database.fetch(
        f"""{_SERVICE} WHERE c.signed_at IS NOT NULL
            AND (p.status IN ('contract_published', 'delivering') OR p.status = 'contracted' AND p.method <> 'tender')
            AND c.ends_on >= $2
            AND starts_with($1, place.code) AND EXISTS (
                SELECT FROM product_area pa JOIN place area ON area.id = pa.place_id
                WHERE pa.product_id = c.product_id AND pa.product_version = c.product_version
                  AND starts_with($1, area.code))
            ORDER BY (c.quantity + c.added = c.ordered), seen.rating DESC NULLS LAST, c.id""",
        village_code,
        clock.today(),
    )
    return [ServiceView(**row) for row in rows]


async def service(village_code: str, contract_reference: str) -> ServiceView:
    """Return one of the services that a village may order."""
    for found in await services(village_code):
        if found.contract_reference == contract_reference:
            return found
    raise NotFound


async def village_of(principal: Principal, code: str, year: int | None = None) -> tuple[list[Village], Village]:
    """Return the clerk's villages and the one that is meant: the named one, or the first."""
    found = await villages(principal.scope(Permission.ORDER_PLACE), year=year)
    named = [one for one in found if one.code == code] if code else found
    if not named:
        raise NotFound
    return found, named[0]


async def months_of_services(services: Sequence[ServiceView], count: int = 2) -> dict[int, list[tuple[date, Month]]]:
    """Return each product's next months, for the pictures on the cards."""
    ahead = months_from(clock.today() + timedelta(days=FIRST_DAY), count)
    found = await months([(one.product_id, month) for one in services for month in ahead])
    return {one.product_id: [(month, found[one.product_id, month]) for month in ahead] for one in services}


async def order_blocks(
    village: Village, chosen: ServiceView, start: datetime, month: Month, hours: Hours
) -> list[Block]:
    """Name what keeps a village from ordering a service at a time, as the service will judge it."""
    contract = (await contracts_as_guarded([chosen.contract_id]))[chosen.contract_id]
    quota = None if village.quota is None else Quota(village.quota, village.used)
    return rules.order_blocks(contract, quota, village.code, start, clock.now(), month, hours)


_SERVICE = """
SELECT c.id AS contract_id, c.reference AS contract_reference, v.title_zh, v.title_en, v.summary_zh, v.summary_en,
       product.category, v.unit, v.minutes, o.name_zh AS organization_zh, o.name_en AS organization_en, c.starts_on,
       c.ends_on, c.quantity + c.added - c.ordered AS left, seen.rating, c.product_id
FROM contract c JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id
JOIN product ON product.id = c.product_id
JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
JOIN organization o ON o.id = c.organization_id
LEFT JOIN LATERAL (
    SELECT avg(t.rating)::float8 AS rating FROM village_order ord JOIN acceptance t ON t.village_order_id = ord.id
    JOIN contract same ON same.id = ord.contract_id WHERE same.product_id = c.product_id) AS seen ON true
"""
