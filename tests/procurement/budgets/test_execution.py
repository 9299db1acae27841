"""How far a budget is spent against the time of the year, month by month; slow lines are told of once."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, database
from app.core.access import Permission, Principal, Role
from app.core.database import transaction
from procurement.budgets import rules as budgets
from procurement.budgets import service
from procurement.budgets.book import queries as book
from procurement.budgets.execution import queries, rules
from procurement.budgets.execution.rules import SlowRule
from procurement.budgets.execution.waiting import slow_budgets
from procurement.budgets.execution.warnings import warn_of_slow_lines
from procurement.budgets.movements import post_movements
from procurement.budgets.rules import Amounts, MoneySource, Movement, Pot
from procurement.budgets.service import Decision, Proposal
from tests.app.web.client import client
from tests.procurement import buying

RULE = SlowRule(from_month=10, below_percent=75)


def on(month: int, day: int = 15) -> date:
    return date(clock.today().year, month, day)


async def post_on(day: date, line_id: int, *entries: Movement) -> None:
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    with clock.travelled_to(clock.at_local(day, buying.time(12))):
        async with transaction():
            await post_movements(officer, entries)


async def carried_out(spent: int = 300, reserved: int = 200) -> tuple[int, Principal]:
    """Return a line of 1000 of which some is spent in March and some reserved in May, with its officer."""
    officer, approver = await buying.person_as(Role.PROCUREMENT_OFFICER), await buying.person_as(Role.APPROVER)
    line_id = await buying.budget_line(0)
    with clock.travelled_to(clock.at_local(on(1), buying.time(12))):
        [proposal] = await service.propose_appropriations(officer, [Proposal(line_id, 1000, "杭财行〔2026〕1号")])
        await service.decide_appropriations(approver, [Decision(proposal, approve=True)])
    await post_on(on(2), line_id, budgets.reserve(line_id, spent, MoneySource("test", 1)))
    await post_on(on(3), line_id, budgets.spend(line_id, spent, MoneySource("test", 1), Pot.RESERVED))
    await post_on(on(5), line_id, budgets.reserve(line_id, reserved, MoneySource("test", 2)))
    return line_id, officer


def test_a_line_is_slow_from_the_first_day_of_the_month_below_the_share() -> None:
    for spent, day, slow in (
        (749, date(2026, 10, 1), True),
        (750, date(2026, 10, 1), False),
        (749, date(2026, 9, 30), False),
        (0, date(2027, 2, 1), True),
    ):
        assert RULE.tells(Amounts(approved=1000, spent=spent), 2026, day) is slow
    assert not RULE.tells(Amounts(), 2026, date(2026, 12, 31))
    assert not RULE.tells(Amounts(approved=1000), 2027, date(2026, 12, 31))


def test_the_time_of_the_year_goes_from_nothing_to_all() -> None:
    assert rules.time_share(2026, date(2025, 12, 31)) == 0
    assert rules.time_share(2026, date(2026, 12, 31)) == 1
    assert rules.time_share(2026, date(2027, 3, 1)) == 1
    assert rules.time_share(2028, date(2028, 2, 29)) == 60 / 366


moves = st.dictionaries(
    st.integers(1, 12),
    st.builds(Amounts, st.integers(0, 99), st.integers(-9, 99), st.integers(-9, 99), st.integers(0, 9)),
)


@given(moves, st.integers(1, 12))
def test_the_last_month_stands_where_all_movements_lead(moved: dict[int, Amounts], month: int) -> None:
    shown = rules.months(moved, 2026, date(2026, 12, 31))
    assert shown[-1].standing == rules.total_of(list(moved.values()))
    begun = rules.months(moved, 2026, date(2026, month, 1))
    assert sum(one.standing is not None for one in begun) == month
    assert [one.expected for one in shown] == sorted(one.expected for one in shown)


async def test_months_are_the_lines_own_movements(db: None) -> None:
    line_id, _ = await carried_out()
    moved = (await queries.months_of([line_id]))[line_id]
    assert moved == {
        1: Amounts(1000),
        2: Amounts(0, 300),
        3: Amounts(0, -300, 0, 300),
        5: Amounts(0, 200),
    }
    months = rules.months(moved, clock.today().year, on(6))
    assert [month.rate for month in months[:3]] == [0, 0, 0.3]


async def test_what_is_booked_around_the_year_falls_on_its_first_or_last_month(db: None) -> None:
    line_id, _ = await carried_out()
    year = clock.today().year
    await post_on(date(year - 1, 12, 30), line_id, budgets.reserve(line_id, 10, MoneySource("test", 8)))
    await post_on(date(year + 1, 1, 4), line_id, budgets.reserve(line_id, 20, MoneySource("test", 9)))
    moved = (await queries.months_of([line_id]))[line_id]
    assert (moved[1].reserved, moved[12].reserved) == (10, 20)


async def test_what_is_still_reserved_is_listed(db: None) -> None:
    line_id, _ = await carried_out()
    [held] = await queries.reserved([line_id])
    assert (held.fen, clock.local(held.since).month) == (200, 5)


async def test_officers_are_told_once_of_a_slow_line_and_their_workbench_shows_it(db: None) -> None:
    line_id, officer = await carried_out()
    elsewhere = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
    assert await warn_of_slow_lines(clock.at_local(on(9, 30), buying.time(8))) == 0
    december = clock.at_local(on(12, 31), buying.time(8))
    with clock.travelled_to(december):
        assert [await warn_of_slow_lines(december), await warn_of_slow_lines(december)] == [1, 0]
        [row] = await slow_budgets(officer)
        assert str(row.title) != ""
        assert await slow_budgets(elsewhere) == []
    told = await database.fetch("SELECT account_id FROM notification WHERE msgid LIKE '%预警线%'")
    assert officer.actor in [row["account_id"] for row in told]
    assert elsewhere.actor not in [row["account_id"] for row in told]
    assert await database.fetch_value("SELECT budget_line_id FROM budget_warning") == line_id


async def test_a_line_spent_in_time_and_a_donated_one_are_not_slow(db: None) -> None:
    await carried_out(spent=750, reserved=1)
    await buying.budget_line(5000, programme="donation")
    assert await warn_of_slow_lines(clock.at_local(on(12), buying.time(8))) == 0


async def test_the_book_runs_from_nothing_to_where_the_line_stands(db: None) -> None:
    line_id, _ = await carried_out()
    rows = await book.whole_book(line_id)
    assert [row.after for row in rows] == [
        Amounts(1000),
        Amounts(1000, 300),
        Amounts(1000, 0, 0, 300),
        Amounts(1000, 200, 0, 300),
    ]
    latest = await book.postings(line_id, limit=2)
    assert [row.id for row in latest] == [rows[3].id, rows[2].id]
    assert await book.postings(line_id, before=rows[1].id) == [rows[0]]


async def test_fiscal_and_donated_money_are_never_added_up_on_a_page(db: None) -> None:
    await carried_out()
    await buying.budget_line(777_700, programme="donation")
    year = clock.today().year
    supervisor = await buying.person_as(Role.SUPERVISOR)
    async with client(supervisor) as http:
        for path in ("/buying/budgets", "/buying/budgets/execution"):
            text = (await http.get(path)).text.replace('<span class="cents">', "").replace("</span>", "")
            assert "¥10.00" in text
            assert "¥7,777.00" in text
            assert "¥7,787.00" not in text
        assert "捐赠资金" in (await http.get(f"/buying/budgets/{year}/{buying.DISTRICT}/donation")).text
    async with client() as http:
        shown = (await http.get("/api/v1/disclosure/budgets")).json()
        assert {(row["fund"], row["approved_fen"]) for row in shown["places"]} == {
            ("fiscal", 1000),
            ("donated", 777_700),
        }
        text = (await http.get("/disclosure/budgets")).text
        assert "捐赠资金" in text
        totals = (await http.get("/api/v1/disclosure")).json()["totals"]
        assert [row["budget_fen"] for row in totals] == [1000]


async def test_the_book_is_handed_out_as_a_file_and_month_by_month_to_programs(db: None) -> None:
    _, officer = await carried_out()
    path = f"/buying/budgets/{clock.today().year}/{buying.DISTRICT}/purchase/book.csv"
    async with client(officer) as http:
        answer = await http.get(path)
        lines = answer.text.lstrip("\ufeff").splitlines()
        assert answer.headers["content-type"].startswith("text/csv")
        assert lines[0].split(",")[:4] == ["时间", "事项", "来源", "编号"]
        assert len(lines) == 5
        assert lines[-1].endswith("10.00,2.00,0.00,3.00,0.00,5.00")
        months = await http.get(f"/api/v1/budgets/{clock.today().year}/{buying.DISTRICT}/purchase/months")
        assert [row["spent_fen"] for row in months.json()["items"]][:4] == [0, 0, 300, 0]
    stranger = await buying.person_as(Role.PROCUREMENT_OFFICER, buying.OTHER_DISTRICT)
    async with client(stranger) as http:
        assert (await http.get(path)).status_code == 404


async def test_the_rule_is_a_row_that_an_officer_can_replace(db: None) -> None:
    rule = await queries.slow_rule(clock.today())
    assert (rule.from_month, rule.below_percent, rule.verified) == (10, 75, True)
    officer = await buying.person_as(Role.PROCUREMENT_OFFICER)
    assert officer.can(Permission.BUDGET_MANAGE)
    assert rule.tells(Amounts(approved=4, spent=2), clock.today().year, on(10, 1) + timedelta(days=1))


@pytest.mark.parametrize("path", ["/disclosure/budgets", "/disclosure/budgets?year=1999"])
async def test_the_public_page_answers_before_there_is_money(db: None, path: str) -> None:
    async with client() as http:
        assert "还没有可以公开的资金" in (await http.get(path)).text
