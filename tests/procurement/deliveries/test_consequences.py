"""Suspending a provider: its open work is named to the officer before, no admission is bought under meanwhile."""

from uuid import UUID

import pytest

from app.core import database
from marketplace.organizations import service as organizations
from marketplace.organizations.rules import OrganizationEvent
from marketplace.organizations.service import OrganizationDecision
from procurement.blocks import Blocked
from procurement.deliveries.service import OrderAnswer, answer_orders
from procurement.purchases.service import PurchaseRequest, request_purchases
from tests import world
from tests.app.web.client import client
from tests.procurement import buying


async def _public_id(organization: int) -> UUID:
    public_id: UUID = await database.fetch_value("SELECT public_id FROM organization WHERE id = $1", organization)
    return public_id


async def _decide(organization: int, event: OrganizationEvent) -> None:
    decision = OrganizationDecision(await _public_id(organization), event, "依据投诉处理决定。")
    await organizations.decide_organizations(await world.reviewer(), [decision])


async def test_the_officer_reads_which_open_orders_and_admissions_a_suspension_touches(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    contract = await buying.signed_contract(organization, who)
    [one, two] = [row["code"] for row in await buying.villages(2)]
    await buying.quota([one, two], 3)
    placed = [await buying.placed_order(contract, one), await buying.placed_order(contract, two)]
    rows = await database.fetch("SELECT reference FROM village_order WHERE id = ANY ($1) ORDER BY id", placed)
    references = [row["reference"] for row in rows]
    await answer_orders(who.provider, [OrderAnswer(placed[1], take=False, reason="当天没有人手")])
    async with client(await world.reviewer()) as http:
        page = await http.get(f"/review/organizations/{await _public_id(organization)}")
    assert "%(num)s" not in page.text
    assert "1 项入围在暂停期间不能采购" in page.text
    assert "1 张没有办完的订单照旧履行" in page.text
    assert [reference in page.text for reference in references] == [True, False]


async def test_an_admission_of_a_suspended_provider_is_not_bought_under_until_it_is_back(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    admission, line = await buying.framework_in_force(organization), await buying.budget_line(100_000_000)
    request = PurchaseRequest(admission, line, buying.DISTRICT, 3, "村社普法讲座")
    await _decide(organization, OrganizationEvent.SUSPEND)
    with pytest.raises(Blocked):
        await request_purchases(who.officer, [request])
    await _decide(organization, OrganizationEvent.REINSTATE)
    assert await request_purchases(who.officer, [request])


async def test_a_signed_contract_goes_on_while_its_provider_is_suspended(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    contract = await buying.signed_contract(organization, who)
    [code] = [row["code"] for row in await buying.villages(1)]
    await buying.quota([code], 3)
    order = await buying.placed_order(contract, code)
    await _decide(organization, OrganizationEvent.SUSPEND)
    await answer_orders(who.provider, [OrderAnswer(order, take=True)])
    assert await database.fetch_value("SELECT status FROM village_order WHERE id = $1", order) == "taken"
