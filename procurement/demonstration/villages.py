"""The villages' side of orders: months that providers state, one of them full with a village waiting, and wishes."""

from datetime import date, timedelta

from app.core import clock, database
from app.core.access import Permission, Principal, Scope
from app.core.errors import DomainError
from marketplace.organizations.provision import Category
from marketplace.products.capacity.rules import Statement, month_of
from marketplace.products.capacity.service import state_capacity
from marketplace.products.content import TargetGroup
from marketplace.wishes.service import support, write_wish
from procurement.deliveries.ordering.rules import STARTS, Part
from procurement.deliveries.service import NewOrder
from procurement.deliveries.waiting.service import wait_for

SPARE = 3  # units that a month holds beyond what is ordered; the first product has none
WISHES = (
    (Category.LEGAL_EDUCATION, TargetGroup.MIGRANT_WORKERS, "想请人给网约工讲讲社保怎么缴、工伤怎么认定"),
    (Category.CONSULTATION, TargetGroup.ELDERLY, "想请律师晚上来，老人白天要带孩子，没空咨询遗嘱"),
    (Category.MEDIATION, TargetGroup.EVERYONE, "加装电梯邻里谈不拢，想请有经验的调解员来开一次会"),
)
_MONTHS = """
SELECT p.reference, p.organization_id, max(m.taken) AS taken FROM product_month m JOIN product p ON p.id = m.product_id
WHERE m.month >= $1 AND m.taken > 0
GROUP BY p.id ORDER BY p.id
"""
_CLERKS = """
SELECT DISTINCT ON (place.code) place.code, o.placed_by, o.contract_id, p.reference AS product
FROM village_order o JOIN place ON place.id = o.place_id JOIN contract c ON c.id = o.contract_id
JOIN product p ON p.id = c.product_id ORDER BY place.code, o.id LIMIT 60
"""


async def live_months(providers: dict[int, Principal], monday: date) -> int:
    """Have providers state their months, one village wait for a full one, and villages wish; return how many months."""
    if await database.fetch_value("SELECT count(*) FROM wish"):
        return 0
    rows = await database.fetch(_MONTHS, month_of(clock.today()))
    for number, row in enumerate(rows):
        units = row["taken"] + (SPARE if number else 0)
        month = month_of(clock.today())
        await state_capacity(providers[row["organization_id"]], row["reference"], Statement(month, units))
    if rows:
        await _wait(rows[0]["reference"], monday)
        await _wish()
    return len(rows)


async def _wait(product: str, monday: date) -> None:
    """Let the first village that may, wait for the full month of a product."""
    for row in await database.fetch(_CLERKS):
        if row["product"] != product:
            continue
        start = clock.at_local(monday + timedelta(days=3), STARTS[Part.AFTERNOON])
        try:
            await wait_for(_clerk(row), NewOrder(row["contract_id"], row["code"], start))
        except DomainError:
            continue
        return


async def _wish() -> None:
    """Write the wishes; villages of the same district want some of them too."""
    clerks = await database.fetch(_CLERKS)
    for number, (category, group, words) in enumerate(WISHES):
        author, *others = clerks[number:]
        reference = await write_wish(_clerk(author), author["code"], category, group, words)
        same = [row for row in others if row["code"][:6] == author["code"][:6]]
        for row in same[: 5 - number]:
            await support(_clerk(row), reference, row["code"])


def _clerk(row: database.Row) -> Principal:
    """Return a village's clerk acting for just this village."""
    return Principal(row["placed_by"], kind="session", scopes={Permission.ORDER_PLACE: Scope((row["code"],))})
