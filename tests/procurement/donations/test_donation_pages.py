"""Pages of donations: everybody's, the donor's, finance's."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader

from app.core import clock, database
from app.core.access import Role
from procurement.donations.fake import acting, objects
from procurement.donations.gifts import links
from procurement.donations.reconciliation.service import reconcile
from tests import world
from tests.app.web.client import client
from tests.procurement.counting import counted_statements
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
        chinese, english = (page.extract_text() for page in PdfReader(BytesIO(paper.content)).pages)
        assert "第 1 页 共 2 页" in chinese
        assert "Page 2 of 2" in english
        assert "页" not in english
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


MOST_STATEMENTS = 10


async def test_every_page_takes_ten_statements_at_most_however_much_there_is(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await giving.desk()
    for _ in range(3):
        payment = await giving.given(100_000, monthly=True)
        await giving.refunded(desk, payment, 1_000)
        await acting.pay_elsewhere(STRIPE, 20_000)
    await reconcile(clock.now())
    stray = (await objects.listed("payment", subscription=None))[0]["id"]
    reference = await giving.reference_of(payment)
    gift = await database.fetch_value("SELECT public_id FROM gift WHERE payment_id = $1", payment)
    page = await giving.asked(10_000)
    asked = counted_statements(monkeypatch)
    async with client(desk.clerk) as http:
        for path in (
            "/funds", "/funds/legal-aid", "/funds/legal-aid/give", f"/demo/checkout/{page}", links.path(gift),
            "/donations", f"/donations/gifts/{reference}", "/donations/funds/legal-aid", "/donations/funds/new",
            "/donations/events", "/donations/reconciliation", "/donations/unclear", f"/donations/unclear/{stray}",
        ):  # fmt: skip
            asked.clear()
            answer = await http.get(path)
            assert answer.status_code == 200, (path, answer.text[:300])
            assert len(asked) <= MOST_STATEMENTS, (path, asked)


async def test_an_officer_of_another_district_sees_no_gift_event_or_balance(db: None) -> None:
    await giving.desk()
    reference = await giving.reference_of(await giving.given(10_000))
    await acting.pay_elsewhere(STRIPE, 20_000)
    await reconcile(clock.now())
    event = await database.fetch_value("SELECT min(event_id) FROM gateway_event")
    there = await world.account(Role.SETTLEMENT_CLERK, "330105")
    async with client(there) as http:
        for path in ("/donations/events", "/donations/reconciliation", "/donations/unclear"):
            told = (await http.get(path)).text
            assert "pi_demo" not in told, path
            assert reference not in told, path
            assert "evt_demo" not in told, path
        assert "没有通知" in (await http.get("/donations/events")).text
        assert "由管理全部基金的人核对" in (await http.get("/donations/reconciliation")).text
        assert (await http.post(f"/donations/events/{event}/replay")).status_code == 404
        assert (await http.post("/donations/reconciliation")).status_code == 303
    assert await database.fetch_value("SELECT count(*) FROM gateway_reconciliation") == 1


async def test_finance_ends_a_monthly_gift_when_the_donor_calls(db: None) -> None:
    desk = await giving.desk()
    reference = await giving.reference_of(await giving.given(20_000, monthly=True))
    async with client(desk.clerk) as http:
        assert "停止每月捐赠" in (await http.get(f"/donations/gifts/{reference}")).text
        assert (await http.post(f"/donations/gifts/{reference}/end")).status_code == 303
        assert "每月捐赠已停止" in (await http.get(f"/donations/gifts/{reference}")).text
    assert (await objects.listed("plan"))[0]["status"] == "ended"


async def test_unclear_money_is_explained_on_its_page_and_a_wrong_form_comes_back_filled(db: None) -> None:
    desk = await giving.desk()
    payment = await acting.pay_elsewhere(STRIPE, 20_000)
    await reconcile(clock.now())
    async with client(desk.clerk) as http:
        assert "笔待查款项" in (await http.get("/workbench")).text
        page = f"/donations/unclear/{payment}"
        wrong = await http.post(page, data={"outcome": "returned", "reason": "付错账户"})
        assert wrong.status_code == 422
        assert "请填写退回的银行凭证号" in wrong.text
        assert "付错账户" in wrong.text
        told = await http.post(page, data={"outcome": "fund", "fund": "legal-aid", "reason": "备注写明"})
        assert told.status_code == 303, told.text
        assert "等另一人审批" in (await http.get("/donations/unclear")).text
    async with client(desk.approver) as http:
        (action,) = re.findall(
            r'action="(/donations/unclear-decisions/[^"]+)"', (await http.get("/donations/unclear")).text
        )
        assert (await http.post(action, data={"decision": "approve"})).status_code == 303
        assert "没有待查的款项" in (await http.get("/donations/unclear")).text
        assert "legal-aid" in (await http.get("/ledger/accounts/donated:unclear:CNY")).text
