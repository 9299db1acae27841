"""Runs: planned each month, capped in a fair and explained order, numbered without gaps, given up, issued anew."""

from datetime import UTC, date, datetime

import pytest

from app.core import clock, database
from app.core.errors import NotPermitted, TransitionRefused
from procurement.ledger import queries as ledger
from procurement.settlement import payout, revoking, rules, service
from procurement.settlement.planning import queries as planning
from procurement.settlement.planning.service import plan_runs
from tests.app.web.client import client
from tests.procurement import attended_work as work
from tests.procurement import settled_work
from tests.procurement.offers.bidding import as_owner
from tests.procurement.settlement.books_hold import faults
from tests.refusals import refusal_by, refused

PERIOD = settled_work.PERIOD
DECEMBER = datetime(2026, 12, 1, 2, tzinfo=UTC)
NOVEMBER = {"place": work.DISTRICT, "period_from": "2026-11-01", "period_to": "2026-11-30"}


async def waiting_in_order() -> settled_work.Money:
    """Set up four approved claims: the last one written was approved first, the first one last."""
    money = await settled_work.approved(people=2, shifts=2)
    for days, one in enumerate(reversed(await settled_work.claim_ids())):
        await as_owner(
            "UPDATE claim SET approved_at = approved_at + make_interval(days => $1) WHERE id = $2", days, one
        )
    return money


async def capped(money: settled_work.Money, cap_fen: int, key: str = "capped") -> service.Batch:
    """Compute a run with so much money at hand."""
    return await service.compute_batch(money.desk.clerk, work.DISTRICT, *PERIOD, key, cap_fen)


async def left_out() -> list[tuple[int, str, int]]:
    """Return claim, reason and place in line of what was left out."""
    rows = await database.fetch("SELECT claim_id, reason, line_number FROM settlement_left_out ORDER BY id")
    return [(row["claim_id"], row["reason"], row["line_number"]) for row in rows]


async def test_when_money_is_short_the_oldest_approvals_are_paid_and_the_others_keep_their_place(db: None) -> None:
    money = await waiting_in_order()
    first, second, third, fourth = await settled_work.claim_ids()
    batch = await capped(money, 60_000)
    assert (batch.total_fen, batch.claim_count) == (50_000, 2)
    paid = await database.fetch("SELECT claim_id FROM settlement_item ORDER BY claim_id")
    assert [row["claim_id"] for row in paid] == [third, fourth]
    assert sorted(await left_out()) == [(first, "short_of_money", 2), (second, "short_of_money", 1)]
    fitting = await planning.fitting(money.desk.clerk, work.DISTRICT, *PERIOD, 30_000)
    assert (fitting.claims, fitting.left_claims, fitting.left_fen) == (1, 1, 25_000)


async def test_the_batch_after_the_last_of_six_digits_has_seven(db: None) -> None:
    money = await settled_work.approved(people=1)
    year = clock.today().year
    await database.execute("INSERT INTO settlement_number (year, last) VALUES ($1, 999999)", year)
    batch = await service.compute_batch(money.desk.clerk, work.DISTRICT, *PERIOD, "the millionth")
    assert batch.reference == f"JS-{year}-1000000"


async def test_what_was_left_out_comes_first_in_the_next_run(db: None) -> None:
    money = await waiting_in_order()
    await capped(money, 60_000)
    after = await capped(money, 30_000, "next")
    second = (await settled_work.claim_ids())[1]
    assert await database.fetch_value("SELECT claim_id FROM settlement_item WHERE batch_id = $1", after.id) == second


async def test_nobody_overtakes_the_claim_whose_turn_it_is(db: None) -> None:
    money = await settled_work.approved(people=1, shifts=1)
    with pytest.raises(service.CapTooSmall, match="250"):
        await capped(money, 24_999)
    assert await database.fetch_value("SELECT count(*) FROM settlement_batch") == 0


def test_of_one_day_the_smallest_amount_comes_first() -> None:
    day, next_day = date(2026, 11, 16), date(2026, 11, 17)
    waiting = [(next_day, 100, 1), (day, 50_000, 2), (day, 25_000, 4), (day, 25_000, 3)]
    assert [claim for _, _, claim in sorted(rules.turn(*one) for one in waiting)] == [3, 4, 2, 1]


async def test_the_database_orders_as_the_rule_does(db: None) -> None:
    noon = datetime(2026, 11, 16, 4, tzinfo=UTC)
    evening = datetime(2026, 11, 16, 20, tzinfo=UTC)  # the next day in Hangzhou
    waiting = [(evening, 1, 1), (noon, 9, 2), (noon, 5, 4), (noon, 5, 3)]
    rows = await database.fetch(
        """SELECT id FROM unnest($1::timestamptz[], $2::bigint[], $3::bigint[]) AS d (at, fen, id)
           ORDER BY settlement_turn(at, fen, id)""",
        *database.columns(waiting, 3),
    )
    assert [row["id"] for row in rows] == [3, 4, 2, 1]


async def test_raw_sql_leaves_nobody_out_for_one_whose_turn_is_later(db: None) -> None:
    money = await waiting_in_order()
    await capped(money, 60_000)
    earlier = "UPDATE claim SET approved_at = approved_at - interval '30 days' WHERE id = $1"
    first = (await settled_work.claim_ids())[0]
    await as_owner(earlier, first)
    again = """INSERT INTO settlement_left_out (batch_id, claim_id, reason, line_number, amount_fen)
               SELECT batch_id, c.id, 'short_of_money', 1, c.amount_fen FROM settlement_item, claim c
               WHERE c.id = $1 LIMIT 1"""
    await refused("settlement_left_out_once", again, first)
    await refused("settlement_cap_frozen", "UPDATE settlement_batch SET cap_fen = 70000")
    await as_owner("DELETE FROM settlement_left_out")
    await refused("settlement_left_out_in_turn", again, first)
    await refused("settlement_within_cap", "UPDATE settlement_batch SET total_fen = 60001")


async def test_each_who_is_left_out_is_told_why_once_the_batch_is_approved(db: None) -> None:
    money = await waiting_in_order()
    batch = await capped(money, 60_000)
    told = "SELECT count(*) FROM notification WHERE once_key LIKE 'left-out:%'"
    assert await database.fetch_value(told) == 0
    await payout.approve_batch(money.desk.approver, batch.id)
    assert await database.fetch_value(told) == 1
    async with client(money.supervisor) as http:
        text = (await http.get(f"/settlement/{batch.reference}")).text
    assert "没有列入的申领" in text
    assert "额度不够，先通过的先付" in text


async def test_the_month_that_has_ended_is_planned_once_and_its_run_is_computed_once(db: None) -> None:
    money = await settled_work.approved()
    assert await plan_runs(DECEMBER) == 1
    assert await plan_runs(DECEMBER) == 0
    await refused(
        "settlement_plan_once",
        """INSERT INTO settlement_plan (place_id, month, period_from, period_to, idempotency_key, planned_at)
           SELECT place_id, month, period_from, period_to, 'again', planned_at FROM settlement_plan""",
    )
    (plan,) = await planning.plans(money.desk.clerk)
    assert (plan.place_code, plan.month, plan.period_to) == (work.DISTRICT, PERIOD[0], PERIOD[1])
    async with client(money.desk.clerk) as http:
        assert f"key={plan.key}" in (await http.get("/settlement")).text
        preview = await http.get("/settlement/new", params={**NOVEMBER, "key": plan.key})
        assert f'value="{plan.key}"' in preview.text
        for _ in range(2):
            assert (await http.post("/settlement/new", data={**NOVEMBER, "key": plan.key})).status_code == 303
    assert await database.fetch_value("SELECT count(*) FROM settlement_batch") == 1
    assert await planning.plans(money.desk.clerk) == []


async def test_the_page_shows_before_the_run_who_would_wait(db: None) -> None:
    money = await waiting_in_order()
    async with client(money.desk.clerk) as http:
        seen = (await http.get("/settlement/new", params={**NOVEMBER, "cap_fen": "600"})).text
        assert "2 件（共 ¥500.00）留到下一批" in seen
        assert 'name="cap_fen" value="600' in seen
        done = await http.post("/settlement/new", data={**NOVEMBER, "cap_fen": "600", "key": "web-1"})
    assert done.status_code == 303
    assert await database.fetch_value("SELECT total_fen FROM settlement_batch") == 50_000


async def test_a_run_that_fails_gives_its_number_back(db: None) -> None:
    money = await settled_work.approved()
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await _failing(money)
    assert (await service.compute_batch(money.desk.clerk, work.DISTRICT, *PERIOD, "whole")).reference == (
        f"JS-{clock.today().year}-000001"
    )


async def _failing(money: settled_work.Money) -> None:
    """Compute a batch inside a transaction that is rolled back."""
    async with database.transaction():
        place = await database.fetch_value("SELECT id FROM place WHERE code = $1", work.DISTRICT)
        run = service.Run(work.DISTRICT, *PERIOD)
        await service._write(money.desk.clerk, place, "broken", run)
        raise ZeroDivisionError


async def test_an_approved_batch_that_cannot_be_paid_is_given_up_and_issued_anew(db: None) -> None:
    money = await settled_work.computed()
    assert money.batch
    with pytest.raises(TransitionRefused):
        await revoking.revoke_batch(money.desk.approver, money.batch.id)
    await payout.approve_batch(money.desk.approver, money.batch.id)
    with pytest.raises(NotPermitted):
        await revoking.revoke_batch(money.desk.cashier, money.batch.id)
    async with client(money.desk.approver) as http:
        here = f"/settlement/{money.batch.reference}"
        assert "作废批次" in (await http.get(here)).text
        assert (await http.post(f"{here}/revoke")).status_code == 303
    balances = {row.code.split(":")[0]: row.balance_fen for row in await ledger.trial_balance()}
    assert balances["clearing"] == 0
    anew = await service.compute_batch(money.desk.clerk, work.DISTRICT, *PERIOD, "anew")
    assert (anew.total_fen, anew.claim_count) == (100_000, 4)
    await payout.approve_batch(money.desk.approver, anew.id)
    await payout.pay_batch(money.desk.cashier, anew.id)
    assert await faults() == []
    with pytest.raises(TransitionRefused):
        await revoking.revoke_batch(money.desk.approver, anew.id)


async def test_raw_sql_gives_up_no_approved_batch_without_reversing_it(db: None) -> None:
    money = await settled_work.computed()
    assert money.batch
    await payout.approve_batch(money.desk.approver, money.batch.id)
    async with refusal_by("settlement_cleared"):
        await service.free_claims(money.batch.id)
        await database.execute("UPDATE settlement_batch SET status = 'cancelled'")
