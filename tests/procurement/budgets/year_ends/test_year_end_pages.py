"""The pages of year ends, the same for programs, the command line, and the reminders of January."""

import re
from datetime import date, time

import pytest
from click.testing import CliRunner

from app.cli import main
from app.core import clock, database
from app.core.access import Role
from app.web.workbench import Waiting
from procurement.budgets.year_ends.service import prepare_year
from procurement.budgets.year_ends.waiting import remind_of_open_years, years_to_close, years_to_prepare
from procurement.payments.rules import PaymentTerms
from tests.app.web.client import client
from tests.procurement import buying
from tests.procurement.budgets.year_ends.ended import after, closed, closers, months_closed
from tests.procurement.counting import counted_statements
from tests.procurement.payments.contracts import signed

PAGE = "/buying/budgets/year-ends"
STATEMENTS = 10
JSON = {"accept": "application/json"}


async def bound() -> str:
    """Bind a part of the district's money by a contract that owes a unit, and return the address of its year."""
    deal = await signed(PaymentTerms(0), quantity=3, delivered=1)
    await deal.accept()
    await deal.approve()
    await buying.budget_line(9_000, programme="donation")
    return f"{PAGE}/{clock.today().year}/{buying.DISTRICT}"


async def test_each_page_answers_in_both_languages_with_few_statements(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    who, year = await closers(), clock.today().year
    here, asked = await bound(), counted_statements(monkeypatch)

    async def looked_at(*words: str) -> None:
        for locale in ("zh", "en"):
            async with client(who.officer, locale=locale) as http:
                for path in (PAGE, here, here.replace("year-ends/", "") + "/purchase"):
                    asked.clear()
                    answer = await http.get(path)
                    assert answer.status_code == 200, answer.text[-600:]
                    assert len(asked) <= STATEMENTS, (path, asked)
                    if locale == "zh" and path == here:
                        assert [word for word in words if word not in answer.text] == []

    await looked_at("现在还不能结转", "还没有结束")
    with after(year):
        await looked_at("还有月份没有结账", "1 份合同占用", "作为结余收回", "属于捐赠人的用途")
        await months_closed(who, year)
        await looked_at("提出结转")
        await prepare_year(who.officer, year, buying.DISTRICT)
        await looked_at("等另一人办理", "你提出的，须由他人办理")
        await closed(who, year)
        await looked_at("各预算行的去向", "1 份合同占用")


async def test_what_stands_in_the_way_is_named_in_the_readers_language_and_led_to(db: None) -> None:
    who, year = await closers(), clock.today().year
    organization = await buying.organization()
    await buying.reserved_purchase(organization, await buying.people(organization), quantity=1)
    here = f"{PAGE}/{year}/{buying.DISTRICT}"
    reference = await database.fetch_value("SELECT reference FROM purchase")
    with after(year):
        async with client(who.officer, locale="en") as http:
            text = (await http.get(here)).text
            program = (await http.get(f"/api/v1/budget-years/{year}/{buying.DISTRICT}", headers=JSON)).json()
        async with client(who.approver, locale="zh") as http:
            chinese = (await http.get(here)).text
    place = await database.fetch_one("SELECT name_zh, name_en FROM place WHERE code = $1", buying.DISTRICT)
    assert place
    block = text[text.index("cannot be closed yet") :]
    assert f"{place['name_en']} Purchase of public legal services: " in block
    assert f'href="/buying/purchases/{reference}">The Civil Code in your village</a>' in block
    assert not re.search(r"[\u4e00-\u9fff]", block[: block.index("<dl")])
    assert [one["code"] for one in program["blocks"]] == ["purchase_undecided"]
    assert f"{place['name_zh']} 政府购买公共法律服务：采购 民法典进村社" in chinese
    assert f'href="/buying/purchases/{reference}">民法典进村社' in chinese


async def test_a_closed_year_leads_to_the_contracts_that_went_over_by_their_names(db: None) -> None:
    who, year = await closers(), clock.today().year
    here = await bound()
    reference = await database.fetch_value("SELECT reference FROM contract")
    with after(year):
        await closed(who, year)
        async with client(who.officer, locale="en") as http:
            text = (await http.get(here)).text
    assert f'href="/contracts/{reference}">The Civil Code in your village</a>' in text


async def test_an_officer_prepares_and_another_person_closes_on_the_page(db: None) -> None:
    who, year = await closers(), clock.today().year
    here = await bound()
    async with client(who.officer) as http:
        early = await http.post(here)
        assert early.status_code == 409
        assert f"{year} 年还没有结束" in early.text
    with after(year):
        await months_closed(who, year)
        async with client(who.approver) as http:
            assert (await http.post(here)).status_code == 403
            assert "先由经办人提出" in (await http.post(f"{here}/closing")).text
        async with client(who.officer) as http:
            assert (await http.post(f"{here}/closing")).status_code == 403
            assert (await http.post(here)).status_code == 303
        async with client(who.approver) as http:
            assert "办理结转" in (await http.get(here)).text
            assert (await http.post(f"{here}/closing")).status_code == 303
            again = await http.post(f"{here}/closing")
            assert (again.status_code, "不能再办一次" in again.text) == (409, True)
    stranger = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
    async with client(stranger) as http:
        assert (await http.get(here)).status_code == 404
        assert buying.DISTRICT not in (await http.get(PAGE)).text


async def test_a_program_reads_prepares_and_closes(db: None) -> None:
    who, year = await closers(), clock.today().year
    await bound()
    path = f"/api/v1/budget-years/{year}/{buying.DISTRICT}"
    async with client(who.officer) as http:
        early = await http.post(f"{path}/preparation", headers=JSON)
        assert (early.status_code, early.json()["code"]) == (409, "blocked")
        blocks = (await http.get(path, headers=JSON)).json()["blocks"]
        assert [one["code"] for one in blocks] == ["year_still_runs", "year_months_open"]
    with after(year):
        await months_closed(who, year)
        async with client(who.officer) as http:
            assert (await http.post(f"{path}/preparation", headers=JSON)).json()["status"] == "prepared"
        async with client(who.approver) as http:
            done = (await http.post(f"{path}/closing", headers=JSON)).json()
            [listed] = (await http.get("/api/v1/budget-years", headers=JSON)).json()["items"][1:]
    by_fund = {one["fund"]: one for one in done["lines"]}
    assert done["status"] == listed["status"] == "closed"
    assert [(one["pot"], one["fate"], one["why"]) for one in by_fund["fiscal"]["rest"]] == [
        ("committed", "carried", "contract"),
        ("free", "lapsed", "free"),
    ]
    assert (by_fund["donated"]["carried_fen"], by_fund["donated"]["lapsed_fen"]) == (9_000, 0)
    for one in done["lines"]:
        assert one["approved_fen"] == one["spent_fen"] + one["lapsed_fen"] + one["carried_fen"]
    assert listed["carried_fen"] == sum(one["carried_fen"] for one in done["lines"])


async def test_the_workbench_asks_for_a_year_that_is_over_until_it_is_closed(db: None) -> None:
    who, year = await closers(), clock.today().year
    await buying.budget_line(1_000)

    async def waiting() -> tuple[list[Waiting], list[Waiting]]:
        return list(await years_to_prepare(who.officer)), list(await years_to_close(who.approver))

    assert await waiting() == ([], [])
    with after(year, month=1, day=1):
        [asked], to_close = await waiting()
        assert (asked.title.values, to_close) == ({"year": str(year), "count": 1}, [])
    with after(year):
        await months_closed(who, year)
        await prepare_year(who.officer, year, buying.DISTRICT)
        to_prepare, [asked] = await waiting()
        assert (to_prepare, asked.title.values) == ([], {"year": str(year), "count": 1})
        await closed(who, year)
        assert await waiting() == ([], [])


async def test_officers_are_written_to_in_january_while_the_year_is_open(db: None) -> None:
    who, year = await closers(), clock.today().year
    await buying.budget_line(1_000)
    december, january = (clock.at_local(day, time(8)) for day in (date(year, 12, 30), date(year + 1, 1, 5)))
    assert await remind_of_open_years(december) == 0
    told = await remind_of_open_years(january)
    assert told >= 1
    await remind_of_open_years(january)
    letters = await database.fetch_value("SELECT count(*) FROM notification WHERE account_id = $1", who.officer.actor)
    assert letters == 1
    with after(year):
        await closed(who, year)
        assert await remind_of_open_years(clock.now()) == 0


def test_the_command_says_what_it_is_for() -> None:
    told = CliRunner().invoke(main, ["budgets", "close-year", "--help"])
    assert told.exit_code == 0
    assert "Nothing is written" in told.output
