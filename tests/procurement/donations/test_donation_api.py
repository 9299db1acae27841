"""Donations by API: what a program may do, what it is told, and what it is refused."""

from typing import Any
from uuid import uuid4

from app.core import clock, database
from app.core.access import Principal, Role
from procurement.donations.fake import acting
from procurement.donations.reconciliation.service import reconcile
from tests import world
from tests.app.web.client import call, client
from tests.procurement.donations import giving
from tests.procurement.donations.giving import STRIPE


async def posted(person: Principal, path: str, status: int = 201, **body: Any) -> Any:
    answer = await call(person, "POST", path, body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def test_a_program_begins_a_gift_and_the_same_key_begins_the_same_one(db: None) -> None:
    desk = await giving.desk()
    wish = {"amount_minor": 10_000, "once": uuid4().hex, "name": "李明", "email": "li@example.org", "locale": "en"}
    made = await posted(desk.clerk, "/donation-funds/legal-aid/gifts", **wish)
    assert made == await posted(desk.clerk, "/donation-funds/legal-aid/gifts", **wish)
    assert made["checkout_url"].startswith("/demo/checkout/")
    assert "/gifts/" in made["page_url"]
    await acting.pay(STRIPE, made["checkout_url"].rsplit("/", 1)[1])
    await giving.deliver()
    listed = (await call(desk.clerk, "GET", "/gifts")).json()["items"]
    assert [(one["reference"], one["status"]) for one in listed] == [(made["reference"], "given")]
    for wrong, status in (({"amount_minor": 1}, 422), ({"once": "short"}, 400), ({"email": "x"}, 422)):
        answer = await call(
            desk.clerk, "POST", "/donation-funds/legal-aid/gifts", {**wish, "once": uuid4().hex, **wrong}
        )
        assert answer.status_code == status, answer.text
    assert (await call(desk.clerk, "POST", "/donation-funds/none/gifts", wish)).status_code == 404
    again = await call(desk.clerk, "POST", "/donation-funds/legal-aid/gifts", {**wish, "amount_minor": 20_000})
    assert again.json()["code"] == "gift_form_used"


async def test_a_program_ends_a_monthly_gift(db: None) -> None:
    desk = await giving.desk()
    reference = await giving.reference_of(await giving.given(10_000, monthly=True))
    there = await world.account(Role.SETTLEMENT_CLERK, "330105")
    await posted(there, f"/gifts/{reference}/end", 403)
    await posted(desk.clerk, f"/gifts/{reference}/end", 204)
    await posted(desk.clerk, f"/gifts/{reference}/end", 204)
    assert await database.fetch_value("SELECT status FROM gift_plan") == "ended"
    once = await giving.reference_of(await giving.given(10_000))
    await posted(desk.clerk, f"/gifts/{once}/end", 404)


async def test_a_refund_takes_two_programs(db: None) -> None:
    desk = await giving.desk()
    reference = await giving.reference_of(await giving.given(10_000))
    made = await posted(desk.clerk, f"/gifts/{reference}/refunds", amount_minor=3_000, reason="填错金额")
    assert made["status"] == "proposed"
    await posted(desk.clerk, f"/gift-refunds/{made['id']}/decision", 403, approve=True)
    done = await posted(desk.approver, f"/gift-refunds/{made['id']}/decision", 200, approve=True)
    assert done == {"id": made["id"], "status": "succeeded"}
    told = await posted(desk.clerk, f"/gifts/{reference}/refunds", 409, amount_minor=7_001, reason="x")
    assert told["code"] == "gift_refund_within_gift"
    await posted(desk.clerk, f"/gifts/{reference}/refunds", 400, amount_minor=0, reason="x")


async def test_a_receipts_number_is_recorded_once(db: None) -> None:
    desk = await giving.desk()
    reference = await giving.reference_of(await giving.given(10_000))
    receipt = {"number": "浙票 001", "issued_on": clock.today().isoformat()}
    await posted(desk.approver, f"/gifts/{reference}/receipts", 403, **receipt)
    await posted(desk.clerk, f"/gifts/{reference}/receipts", 204, **receipt)
    assert (await posted(desk.clerk, f"/gifts/{reference}/receipts", 409, **receipt))[
        "code"
    ] == "statutory_receipt_once"
    assert (await call(desk.clerk, "GET", "/gifts")).json()["items"][0]["receipt"] is True


async def test_spending_names_its_use_and_takes_two_programs(db: None) -> None:
    desk = await giving.desk()
    await giving.given(10_000)
    use = {
        "amount_minor": 6_000, "used_on": clock.today().isoformat(), "purpose_zh": "鉴定费", "document": "付 001",
    }  # fmt: skip
    await posted(desk.clerk, "/donation-funds/legal-aid/uses", 400, **{**use, "purpose_zh": ""})
    made = await posted(desk.clerk, "/donation-funds/legal-aid/uses", **use)
    await posted(desk.approver, f"/fund-uses/{made['id']}/decision", 200, approve=True)
    assert (await call(desk.clerk, "GET", "/donation-funds/legal-aid")).json()["totals"][0]["used_minor"] == 6_000
    made = await posted(desk.clerk, "/donation-funds/legal-aid/uses", **use)
    told = await posted(desk.approver, f"/fund-uses/{made['id']}/decision", 409, approve=True)
    assert told["code"] == "fund_use_within_balance"


async def test_an_event_is_handled_once_more_by_who_may_see_it(db: None) -> None:
    desk = await giving.desk()
    await giving.given(10_000)
    there = await world.account(Role.SETTLEMENT_CLERK, "330105")
    listed = (await call(desk.clerk, "GET", "/gateway-events?status=handled")).json()["items"]
    assert len(listed) == 2
    assert (await call(there, "GET", "/gateway-events")).json()["items"] == []
    before = await giving.ledger()
    for one in listed:
        assert await posted(desk.clerk, f"/gateway-events/{one['event_id']}/replay", 200) == {"handled": True}
        await posted(there, f"/gateway-events/{one['event_id']}/replay", 404)
    assert await giving.ledger() == before


async def test_unclear_money_is_explained_by_two_programs(db: None) -> None:
    desk = await giving.desk()
    payment = await acting.pay_elsewhere(STRIPE, 20_000)
    await reconcile(clock.now())
    (found,) = (await call(desk.approver, "GET", "/unclear-money")).json()
    assert (found["matter"], found["total_minor"]) == (payment, 20_000)
    wish = {"outcome": "fund", "reason": "备注写明", "fund": "legal-aid"}
    await posted(desk.approver, f"/unclear-money/{payment}/decisions", 403, **wish)
    await posted(desk.clerk, f"/unclear-money/{payment}/decisions", 422, **{**wish, "fund": ""})
    made = await posted(desk.clerk, f"/unclear-money/{payment}/decisions", **wish)
    await posted(desk.approver, f"/unclear-decisions/{made['id']}/decision", 204, approve=True)
    assert (await call(desk.clerk, "GET", "/unclear-money")).json() == []


async def test_every_write_is_described(db: None) -> None:
    async with client() as http:
        described = (await http.get("/api/schema/openapi.json")).json()["paths"]
    for path in (
        "/donation-funds/{code}/gifts", "/gifts/{reference}/end", "/gifts/{reference}/refunds",
        "/gift-refunds/{refund}/decision", "/gifts/{reference}/receipts", "/donation-funds/{code}/uses",
        "/fund-uses/{use}/decision", "/gateway-events/{event_id}/replay", "/unclear-money/{matter}/decisions",
        "/unclear-decisions/{decision}/decision",
    ):  # fmt: skip
        assert described[f"/api/v1{path}"]["post"]["summary"]
