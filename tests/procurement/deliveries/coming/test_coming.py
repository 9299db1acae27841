"""A village sees who comes as soon as somebody is found, and is told once."""

from datetime import timedelta

from app.core import clock, database
from app.core.access import Role
from marketplace.products.service import save_product
from procurement.deliveries import service
from procurement.deliveries.answering.rules import OrderAnswer
from procurement.deliveries.coming.service import tell_villages
from tests import world
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.deliveries.test_orders import ground
from tests.volunteers import world as volunteers
from volunteers.assignments.sign_ups.rules import Origin
from volunteers.assignments.sign_ups.service import Wanted, sign_up_many
from volunteers.people.credentials.rules import CredentialKind


async def test_people_are_asked_for_as_the_pinned_version_says_and_the_village_hears_once(db: None) -> None:
    here = await ground(villages=1)
    clerk = await buying.person_as(Role.VILLAGE_CLERK, here.codes[0])
    product = await database.fetch_value(
        "SELECT p.reference FROM product p JOIN contract c ON c.product_id = p.id WHERE c.id = $1", here.contract
    )
    await save_product(here.who.provider, product, 1, world.content(people=5))  # a later version changes nothing
    [order] = await service.place_orders(clerk, [service.NewOrder(here.contract, here.codes[0], buying.soon())])
    await service.answer_orders(here.who.provider, [OrderAnswer(order, True)])
    reference = await database.fetch_value("SELECT reference FROM village_order WHERE id = $1", order)
    async with client(clerk) as http:
        assert "正在派人" in (await http.get(f"/orders/{reference}")).text
    assert await tell_villages(clock.now()) == 0
    [seat] = await database.fetch(
        """SELECT p.id, p.capacity, p.credentials_any FROM position p JOIN village_order o USING (assignment_id)
           WHERE o.id = $1""",
        order,
    )
    assert (seat["capacity"], seat["credentials_any"]) == (1, ["lecturer"])
    licence = volunteers.licence(CredentialKind.LECTURER)
    [(person, _)] = await volunteers.people([volunteers.profile(credentials=(licence,))])
    coordinator = await buying.person_as(Role.COORDINATOR)
    await sign_up_many(coordinator, [Wanted(seat["id"], person)], Origin.IMPORT, all_or_none=True)
    assert await tell_villages(clock.now()) == 1
    assert await tell_villages(clock.now()) == 0
    name = await database.fetch_value("SELECT name FROM person WHERE id = $1", person)
    async with client(clerk) as http:
        shown = (await http.get(f"/orders/{reference}")).text
    assert name in shown
    assert "已定 1 人" in shown
    assert await tell_villages(clock.now() + timedelta(hours=2)) == 0
