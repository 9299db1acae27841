"""The claims officer's desk and the payee's own pages, through the real application."""

import pytest

from app.core import database
from app.core.access import ANONYMOUS
from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement import settled_work


async def statuses() -> set[str]:
    return {row["status"] for row in await database.fetch("SELECT status FROM claim")}


async def test_the_queue_shows_every_waiting_claim_with_the_total_and_the_tariffs_label(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.desk.claims) as http:
        text = (await http.get("/claims")).text
    assert all(reference in text for reference in money.references)
    assert "¥1,000<span" in text
    assert text.count("演示标准（非官方）") == 4


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("status=all", 4), ("status=approved", 0), ("week=2026-11-11", 4), ("week=2026-11-02", 0),
        ("district=330102", 4), ("district=330105", 0), ("programme=on_site", 4), ("programme=purchase", 0),
    ],
)  # fmt: skip
async def test_each_filter_narrows_the_queue(db: None, query: str, shown: int) -> None:
    money = await settled_work.accrued()
    async with client(money.desk.claims) as http:
        text = (await http.get(f"/claims?{query}")).text
    assert sum(f'href="/claims/{reference}"' in text for reference in money.references) == shown


async def test_a_selection_is_shown_with_its_effect_on_the_budget_and_then_approved(db: None) -> None:
    money = await settled_work.accrued()
    chosen = money.references[:2]
    async with client(money.desk.claims) as http:
        seen = await http.get("/claims/approval", params={"claims": chosen})
        assert "¥99,500<span" in seen.text  # 100,000.00 appropriated, 500.00 to be reserved
        done = await http.post("/claims/approval", data={"claims": chosen, "count": 2, "total_fen": 50_000})
    assert done.status_code == 303
    rows = await database.fetch("SELECT reference FROM claim WHERE status = 'approved' ORDER BY reference")
    assert [row["reference"] for row in rows] == chosen


async def test_everything_that_matches_can_be_approved_at_once(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.desk.claims) as http:
        seen = await http.get("/claims/approval?everything=on&status=accrued")
        assert 'name="count" value="4"' in seen.text
        data = {"everything": "on", "status": "accrued", "count": 4, "total_fen": 100_000}
        assert (await http.post("/claims/approval", data=data)).status_code == 303
    assert await statuses() == {"approved"}


async def test_a_selection_that_changed_since_it_was_shown_is_not_approved(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.desk.claims) as http:
        data = {"everything": "on", "status": "accrued", "count": 3, "total_fen": 75_000}
        answer = await http.post("/claims/approval", data=data)
    assert answer.status_code == 409
    assert "名单刚有变化" in answer.text
    assert 'name="count" value="4"' in answer.text
    assert await statuses() == {"accrued"}


async def test_an_empty_selection_leads_back_to_the_queue(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.desk.claims) as http:
        answer = await http.get("/claims/approval")
    assert (answer.status_code, answer.headers["location"]) == (303, "/claims")


async def test_a_budget_that_is_too_small_is_told_before_and_refused_after(db: None) -> None:
    money = await settled_work.accrued(appropriation_fen=60_000)
    async with client(money.desk.claims) as http:
        seen = await http.get("/claims/approval?everything=on&status=accrued")
        data = {"everything": "on", "status": "accrued", "count": 4, "total_fen": 100_000}
        refused = await http.post("/claims/approval", data=data)
    assert "缺 ¥400.00" in seen.text
    assert refused.status_code == 409
    assert await statuses() == {"accrued"}


async def test_the_page_of_a_claim_says_why_the_amount_is_what_it_is_in_both_languages(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.payee) as http:
        chinese = (await http.get(f"/claims/{money.reference}?lang=zh")).text
        english = (await http.get(f"/claims/{money.reference}?lang=en")).text
    assert "值班律师（半天）：一个半天 × ¥250.00 = ¥250.00" in chinese
    assert "演示标准（非官方）" in chinese
    assert "Duty lawyer, half day: one × half-day at ¥250.00 = ¥250.00" in english
    assert "Demonstration tariff (not official)" in english


async def test_only_the_payee_and_the_districts_officers_see_a_claim(db: None) -> None:
    money = await settled_work.accrued()
    stranger = await settled_work.self_of(money.desk.payees[1])
    seen = {}
    people = {
        "payee": money.payee, "stranger": stranger, "officer": money.desk.claims, "cashier": money.desk.cashier,
        "elsewhere": settled_work.moved(money.desk.claims), "supervisor": money.supervisor,
    }  # fmt: skip
    for name, person in people.items():
        async with client(person) as http:
            seen[name] = (await http.get(f"/claims/{money.reference}")).status_code
    assert seen == {"payee": 200, "stranger": 404, "officer": 200, "cashier": 200, "elsewhere": 404, "supervisor": 200}


async def test_the_history_is_for_officers_and_the_way_ahead_for_everybody(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.desk.claims) as http:
        officer = (await http.get(f"/claims/{money.reference}")).text
    async with client(money.payee) as http:
        payee = (await http.get(f"/claims/{money.reference}")).text
    assert "生成申领" in officer
    assert "列入结算批次" in payee
    assert "等待封存" not in payee


async def test_a_claim_goes_back_with_a_reason_is_seen_on_the_workbench_and_comes_again(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.desk.claims) as http:
        empty = await http.post(f"/claims/{money.reference}/return", data={"reason": " "})
        done = await http.post(f"/claims/{money.reference}/return", data={"reason": "Please check the time"})
    assert (empty.status_code, done.status_code) == (422, 303)
    async with client(money.payee) as http:
        assert "Please check the time" in (await http.get("/workbench")).text
        again = await http.post(f"/claims/{money.reference}/resubmit")
    assert again.status_code == 303
    assert await statuses() == {"accrued"}


async def test_a_rejected_claim_stays_rejected_and_tells_why(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.desk.claims) as http:
        await http.post(f"/claims/{money.reference}/reject", data={"reason": "Not attended"})
    async with client(money.payee) as http:
        text = (await http.get("/my/claims")).text
    assert "Not attended" in text
    assert "没有通过，不付款。" in text


async def test_my_claims_are_mine_alone_with_what_is_paid_and_what_is_coming(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.payee) as http:
        text = (await http.get("/my/claims")).text
    assert {reference for reference in money.references if reference in text} == set(money.own)
    assert "¥500<span" in text


@pytest.mark.parametrize(
    ("stage", "told"),
    [
        (settled_work.accrued, "等待区县审核"),
        (settled_work.approved, "已通过审核"),
        (settled_work.computed, "等待复核"),
        (settled_work.paid, "已付款，批次 JS-"),
    ],
)
async def test_the_payee_is_told_at_every_stage_when_it_is_paid(db: None, stage: object, told: str) -> None:
    money = await stage()  # type: ignore[operator]
    async with client(money.payee) as http:
        assert told in (await http.get("/my/claims")).text


async def test_without_claims_the_page_says_what_to_do_next(db: None) -> None:
    await work.desk()
    nobody = await settled_work.self_of(await work.person("New"))
    async with client(nobody) as http:
        assert "还没有补贴" in (await http.get("/my/claims")).text


async def test_the_officers_workbench_shows_how_much_waits(db: None) -> None:
    money = await settled_work.accrued()
    async with client(money.desk.claims) as http:
        text = (await http.get("/workbench")).text
    assert "4 件补贴等待审核" in text
    assert "¥1,000.00" in text


ROUTES = ["/claims", "/claims/approval?everything=on", "/my/claims", "/my/organization-claims"]


@pytest.mark.parametrize("path", ROUTES)
async def test_a_visitor_is_sent_to_sign_in(db: None, path: str) -> None:
    async with client(ANONYMOUS) as http:
        answer = await http.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["/claims", "/claims/approval?everything=on"])
async def test_the_desk_is_for_claims_officers_alone(db: None, path: str) -> None:
    money = await settled_work.accrued(1, 1)
    for person in (money.payee, money.desk.clerk, money.desk.cashier, money.supervisor):
        async with client(person) as http:
            assert (await http.get(path)).status_code == 403
