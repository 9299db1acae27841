"""Settlement through the real application: preview, compute, approve, pay, each by another person."""

import pytest

from app.core import database
from app.core.access import Permission, Principal
from procurement.settlement import payout
from procurement.settlement.rules import BatchStatus
from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement import settled_work

NOVEMBER = {"place": work.DISTRICT, "period_from": "2026-11-01", "period_to": "2026-11-30"}


async def test_the_preview_is_what_the_run_then_makes(db: None) -> None:
    money = await settled_work.approved()
    async with client(money.desk.clerk) as http:
        assert "¥1,000<span" in (await http.get("/settlement")).text
        seen = (await http.get("/settlement/new", params=NOVEMBER)).text
        done = await http.post("/settlement/new", data={**NOVEMBER, "key": "web-1"})
    assert "¥1,000<span" in seen
    batch = await database.fetch_one("SELECT reference, total_fen, claim_count FROM settlement_batch")
    assert batch is not None
    assert done.headers["location"] == f"/settlement/{batch['reference']}"
    assert (batch["total_fen"], batch["claim_count"]) == (100_000, 4)


async def test_the_last_day_of_the_period_belongs_to_it(db: None) -> None:
    money = await settled_work.approved()
    async with client(money.desk.clerk) as http:
        part = {**NOVEMBER, "period_from": "2026-11-09", "period_to": "2026-11-09", "key": "web-1"}
        await http.post("/settlement/new", data=part)
    assert await database.fetch_value("SELECT claim_count FROM settlement_batch") == 2


async def test_pressing_twice_makes_one_batch(db: None) -> None:
    money = await settled_work.approved()
    async with client(money.desk.clerk) as http:
        answers = [await http.post("/settlement/new", data={**NOVEMBER, "key": "web-1"}) for _ in range(2)]
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await database.fetch_value("SELECT count(*) FROM settlement_batch") == 1


@pytest.mark.parametrize(
    "wrong", [{"period_to": "2026-10-01"}, {"period_from": "yesterday"}, {"place": "west"}, {"place": "%%%%"}]
)
async def test_a_wrong_period_or_place_is_shown_again_with_the_mistake(db: None, wrong: dict[str, str]) -> None:
    money = await settled_work.approved()
    async with client(money.desk.clerk) as http:
        seen = await http.get("/settlement/new", params={**NOVEMBER, **wrong})
    assert seen.status_code == 422
    assert "form-refusal" in seen.text


async def test_three_people_take_a_batch_to_the_bank(db: None) -> None:
    money = await settled_work.computed()
    assert money.batch is not None
    here = f"/settlement/{money.batch.reference}"
    async with client(money.desk.approver) as http:
        assert f'action="{here}/approve"' in (await http.get(here)).text
        assert (await http.post(f"{here}/approve")).status_code == 303
    async with client(money.desk.cashier) as http:
        assert f'action="{here}/pay"' in (await http.get(here)).text
        assert (await http.post(f"{here}/pay")).status_code == 303
        file = await http.post(f"{here}/bank-file")
    assert file.headers["content-disposition"] == f'attachment; filename="{money.batch.reference}.csv"'
    assert file.headers["cache-control"] == "no-store"
    assert "6222000000000001" in file.content.decode("gb18030")
    events = await database.fetch("SELECT action FROM audit_event WHERE object_type = 'settlement_batch' ORDER BY id")
    assert [event["action"] for event in events] == [
        "settlement.computed", "settlement.approved", "settlement.paid", "settlement.bank_file_read",
    ]  # fmt: skip


async def test_account_numbers_are_masked_on_the_page(db: None) -> None:
    money = await settled_work.paid()
    assert money.batch is not None
    async with client(money.supervisor) as http:
        text = (await http.get(f"/settlement/{money.batch.reference}")).text
    assert "6222********0001" in text
    assert "6222000000000001" not in text


async def test_a_batch_of_many_payments_is_read_page_by_page(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from procurement.settlement import controllers

    monkeypatch.setattr(controllers, "PAGE", 2)
    money = await settled_work.computed(people=3, shifts=1)
    assert money.batch is not None
    async with client(money.supervisor) as http:
        first = (await http.get(f"/settlement/{money.batch.reference}")).text
        following = first.split('rel="next" href="')[1].split('"')[0]
        second = (await http.get(following)).text
    assert [f"Payee {n}" in first for n in range(3)].count(True) == 2
    assert [f"Payee {n}" in second for n in range(3)].count(True) == 1


async def test_who_did_one_step_is_told_that_another_does_the_next(db: None) -> None:
    money = await settled_work.computed()
    assert money.batch is not None
    scopes = {**money.desk.clerk.scopes, **money.desk.approver.scopes}
    both = Principal(money.desk.clerk.account_id, kind="session", scopes=scopes)
    async with client(both) as http:
        text = (await http.get(f"/settlement/{money.batch.reference}")).text
        refused = await http.post(f"/settlement/{money.batch.reference}/approve")
    assert "下一步由另一个人来做" in text
    assert refused.status_code == 409
    assert await database.fetch_value("SELECT status FROM settlement_batch") == BatchStatus.COMPUTED


async def test_a_cancelled_batch_frees_its_claims(db: None) -> None:
    money = await settled_work.computed()
    assert money.batch is not None
    async with client(money.desk.clerk) as http:
        assert (await http.post(f"/settlement/{money.batch.reference}/cancel")).status_code == 303
    assert await database.fetch_value("SELECT count(*) FROM claim WHERE status = 'approved'") == 4


async def test_each_workbench_shows_the_step_that_waits_for_it(db: None) -> None:
    money = await settled_work.approved()
    async with client(money.desk.clerk) as http:
        assert "4 件待结算" in (await http.get("/workbench")).text
        await http.post("/settlement/new", data={**NOVEMBER, "key": "web-1"})
        assert "待结算" not in (await http.get("/workbench")).text
    async with client(money.desk.approver) as http:
        assert "去复核" in (await http.get("/workbench")).text
    batch = await database.fetch_value("SELECT id FROM settlement_batch")
    await payout.approve_batch(money.desk.approver, batch)
    async with client(money.desk.cashier) as http:
        assert "去付款" in (await http.get("/workbench")).text


STEPS = {
    "/approve": Permission.SETTLEMENT_APPROVE,
    "/cancel": Permission.SETTLEMENT_COMPUTE,
    "/pay": Permission.SETTLEMENT_PAY,
    "/bank-file": Permission.SETTLEMENT_PAY,
}


@pytest.mark.parametrize("step", STEPS)
async def test_each_step_is_for_its_role_in_its_district(db: None, step: str) -> None:
    money = await settled_work.computed(1, 1)
    assert money.batch is not None
    address = f"/settlement/{money.batch.reference}{step}"
    desk = money.desk
    everybody = [desk.claims, desk.clerk, desk.approver, desk.cashier, money.supervisor, money.payee]
    for person in everybody:
        if not person.can(STEPS[step]):
            async with client(person) as http:
                assert (await http.post(address)).status_code == 403
        else:
            async with client(settled_work.moved(person)) as http:
                assert (await http.post(address)).status_code == 404
    assert await database.fetch_value("SELECT status FROM settlement_batch") == BatchStatus.COMPUTED


async def test_another_districts_officers_see_no_batch(db: None) -> None:
    money = await settled_work.computed(1, 1)
    assert money.batch is not None
    async with client(settled_work.moved(money.supervisor)) as http:
        assert money.batch.reference not in (await http.get("/settlement")).text
        assert (await http.get(f"/settlement/{money.batch.reference}")).status_code == 404
