"""What acceptances say of the use of products, for editions and flagship projects."""

from app.core import clock, database
from marketplace.products.editions.usage import Wanted
from procurement.deliveries.acceptances import service
from procurement.deliveries.rules import Finding
from procurement.deliveries.use import AcceptedUse
from tests.procurement import buying


async def test_accepted_units_and_their_ratings_count_for_the_year_and_place(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    contract = await buying.signed_contract(organization, who)
    codes = [row["code"] for row in await buying.villages(3)]
    await buying.quota(codes, 5)
    await buying.station(buying.DISTRICT)
    orders = await buying.delivered_orders(contract, codes)
    findings = (Finding(True, 30, 5, "好"), Finding(True, 20, 4, ""), Finding(False, 0, 1, "没来"))
    verdicts = [service.Verdict(order, found) for order, found in zip(orders, findings, strict=True)]
    await service.accept_deliveries(who.acceptor, verdicts)
    product = await database.fetch_value("SELECT product_id FROM contract WHERE id = $1", contract)
    year, use = clock.today().year, AcceptedUse()
    found = (await use.of_year(year))[product]
    assert (found.units, found.ratings, found.rating_sum) == (2, 3, 10)
    assert await use.of_year(year - 1) == {}
    asked = [(buying.DISTRICT, year), (codes[0], year), (buying.OTHER_DISTRICT, year), (buying.DISTRICT, year - 1)]
    wanted = [Wanted((product,), place, of_year) for place, of_year in asked]
    assert await use.delivered([*wanted, Wanted((), buying.DISTRICT, year)]) == [2, 1, 0, 0, 0]
