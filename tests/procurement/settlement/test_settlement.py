"""A settlement run promises: one claim, one live payment, to the fen, by three people, whatever happens."""

import asyncio
from collections.abc import Sequence
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, database
from app.core.access import Permission
from app.core.errors import NotPermitted, SamePersonRefused, TransitionRefused
from app.core.state import advance
from procurement.claims import accrual
from procurement.demonstration.paying import approve_looked_through
from procurement.ledger import queries as ledger
from procurement.settlement import bank_lines, payout, rules, service
from procurement.settlement.rules import TRANSITIONS, ApprovedClaim, BatchEvent, BatchStatus, Payee
from tests.conftest import rounds
from tests.procurement import attended_work as work
from tests.refusals import refused

PERIOD = (date(2026, 11, 1), date(2026, 12, 1))
KEY = "2026-11"


async def approved_work(people: int = 3, shifts: int = 2, *, bank: bool = True) -> work.Desk:
    """Set up approved claims: each person attended the same number of shifts, a quarter of a thousand yuan each."""
    officers = await work.desk()
    for number in range(people):
        payee = await work.person(f"payee {number}", bank=bank)
        officers.payees.append(payee)
        for shift in range(shifts):
            await work.attended(payee, day=date(2026, 11, 9 + 2 * shift))
    await accrual.accrue(clock.now())
    ids = [row["id"] for row in await database.fetch("SELECT id FROM claim")]
    await approve_looked_through(officers.claims, ids)
    return officers


async def compute(officers: work.Desk, key: str = KEY) -> service.Batch:
    return await service.compute_batch(officers.clerk, work.DISTRICT, *PERIOD, key)


@pytest.mark.parametrize("status", BatchStatus)
@pytest.mark.parametrize("event", BatchEvent)
def test_every_event_in_every_state_moves_or_refuses(status: BatchStatus, event: BatchEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[(status, event)]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


async def test_the_whole_way_ends_at_zero_owed_zero_in_clearing_and_a_file_that_agrees(db: None) -> None:
    officers = await approved_work()
    batch = await compute(officers)
    assert (batch.total_fen, batch.payment_count, batch.claim_count) == (150_000, 3, 6)
    await payout.approve_batch(officers.approver, batch.id)
    file = await payout.pay_batch(officers.cashier, batch.id)
    balances = {balance.code: balance.balance_fen for balance in await ledger.trial_balance()}
    assert balances.pop(f"treasury:{work.DISTRICT}") == -150_000
    assert [fen for code, fen in balances.items() if not code.startswith("expense:")] == [0] * 4
    line = await database.fetch_one("SELECT reserved_fen, spent_fen FROM budget_line")
    assert line == {"reserved_fen": 0, "spent_fen": 150_000}
    assert (file.line_count, file.total_fen) == (3, 150_000)
    text = file.content.decode("gb18030").splitlines()
    assert text[-1].startswith("合计,3,,,1500.00")
    assert await database.fetch_value("SELECT count(*) FROM claim WHERE status = 'paid'") == 6


async def test_the_bank_file_is_the_same_bytes_when_written_again(db: None) -> None:
    officers = await approved_work()
    batch = await compute(officers)
    await payout.approve_batch(officers.approver, batch.id)
    first = await payout.pay_batch(officers.cashier, batch.id)
    assert (await payout.bank_file_again(officers.cashier, batch.id)).content == first.content
    assert await database.fetch_value("SELECT content_sha256 FROM bank_file") == first.sha256


async def test_the_same_key_gives_the_same_batch_and_another_period_is_a_conflict(db: None) -> None:
    officers = await approved_work()
    first, again = await compute(officers), await compute(officers)
    assert (first.fresh, again.fresh) == (True, False)
    assert first.id == again.id
    with pytest.raises(service.SettlementKeyConflict):
        await service.compute_batch(officers.clerk, work.DISTRICT, date(2026, 10, 1), date(2026, 11, 1), KEY)
    with pytest.raises(service.NothingToSettle):
        await compute(officers, "another key")


async def test_computing_approving_and_paying_are_three_people(db: None) -> None:
    officers = await approved_work()
    everything = await work.officer("all", *(p for p in Permission if "settlement" in p))
    batch = await service.compute_batch(everything, work.DISTRICT, *PERIOD, KEY)
    with pytest.raises(SamePersonRefused):
        await payout.approve_batch(everything, batch.id)
    await payout.approve_batch(officers.approver, batch.id)
    with pytest.raises(SamePersonRefused):
        await payout.pay_batch(everything, batch.id)
    await refused("settlement_three_people", "UPDATE settlement_batch SET paid_by = computed_by")


async def test_another_districts_officer_settles_nothing_here(db: None) -> None:
    officers = await approved_work(people=1)
    with pytest.raises(NotPermitted):
        await service.compute_batch(officers.clerk, "330105", *PERIOD, KEY)


async def test_a_payee_without_an_account_stops_the_payout_by_name(db: None) -> None:
    officers = await approved_work(people=1, bank=False)
    batch = await compute(officers)
    await payout.approve_batch(officers.approver, batch.id)
    with pytest.raises(bank_lines.BankAccountMissing, match="payee 0"):
        await payout.pay_batch(officers.cashier, batch.id)


async def test_a_cancelled_batch_gives_its_claims_back(db: None) -> None:
    officers = await approved_work(people=1)
    batch = await compute(officers)
    await service.cancel_batch(officers.clerk, batch.id)
    again = await compute(officers, "second try")
    assert again.total_fen == batch.total_fen
    with pytest.raises(TransitionRefused):
        await payout.approve_batch(officers.approver, batch.id)


async def test_raw_sql_cannot_pay_a_claim_twice_or_make_a_total_that_is_off(db: None) -> None:
    officers = await approved_work(people=1)
    await compute(officers)
    again = """INSERT INTO settlement_item (batch_id, payment_id, claim_id, amount_fen)
               SELECT batch_id, payment_id, claim_id, amount_fen FROM settlement_item"""
    await refused("settlement_item_once", again)
    for change in ("total_fen = total_fen + 1", "payment_count = payment_count + 1", "claim_count = 9, writes = -1"):
        await refused("settlement_totals", f"UPDATE settlement_batch SET {change}")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE settlement_payment SET amount_fen = amount_fen + 1",
        "UPDATE settlement_item SET amount_fen = amount_fen + 1",
        "DELETE FROM settlement_item",
        """INSERT INTO settlement_payment (batch_id, person_id, amount_fen, status)
           SELECT batch.id, person.id, 5, 'pending' FROM settlement_batch AS batch, person
           WHERE NOT EXISTS (SELECT FROM settlement_payment p WHERE p.person_id = person.id)""",
        "UPDATE settlement_batch SET claim_count = claim_count + 1",
    ],
)
async def test_raw_sql_changes_no_part_of_a_batch_without_the_whole(db: None, change: str) -> None:
    officers = await approved_work(people=1)
    await compute(officers)
    await work.person("somebody else")
    await refused("settlement_totals", change)


async def test_a_batch_goes_only_the_ways_that_its_rules_know(db: None) -> None:
    for start, end in product(BatchStatus, BatchStatus):
        may = await database.fetch_value("SELECT settlement_may_go($1, $2)", start.value, end.value)
        assert may == any(at is start and to is end for (at, _), to in TRANSITIONS.items()), (start, end)
    officers = await approved_work(people=1)
    batch = await compute(officers)
    await payout.approve_batch(officers.approver, batch.id)
    await refused("settlement_in_order", "UPDATE settlement_batch SET status = 'computed'")
    await refused("settlement_cleared", "UPDATE settlement_batch SET status = 'cancelled'")  # its entries still stand
    await payout.pay_batch(officers.cashier, batch.id)
    for status in ("computed", "approved", "cancelled"):
        await refused("settlement_in_order", f"UPDATE settlement_batch SET status = '{status}'")


async def test_a_batch_stays_computed_from_what_and_checked_by_whom_it_was_and_is_kept(db: None) -> None:
    officers = await approved_work(people=1)
    await payout.approve_batch(officers.approver, (await compute(officers)).id)
    for column in ("computed_by", "approved_by"):
        await refused("settlement_frozen", f"UPDATE settlement_batch SET {column} = $1", officers.claims.actor)
    await refused("settlement_batch_is_kept", "DELETE FROM settlement_batch")


async def test_raw_sql_pays_no_batch_before_it_is_approved_and_named(db: None) -> None:
    officers = await approved_work(people=1)
    await compute(officers)
    for status in ("approved", "paid"):
        await refused("settlement_in_order", f"UPDATE settlement_batch SET status = '{status}'")
    approved = "UPDATE settlement_batch SET approved_by = $1, approved_at = now(), status = "
    await refused("settlement_in_order", f"{approved} 'paid'", officers.approver.actor)
    await refused("settlement_cleared", f"{approved} 'approved'", officers.approver.actor)


async def test_two_runs_at_once_make_one_batch(db: None) -> None:
    officers = await approved_work(people=2)
    for race in range(rounds(4, 100)):
        batches = await asyncio.gather(*(compute(officers, f"race {race}") for _ in range(2)))
        assert len({batch.id for batch in batches}) == 1
        assert sorted(batch.fresh for batch in batches) == [False, True]
        await service.cancel_batch(officers.clerk, batches[0].id)


async def test_runs_with_different_keys_share_no_claim(db: None) -> None:
    officers = await approved_work(people=2)
    outcomes = await asyncio.gather(*(compute(officers, f"key {n}") for n in range(4)), return_exceptions=True)
    assert sum(isinstance(outcome, service.Batch) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, service.NothingToSettle) for outcome in outcomes) == 3


def _claims(amounts: Sequence[tuple[int, int]]) -> list[ApprovedClaim]:
    return [ApprovedClaim(n, Payee(person, 0), fen) for n, (person, fen) in enumerate(amounts, start=1)]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 10**9)), max_size=30))
def test_merging_loses_no_fen_and_pays_each_payee_once(amounts: list[tuple[int, int]]) -> None:
    payments = rules.merged_payments(_claims(amounts))
    assert sum(payment.amount_fen for payment in payments) == sum(fen for _, fen in amounts)
    assert len({payment.payee for payment in payments}) == len(payments)


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 10**9)), min_size=1, max_size=30), st.randoms())
def test_the_same_claims_in_another_order_make_the_same_payments(amounts: list[tuple[int, int]], draw: object) -> None:
    claims_in_order = _claims(amounts)
    shuffled = list(claims_in_order)
    draw.shuffle(shuffled)  # type: ignore[attr-defined]
    assert rules.merged_payments(shuffled) == rules.merged_payments(claims_in_order)
