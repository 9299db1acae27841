"""The cashier's page for a line that the bank returned, what the batch then shows, and the same for programs."""

import pytest

from app.core import clock, database
from tests.app.web.client import client
from tests.procurement import settled_work

JSON = {"accept": "application/json"}


async def test_a_cashier_records_a_return_and_everybody_of_finance_sees_it(db: None) -> None:
    money = await settled_work.paid()
    assert money.batch
    batch = f"/settlement/{money.batch.reference}"
    here, today = f"{batch}/lines/1/return", clock.today().isoformat()
    async with client(money.desk.cashier) as http:
        assert f'href="{here}"' in (await http.get(batch)).text
        asked = (await http.get(here)).text
        wrong = await http.post(here, data={"reason": "账号与户名不符", "returned_on": today, "document": " "})
        done = await http.post(here, data={"reason": "账号与户名不符", "returned_on": today, "document": "TH-0017"})
        again = (await http.get(here)).text
        english = (await http.get(f"{batch}?lang=en")).text
    assert "Payee 0" in asked
    assert "6222********0001" in asked
    assert wrong.status_code == 422
    assert "请填写这一项" in wrong.text
    assert "账号与户名不符" in wrong.text
    assert (done.status_code, done.headers["location"]) == (303, batch)
    assert "已登记退回" in again
    assert "Returned by the bank" in english
    assert "¥500" in english
    async with client(money.supervisor) as http:
        seen = (await http.get(batch)).text
        trace = (await http.get(f"/oversight/batches/{money.batch.reference}")).text
        claim = (await http.get(f"/oversight/claims/{money.reference}")).text
        listed = (await http.get("/oversight/lines/2026/330102/on_site")).text
    assert here not in seen
    for text in (seen, trace, claim):
        assert "账号与户名不符" in text
    assert "银行退回" in listed
    async with client(money.desk.clerk) as http:
        assert "另有 2 件等收款人更正账户" in (await http.get("/settlement")).text
        assert (
            "收款账户被银行退回，等更正"
            in (await http.get("/settlement/new?place=330102&period_from=2026-11-01&period_to=2026-11-30")).text
        )
    async with client(money.payee) as http:
        assert "银行退回了付款" in (await http.get("/workbench")).text
        assert "账号与户名不符" in (await http.get("/my/claims")).text


@pytest.mark.parametrize("line", [0, 3])
async def test_a_line_that_the_file_does_not_have_is_not_found(db: None, line: int) -> None:
    money = await settled_work.paid()
    assert money.batch
    async with client(money.desk.cashier) as http:
        assert (await http.get(f"/settlement/{money.batch.reference}/lines/{line}/return")).status_code == 404


async def test_only_the_cashiers_of_the_district_record_a_return(db: None) -> None:
    money = await settled_work.paid(1, 1)
    assert money.batch
    here = f"/settlement/{money.batch.reference}/lines/1/return"
    said = {"reason": "x", "returned_on": clock.today().isoformat(), "document": "x"}
    desk = money.desk
    for person, status in (
        *((one, 403) for one in (desk.claims, desk.clerk, desk.approver, money.supervisor, money.payee)),
        (settled_work.moved(desk.cashier), 404),
    ):
        async with client(person) as http:
            assert (await http.post(here, data=said)).status_code == status
    assert await database.fetch_value("SELECT count(*) FROM bank_return") == 0


async def test_a_program_records_a_return(db: None) -> None:
    money = await settled_work.paid()
    assert money.batch
    here = f"/api/v1/settlement-batches/{money.batch.reference}/returns"
    said = {"line": 2, "reason": "账户已销户", "returned_on": clock.today().isoformat(), "document": "TH-0018"}
    async with client(money.desk.cashier) as http:
        done = await http.post(here, json=said, headers=JSON)
        again = await http.post(here, json=said, headers=JSON)
    assert done.json() == {
        "reference": money.batch.reference,
        "line": 2,
        "amount_fen": 50_000,
        "returned_count": 1,
        "returned_fen": 50_000,
    }
    assert (again.status_code, again.json()["code"]) == (409, "bank_return_once")
