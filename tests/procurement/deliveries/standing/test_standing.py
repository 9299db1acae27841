"""The catalogue learns from buying: what residents do not pay for, and how deliveries were rated."""

from app.core import clock, database
from app.core.access import Role
from marketplace.products.catalogue.filters import CatalogueFilter
from marketplace.products.catalogue.queries import catalogue_page
from procurement.deliveries.acceptances.service import Verdict, accept_deliveries
from procurement.deliveries.rules import Finding
from procurement.deliveries.standing.jobs import follow_standings
from procurement.deliveries.standing.service import tell_the_catalogue
from procurement.deliveries.standing.slots import order_from_page
from tests import world
from tests.procurement import buying
from tests.procurement.deliveries.test_orders import ground


async def _said(product_id: int) -> tuple[bool, int, int]:
    rows = (await catalogue_page(CatalogueFilter())).rows
    return next((row.free, row.rating_count, row.rating_sum) for row in rows if row.id == product_id)


async def _product_of(contract_id: int) -> int:
    return int(await database.fetch_value("SELECT product_id FROM contract WHERE id = $1", contract_id))


async def test_what_is_under_contract_is_free_and_ratings_follow_acceptances(db: None) -> None:
    here = await ground(villages=2)
    product = await _product_of(here.contract)
    ids = await buying.delivered_orders(here.contract, here.codes)
    assert await _said(product) == (False, 0, 0)
    await tell_the_catalogue()
    assert await _said(product) == (True, 0, 0)
    verdicts = [Verdict(order, Finding(True, 40, rating, "好")) for order, rating in zip(ids, (5, 4), strict=True)]
    await accept_deliveries(here.who.acceptor, verdicts)
    assert (await follow_standings(clock.now()))["changed"] == 1
    assert await _said(product) == (True, 2, 9)
    assert await tell_the_catalogue() == 0


async def test_what_nobody_buys_is_not_called_free(db: None) -> None:
    product = await world.listed_product()
    await tell_the_catalogue()
    assert await _said(product.id) == (False, 0, 0)


async def test_a_clerk_orders_from_the_products_page_and_nobody_else_is_offered_to(db: None) -> None:
    here = await ground(villages=1)
    product = await _product_of(here.contract)
    clerk = await buying.person_as(Role.VILLAGE_CLERK, here.codes[0])
    offered = await order_from_page(clerk, product)
    other = await order_from_page(clerk, (await world.listed_product()).id)
    assert offered is not None
    assert offered.context["offered"].contract_id == here.contract
    assert other is not None
    assert other.context["offered"] is None
    assert await order_from_page(await world.account(), product) is None
