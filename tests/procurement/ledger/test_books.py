"""The books as officers read them: balanced in every scope, by names that may leave the server."""

import subprocess
from pathlib import Path

import pytest

from app.core import database
from app.core.access import Permission, Scope
from procurement.ledger.books import queries
from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement import settled_work

JSON = {"accept": "application/json"}


@pytest.mark.parametrize("stage", [settled_work.approved, settled_work.computed, settled_work.paid])
async def test_the_trial_balance_of_a_district_balances_at_every_stage(db: None, stage: object) -> None:
    money = await stage()  # type: ignore[operator]
    balances = await queries.trial_balance(money.supervisor)
    assert balances
    assert sum(balance.balance_fen for balance in balances) == 0
    assert sum(balance.debit_fen for balance in balances) == sum(balance.credit_fen for balance in balances)


async def test_another_districts_supervisor_reads_nothing_of_it(db: None) -> None:
    money = await settled_work.paid()
    elsewhere = settled_work.moved(money.supervisor)
    assert await queries.trial_balance(elsewhere) == []
    async with client(elsewhere) as http:
        assert (await http.get(f"/ledger/accounts/treasury:{work.DISTRICT}")).status_code == 404
        assert "treasury" not in (await http.get("/ledger/export")).text


async def test_no_accounts_name_holds_a_row_number(db: None) -> None:
    money = await settled_work.paid()
    handles = {balance.handle for balance in await queries.trial_balance(money.supervisor)}
    people = await database.fetch("SELECT public_id FROM person ORDER BY id")
    assert money.batch is not None
    assert handles == {
        f"treasury:{work.DISTRICT}",
        f"expense:{work.DISTRICT}:on_site:2026",
        f"clearing:{money.batch.reference}",
        *(f"payable:person:{person['public_id']}" for person in people),
    }


async def test_the_statement_runs_from_entry_to_entry(db: None) -> None:
    money = await settled_work.paid()
    assert money.batch is not None
    treasury = f"treasury:{work.DISTRICT}"
    found = await queries.statement(money.supervisor, treasury, 0, 50)
    assert [row.balance_fen for row in found.rows] == [-50_000, -100_000]
    assert {row.source for row in found.rows} == {money.batch.reference}
    assert found.account.balance_fen == -100_000
    rest = await queries.statement(money.supervisor, treasury, 1, 50)
    assert [row.balance_fen for row in rest.rows] == [-100_000]


async def test_the_pages_show_the_balance_and_lead_to_what_was_booked(db: None) -> None:
    money = await settled_work.paid()
    assert money.batch is not None
    async with client(money.supervisor) as http:
        book = (await http.get("/ledger")).text
        account = (await http.get(f"/ledger/accounts/expense:{work.DISTRICT}:on_site:2026")).text
    assert "借贷平衡" in book
    assert f"/ledger/accounts/clearing:{money.batch.reference}" in book
    assert f"/claims/{money.reference}" in account
    assert '<span aria-current="page">预算支出</span>' in account


@pytest.mark.parametrize("path", ["/ledger/export", "/api/v1/ledger/journal"])
@pytest.mark.parametrize("written_as", ["beancount", "hledger"])
async def test_the_exported_journal_passes_the_outside_check(
    db: None, tmp_path: Path, written_as: str, path: str
) -> None:
    money = await settled_work.paid()
    async with client(money.supervisor) as http:
        answer = await http.get(f"{path}?format={written_as}")
    assert answer.headers["content-disposition"].endswith(f'.{written_as}"')
    file = tmp_path / f"journal.{written_as}"
    file.write_text(answer.text)
    check = {
        "beancount": [".venv/bin/bean-check", "--no-cache", str(file)],
        "hledger": ["hledger", "check", "--strict", "ordereddates", "payees", "-f", str(file)],
    }[written_as]
    told = subprocess.run(check, capture_output=True, text=True, check=False)  # noqa: ASYNC221
    assert (told.returncode, told.stdout + told.stderr) == (0, "")


async def test_the_api_gives_the_trial_balance_with_its_sum(db: None) -> None:
    money = await settled_work.paid()
    async with client(money.supervisor) as http:
        body = (await http.get("/api/v1/ledger/trial-balance", headers=JSON)).json()
    assert body["sum_fen"] == 0
    balances = {account["account"]: account["balance_fen"] for account in body["accounts"]}
    assert balances[f"treasury:{work.DISTRICT}"] == -100_000


@pytest.mark.parametrize(
    "path", ["/ledger", "/ledger/export", "/api/v1/ledger/journal", "/api/v1/ledger/trial-balance"]
)
async def test_the_books_are_for_those_who_may_read_them(db: None, path: str) -> None:
    money = await settled_work.paid(1, 1)
    for person in (money.payee, money.desk.claims):
        async with client(person) as http:
            assert (await http.get(path)).status_code == 403


async def test_a_city_supervisor_reads_all_districts(db: None) -> None:
    await settled_work.paid()
    city = await work.officer("city", Permission.LEDGER_READ)
    city.scopes[Permission.LEDGER_READ] = Scope(place_codes=("3301",))  # type: ignore[index]
    assert len(await queries.trial_balance(city)) == 5


async def test_a_program_reads_an_account_with_its_running_balance(db: None) -> None:
    money = await settled_work.paid()
    handle = f"/api/v1/ledger/accounts/treasury:{work.DISTRICT}"
    async with client(money.supervisor) as http:
        found = (await http.get(handle, headers=JSON)).json()
    assert found["items"][-1]["balance_fen"] == found["account"]["balance_fen"]
    assert sum(row["amount_fen"] for row in found["items"]) == found["account"]["balance_fen"]
    async with client(settled_work.moved(money.supervisor)) as http:
        assert (await http.get(handle, headers=JSON)).status_code == 404
