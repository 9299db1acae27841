"""The list of purchases by how far they are, over all methods."""

from app.core import database
from procurement.purchases import service as purchases
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.offers import bidding
from tests.procurement.purchases.tenders.stage import K, ground


async def test_the_filter_for_approvers_shows_what_waits_for_one_and_nothing_else(db: None) -> None:
    organization = await buying.organization()
    who = await buying.people(organization)
    call_off = await buying.reserved_purchase(organization, who)
    approved = await buying.approved_purchase(organization, who)
    compared = await bidding.compared()
    asked = await bidding.another(compared)
    begun, tender = await ground(), await ground()
    await begun.record(K.RESERVE)
    await tender.record_until(K.EVALUATE)
    rows = await database.fetch("SELECT id, reference FROM purchase")
    names = {row["id"]: row["reference"] for row in rows}
    async with client(who.officer) as http:
        listed = {
            group: {row["reference"] for row in (await http.get(f"/api/v1/purchases?group={group}")).json()["items"]}
            for group in ("waiting", "choosing", "approved")
        }
        page = (await http.get("/buying/purchases?group=waiting")).text
    assert listed["waiting"] == {names[one] for one in (call_off, compared.purchase_id, tender.tender)}
    assert listed["choosing"] == {names[one] for one in (asked.purchase_id, begun.tender)}
    assert listed["approved"] == {names[approved]}
    assert names[asked.purchase_id] not in page
    assert "待确定供应商" in page
    await purchases.decide_purchases(who.approver, [purchases.PurchaseDecision(call_off, approve=True)])
    async with client(who.officer) as http:
        assert names[call_off] not in (await http.get("/buying/purchases?group=waiting")).text
