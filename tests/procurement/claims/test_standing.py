"""Why a claim waits and when it is paid next: the payee, the approver and finance read the same words."""

from datetime import date

import pytest

from app.core import clock, database
from app.core.calendar import Calendar
from app.web.filters import day as day_text
from procurement.budgets import service as budgets
from procurement.claims import service as claims
from procurement.claims.disputes.service import raise_dispute
from procurement.claims.standing.queries import standings
from procurement.claims.standing.rules import REASONS, LeftOutOf, Waits, next_pay_day
from procurement.settlement import service as settlement
from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement import settled_work as money
from tests.procurement.budgets.year_ends.ended import after, closed, closers, line_of

NO_HOLIDAYS = Calendar({})
IN_NOVEMBER = LeftOutOf("JS-2026-000001", date(2026, 11, 20), Waits.SHORT_OF_MONEY, 1)
IN_DECEMBER = LeftOutOf("JS-2026-000002", date(2026, 12, 2), Waits.SHORT_OF_MONEY, 1)


@pytest.mark.parametrize(
    ("left_out", "today", "expected"),
    [
        (None, date(2026, 11, 20), date(2026, 12, 15)),
        (IN_NOVEMBER, date(2026, 11, 21), date(2026, 12, 15)),
        (IN_DECEMBER, date(2026, 12, 3), date(2027, 1, 15)),
        (IN_DECEMBER, date(2027, 1, 16), date(2027, 2, 15)),
    ],
)
def test_what_a_run_left_out_is_paid_on_the_pay_day_of_the_next_month(
    left_out: LeftOutOf | None, today: date, expected: date
) -> None:
    assert next_pay_day(NO_HOLIDAYS, date(2026, 11, 16), left_out, today) == expected


async def _capped() -> tuple[money.Money, settlement.Batch, str]:
    """Leave the last of two claims out of a run for want of money; return its reference too."""
    had = await money.approved(people=1, shifts=2)
    batch = await settlement.compute_batch(had.desk.clerk, work.DISTRICT, *money.PERIOD, "capped", 30_000)
    left = await database.fetch_value("SELECT c.reference FROM settlement_left_out x JOIN claim c ON c.id = x.claim_id")
    return had, batch, left


async def test_the_payee_the_approver_and_finance_read_the_same_reason_and_the_next_pay_day(db: None) -> None:
    had, batch, left = await _capped()
    (left_id,) = [row["id"] for row in await database.fetch("SELECT id FROM claim WHERE reference = $1", left)]
    standing = (await standings([left_id]))[left_id]
    assert standing.left_out is not None
    assert (standing.reason, standing.left_out.batch, standing.left_out.line) == (
        Waits.SHORT_OF_MONEY, batch.reference, 1,
    )  # fmt: skip
    assert standing.next_on is not None
    assert standing.next_on > clock.today()
    for reader in (had.payee, had.desk.claims, had.desk.clerk, had.supervisor):
        async with client(reader) as http:
            seen = (await http.get(f"/claims/{left}")).text
        assert REASONS[Waits.SHORT_OF_MONEY] in seen
        assert f"的批次 {batch.reference} 没有列入，同样原因的排在第 1 位。" in seen
        assert f"下一次付款：预计 {day_text(standing.next_on)}。" in seen
    async with client(had.payee) as http:
        assert REASONS[Waits.SHORT_OF_MONEY] in (await http.get("/my/claims")).text
        body = (await http.get(f"/api/v1/claims/{left}")).json()
    assert (body["waits_for"], body["left_out_of"], body["paid_next_on"]) == (
        "short_of_money", batch.reference, standing.next_on.isoformat(),
    )  # fmt: skip
    async with client(had.desk.claims) as http:
        assert REASONS[Waits.SHORT_OF_MONEY] in (await http.get("/claims?status=approved")).text
    async with client(had.supervisor) as http:
        assert f'href="/claims/{left}"' in (await http.get(f"/settlement/{batch.reference}")).text


async def test_once_a_run_takes_it_nothing_bars_it_any_more(db: None) -> None:
    had, _, left = await _capped()
    await settlement.compute_batch(had.desk.clerk, work.DISTRICT, *money.PERIOD, "rest")
    async with client(had.payee) as http:
        assert "没有列入" not in (await http.get(f"/claims/{left}")).text


async def test_a_line_that_is_short_says_so_before_anybody_approves(db: None) -> None:
    had = await money.accrued(people=1, shifts=2, appropriation_fen=30_000)
    first, second = await money.claim_ids()
    assert {one.reason for one in (await standings([first, second])).values()} == {None}
    await claims.approve_claims(had.desk.claims, [first])
    assert (await standings([second]))[second].reason is Waits.BUDGET_SHORT
    for reader, page in ((had.payee, "/my/claims"), (had.desk.claims, "/claims")):
        async with client(reader) as http:
            seen = (await http.get(page)).text
        assert seen.count(REASONS[Waits.BUDGET_SHORT]) == 1


async def test_after_the_end_of_its_year_the_line_that_pays_instead_tells_whether_money_is_short(db: None) -> None:
    had = await money.accrued(people=1, shifts=1)
    (one,) = await money.claim_ids()
    year, who = work.DAY.year, await closers()
    assert (await standings([one]))[one].reason is None
    with after(year):
        await closed(who, year, work.DISTRICT)  # all of the line lapses, and the next one begins empty
        assert (await standings([one]))[one].reason is Waits.BUDGET_SHORT
        async with client(had.payee) as http:
            assert REASONS[Waits.BUDGET_SHORT] in (await http.get(f"/claims/{had.reference}")).text
        following = await line_of(year + 1, "on_site", work.DISTRICT)
        (proposed,) = await budgets.propose_appropriations(who.officer, [budgets.Proposal(following, 25_000, "文号")])
        await budgets.decide_appropriations(who.approver, [budgets.Decision(proposed, approve=True)])
        assert (await standings([one]))[one].reason is None


async def test_what_somebody_must_decide_names_a_day_only_on_that_condition(db: None) -> None:
    had = await money.approved(people=2, shifts=1)
    await database.execute("UPDATE person SET public_official = true WHERE id = $1", had.desk.payees[0])
    async with client(had.payee) as http:
        seen = (await http.get(f"/claims/{had.reference}")).text
    assert REASONS[Waits.OFFICIAL] in seen
    assert "原因消除后，最早" in seen
    assert "预计" not in seen
    async with client(had.desk.clerk) as http:
        days = {"place": work.DISTRICT, "period_from": "2026-11-01", "period_to": "2026-11-30"}
        preview = (await http.get("/settlement/new", params=days)).text
    assert "不会列入的申领" in preview
    assert f'href="/claims/{had.reference}"' in preview


async def test_an_objection_bars_a_claim_before_and_after_its_approval(db: None) -> None:
    had = await money.accrued(people=1, shifts=1)
    (one,) = await money.claim_ids()
    await raise_dispute(had.payee, had.reference, "金额不对")
    assert (await standings([one]))[one].reason is Waits.DISPUTED
    other = await money.self_of(await work.person("Other"))
    async with client(other) as http:
        assert (await http.get(f"/claims/{had.reference}")).status_code == 404
