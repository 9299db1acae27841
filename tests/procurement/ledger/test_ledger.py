"""The ledger keeps its promises whoever writes: raw SQL is refused like a use case would be."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core import database
from app.core.access import Principal
from app.core.database import transaction
from procurement.ledger import posting, queries, rules
from procurement.ledger.posting import PeriodClosed
from procurement.ledger.rules import Account, AccountKind, Entry, EntryKind, Posting
from tests.refusals import refusal_by, refused

SYSTEM = Principal(kind="system")
DAY = date(2026, 11, 16)
WORK, OWED, CLEARING, TREASURY = (
    Account("expense:line:1", AccountKind.EXPENSE),
    Account("payable:person:1", AccountKind.LIABILITY),
    Account("clearing:batch:1", AccountKind.LIABILITY),
    Account("treasury:330102", AccountKind.ASSET),
)
ALL = (WORK, OWED, CLEARING, TREASURY)


def entry(key: str, debit: Account, credit: Account, fen: int, kind: EntryKind, day: date = DAY) -> Entry:
    return Entry(key, day, kind, "claim", 1, (Posting(debit.code, fen), Posting(credit.code, -fen)))


PAID_WORK = (
    entry("accrual:1", WORK, OWED, 25_000, EntryKind.ACCRUAL),
    entry("instruction:1", OWED, CLEARING, 25_000, EntryKind.INSTRUCTION),
    entry("payout:1", CLEARING, TREASURY, 25_000, EntryKind.PAYOUT),
)


async def post(*entries: Entry) -> int:
    async with transaction():
        return await posting.post(SYSTEM, ALL, entries)


async def test_posting_the_same_entries_again_does_nothing(db: None) -> None:
    assert await post(*PAID_WORK) == 3
    assert await post(*PAID_WORK) == 0
    assert await database.fetch_value("SELECT count(*) FROM ledger_posting") == 6


async def test_paid_work_leaves_nothing_owed_and_nothing_in_clearing(db: None) -> None:
    await post(*PAID_WORK)
    balances = {balance.code: balance.balance_fen for balance in await queries.trial_balance()}
    assert balances == {
        "expense:line:1": 25_000,
        "payable:person:1": 0,
        "clearing:batch:1": 0,
        "treasury:330102": -25_000,
    }
    assert [line.balance_fen for line in await queries.statement("payable:person:1")] == [-25_000, 0]


def test_an_entry_that_does_not_sum_to_zero_cannot_even_be_made() -> None:
    with pytest.raises(rules.Unbalanced):
        Entry("x", DAY, EntryKind.ACCRUAL, "claim", 1, (Posting("a", 1), Posting("b", -2)))
    with pytest.raises(rules.Unbalanced):
        Entry("x", DAY, EntryKind.ACCRUAL, "claim", 1, ())


RAW_ENTRY = """
WITH t AS (INSERT INTO ledger_transaction
               (booked_on, period_id, kind, idempotency_key, source_type, source_id, created_at)
           SELECT $1, id, 'accrual', 'raw', 'claim', 9, now() FROM ledger_period LIMIT 1 RETURNING id)
SELECT id FROM t"""


async def write_by_hand(day: date, debit_fen: int) -> None:
    """Write an entry past all rules that credits 100 fen."""
    new = await database.fetch_value(RAW_ENTRY, day)
    await database.execute(
        """INSERT INTO ledger_posting (transaction_id, account_id, amount_fen)
           SELECT $1, id, CASE code WHEN 'expense:line:1' THEN $2::bigint ELSE -100 END
           FROM ledger_account WHERE code IN ('expense:line:1', 'payable:person:1')""",
        *(new, debit_fen),
    )


async def test_raw_sql_that_is_a_fen_off_is_refused_at_commit(db: None) -> None:
    await post(*PAID_WORK)
    async with refusal_by("ledger_zero_sum"):
        await write_by_hand(DAY, 101)
    await refused("ledger_zero_sum", RAW_ENTRY, DAY)  # nor does an entry land without postings
    async with transaction():
        await write_by_hand(DAY, 100)


async def test_a_posting_cannot_join_a_transaction_that_is_complete(db: None) -> None:
    await post(*PAID_WORK)
    late = """INSERT INTO ledger_posting (transaction_id, account_id, amount_fen)
              SELECT t.id, a.id, fen FROM (SELECT min(id) AS id FROM ledger_transaction) AS t,
                     (SELECT min(id) AS id FROM ledger_account) AS a, unnest('{1,-1}'::integer[]) AS fen"""
    await refused("ledger_transaction_complete", late)


@pytest.mark.parametrize("table", ["ledger_transaction", "ledger_posting"])
@pytest.mark.parametrize("change", ["UPDATE {} SET id = DEFAULT", "DELETE FROM {}"])
async def test_what_is_booked_is_never_changed(db: None, table: str, change: str) -> None:
    await post(*PAID_WORK)
    await refused("append_only", change.format(table))


async def test_a_closed_period_takes_nothing_more(db: None) -> None:
    await post(*PAID_WORK)
    async with refusal_by("ledger_period_open"):
        await write_by_hand(date(2026, 12, 1), 100)  # the period is open, and another month's
    account = await _any_account()
    await database.execute("UPDATE ledger_period SET closed_at = '2026-12-01 12:00+08', closed_by = $1", account)
    async with refusal_by("ledger_period_open"):
        await write_by_hand(DAY, 100)
    with pytest.raises(PeriodClosed):
        await post(entry("late", WORK, OWED, 1, EntryKind.ACCRUAL))
    assert await post(entry("next month", WORK, OWED, 1, EntryKind.ACCRUAL, date(2026, 12, 1))) == 1


async def test_a_reversal_is_an_exact_mirror_and_happens_once(db: None) -> None:
    await post(PAID_WORK[0])
    booked = await database.fetch_value("SELECT id FROM ledger_transaction")
    async with transaction():
        await posting.reverse(SYSTEM, booked, "reversal:1")
    assert {b.balance_fen for b in await queries.trial_balance()} == {0}
    async with refusal_by("ledger_transaction_reverses_key"):
        await posting.reverse(SYSTEM, booked, "reversal:2")


async def test_a_reversal_that_is_no_mirror_is_refused(db: None) -> None:
    await post(PAID_WORK[0])
    booked = await database.fetch_value("SELECT id FROM ledger_transaction")
    crooked = Entry(
        "crooked", DAY, EntryKind.REVERSAL, "claim", 1,
        (Posting(OWED.code, 24_999), Posting(WORK.code, -24_999)), reverses=booked,
    )  # fmt: skip
    async with refusal_by("ledger_reversal_mirrors"):
        await posting.post(SYSTEM, ALL, [crooked])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(amounts=st.lists(st.integers(1, 10**12), min_size=1, max_size=20), salt=st.uuids())
async def test_whatever_is_posted_the_trial_balance_sums_to_zero(db: None, amounts: list[int], salt: object) -> None:
    await post(*(entry(f"{salt}:{n}", WORK, OWED, fen, EntryKind.ACCRUAL) for n, fen in enumerate(amounts)))
    assert sum(balance.balance_fen for balance in await queries.trial_balance()) == 0


async def _any_account() -> int:
    key = await database.fetch_value(
        "INSERT INTO subject_key (master_key_id, sealed_key) VALUES ('k1', 'x') RETURNING id"
    )
    return await database.fetch_value(
        "INSERT INTO account (display_name, subject_key_id, created_at) VALUES ('a', $1, now()) RETURNING id", key
    )
