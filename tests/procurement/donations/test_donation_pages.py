"""Pages of donations: everybody's, the donor's, finance's."""

import re
from datetime import timedelta

from app.core import clock, database
from procurement.donations.fake import acting
from tests.app.web.client import client
from tests.procurement.donations import giving
from tests.procurement.donations.giving import STRIPE


async def test_a_donor_gives_without_a_script_is_thanked_and_gets_the_acknowledgement(db: None) -> None:
    await giving.desk()
    async with client() as http:
        form = (await http.get("/funds/legal-aid/give")).text
        token = re.search(r'name="_csrf_token" value="([^"]+)"', form).group(1)
        once = re.search(r'name="once" value="([^"]+)"', form).group(1)
        assert "演示：不会真的扣款" in form
        fields = {
            "_csrf_token": token,
            "once": once,
            "rhythm": "once",
            "amount": "88",
            "name": "李明",
            "email": "li@example.org",
        }
        answer = await http.post("/funds/legal-aid/give", data=fields)
        assert answer.status_code == 303, answer.text
        again = await http.post("/funds/legal-aid/give", data=fields)
        assert again.headers["location"] == answer.headers["location"]
        checkout = answer.headers["location"]
        assert "¥88" in (await http.get(checkout)).text
        back = await http.post(f"{checkout}/pay", data={"_csrf_token": token})
        thanks = await http.get(back.headers["location"])
        assert "感谢您的捐赠" in thanks.text
        assert "LEGAL-AID-" in thanks.text
        assert "李明" in thanks.text
        assert thanks.headers["referrer-policy"] == "no-referrer"
        paper = await http.get(f"{back.headers['location']}/acknowledgement.pdf")
        assert paper.content.startswith(b"%PDF")
        assert (await http.get(back.headers["location"][:-1] + "x")).status_code == 404
        fund = (await http.get("/funds/legal-aid")).text
        assert "88" in fund


async def test_a_closed_fund_says_why(db: None) -> None:
    soon = clock.today() + timedelta(days=5)
    await giving.desk(valid_until=soon)
    with clock.travelled_to(clock.now() + timedelta(days=10)):
        async with client() as http:
            said = (await http.get("/funds/legal-aid/give")).text
            assert "公开募捐资格已经到期" in said
            assert "慈善法" in said
            assert "去付款" not in said


async def test_finance_sees_everything_and_acts(db: None) -> None:
    desk = await giving.desk()
    payment = await giving.given(100_000)
    reference = await giving.reference_of(payment)
    dispute = await acting.dispute(STRIPE, await giving.given(20_000, monthly=True))
    assert dispute
    await giving.deliver()
    async with client(desk.clerk) as http:
        for path in ("/donations", "/donations/events", "/donations/reconciliation", "/donations/funds/legal-aid",
                     "/donations/funds/new", f"/donations/gifts/{reference}", "/ledger"):  # fmt: skip
            answer = await http.get(path)
            assert answer.status_code == 200, (path, answer.text[:500])
        answer = await http.post(f"/donations/gifts/{reference}/refunds", data={"amount": "30", "reason": "填错金额"})
        assert answer.status_code == 303, answer.text
        answer = await http.post(f"/donations/gifts/{reference}/refunds", data={"amount": "980", "reason": "又退"})
        assert answer.status_code == 409
        answer = await http.post(
            f"/donations/gifts/{reference}/receipts", data={"number": "浙票001", "issued_on": str(clock.today())}
        )
        assert answer.status_code == 303, answer.text
        answer = await http.post("/donations/reconciliation")
        assert answer.status_code == 303
        event = await database.fetch_value("SELECT event_id FROM gateway_event LIMIT 1")
        assert (await http.post(f"/donations/events/{event}/replay")).status_code == 303
        use = {"amount": "50", "used_on": str(clock.today()), "purpose_zh": "三件案件的鉴定费", "document": "付001"}
        assert (await http.post("/donations/funds/legal-aid/uses", data=use)).status_code == 303
    async with client(desk.approver) as http:
        page = (await http.get("/donations")).text
        for path in re.findall(r'action="(/donations/(?:refunds|uses)/[^"]+)"', page):
            assert (await http.post(path, data={"decision": "approve"})).status_code == 303
    assert (await giving.balances())["donated:legal-aid:used:CNY"] == 5_000
    assert (await giving.balances())["donated:bank:CNY"] == -5_000
    async with client() as http:
        assert "三件案件的鉴定费" in (await http.get("/funds/legal-aid")).text
        body = (await http.get("/api/v1/donation-funds/legal-aid", headers={"accept": "application/json"})).json()
    assert body["totals"][0]["used_minor"] == 5_000
