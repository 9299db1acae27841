"""The twelve promises of a settlement run, one test each; docs/settlement.md tells where each is kept.

Where a promise is the database's, it is broken here by raw SQL, past the program.
"""

import ast
import asyncio
from datetime import UTC, date, datetime
from pathlib import Path

import asyncpg
import pytest

from app.core import clock, database, embedded
from app.core.database import transaction
from procurement.budgets.movements import BudgetExceeded
from procurement.claims import accrual
from procurement.claims import service as claims
from procurement.ledger import balances, posting
from procurement.ledger import queries as ledger
from procurement.ledger.disclosure.queries import totals
from procurement.ledger.posting import PeriodClosed
from procurement.ledger.rules import Entry, EntryKind, Posting, expense_account, payable_account
from procurement.settlement import payout, service
from procurement.settlement.recompute.service import recompute
from procurement.settlement.returns.service import record_return
from tests.conftest import rounds
from tests.procurement import attended_work as work
from tests.procurement import settled_work
from tests.procurement.ledger.test_ledger import SYSTEM
from tests.procurement.settlement.books_hold import faults
from tests.procurement.settlement.returns.test_returns import slip
from tests.refusals import refusal_by, refused

ROOT = Path(__file__).resolve().parents[3]
MONEY = ("ledger", "settlement", "budgets", "claims", "payments", "tariffs")
DECEMBER = datetime(2026, 12, 2, 2, tzinfo=UTC)
PERIOD = settled_work.PERIOD

ENTRY = """
WITH t AS (INSERT INTO ledger_transaction
               (booked_on, period_id, kind, idempotency_key, reverses, source_type, source_id, created_at)
           SELECT coalesce($4, booked_on), period_id, $1, $2, $3, source_type, source_id, now()
           FROM ledger_transaction ORDER BY id LIMIT 1 RETURNING id)
SELECT id FROM t"""
POSTINGS = """
INSERT INTO ledger_posting (transaction_id, account_id, amount_fen, currency, donated)
SELECT $1, a.id, d.fen, a.currency, a.donated FROM unnest($2::text[], $3::bigint[]) AS d (code, fen)
JOIN ledger_account a ON a.code = d.code"""


async def by_hand(
    codes: list[str], fen: list[int], kind: str = "accrual", reverses: int | None = None, day: date | None = None
) -> None:
    """Write an entry past the program."""
    key = f"by hand {codes} {fen}"
    new = await database.fetch_value(ENTRY, kind, key, reverses, day)
    await database.execute(POSTINGS, new, codes, fen)


async def accounts() -> tuple[str, str]:
    """Return the code of a cost and of what is owed for it."""
    found = {row["kind"]: row["code"] for row in await database.fetch("SELECT kind, code FROM ledger_account")}
    return found["expense"], found["liability"]


async def test_1_every_entry_sums_to_zero_in_each_currency(db: None) -> None:
    await settled_work.approved()
    cost, owed = await accounts()
    async with refusal_by("ledger_zero_sum"):
        await by_hand([cost, owed], [100, -99])
    await database.execute(
        "INSERT INTO ledger_account (code, kind, currency, donated) VALUES ('gift', 'liability', 'USD', true)"
    )
    async with refusal_by("ledger_zero_sum"):
        await by_hand([cost, "gift"], [100, -100])
    async with refusal_by("ledger_posting_side"):
        await database.execute(
            POSTINGS.replace("a.currency, a.donated FROM", "'USD', a.donated FROM"), await _entry(), [cost], [100]
        )
    async with transaction():
        await by_hand([cost, owed], [100, -100])


async def _entry() -> int:
    return int(await database.fetch_value(ENTRY, "accrual", "another", None, None))


def floats(tree: ast.AST) -> list[int]:
    """Return the lines that write a float or turn something into one; asking whether one is given is no use."""
    asked = {
        id(name)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "isinstance"
        for name in ast.walk(call)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float" and id(node) not in asked)
    ]


def test_2_money_is_whole_fen_and_no_float_comes_near_it() -> None:
    # budgets/execution computes rates of months for a chart; no amount comes out of it.
    files = [
        path
        for package in MONEY
        for path in (ROOT / "procurement" / package).rglob("*.py")
        if "execution" not in path.parts
    ]
    assert len(files) > 100
    found = {str(path): lines for path in files if (lines := floats(ast.parse(path.read_text(encoding="utf-8"))))}
    assert found == {}
    assert floats(ast.parse("fen = round(float(yuan) * 100.0)")) == [1, 1]


@pytest.mark.parametrize("table", ["ledger_transaction", "ledger_posting", "settlement_left_out", "bank_file"])
async def test_3_what_is_booked_is_neither_changed_nor_deleted(db: None, table: str) -> None:
    money = await settled_work.approved()
    batch = await service.compute_batch(money.desk.clerk, work.DISTRICT, *PERIOD, "capped", 60_000)
    await payout.approve_batch(money.desk.approver, batch.id)
    await payout.pay_batch(money.desk.cashier, batch.id)
    for change in ("UPDATE {} SET id = DEFAULT", "DELETE FROM {}"):
        await refused("append_only", change.format(table))


async def test_4_one_claim_has_one_live_payment_however_many_run_at_once(db: None) -> None:
    money = await settled_work.approved(people=3)
    for race in range(rounds(2, 50)):
        runs = [
            service.compute_batch(money.desk.clerk, work.DISTRICT, *PERIOD, f"race {race} run {run % 3}")
            for run in range(6)
        ]
        ended = await asyncio.gather(*runs, return_exceptions=True)
        made = {batch.id for batch in ended if isinstance(batch, service.Batch)}
        assert len(made) == 1
        assert {type(one) for one in ended} <= {service.Batch, service.NothingToSettle}
        assert await faults() == []
        await refused(
            "settlement_item_once",
            """INSERT INTO settlement_item (batch_id, payment_id, claim_id, amount_fen)
               SELECT batch_id, payment_id, claim_id, amount_fen FROM settlement_item WHERE live LIMIT 1""",
        )
        await service.cancel_batch(money.desk.clerk, made.pop())


async def test_5_the_same_key_and_input_give_the_same_batch_and_another_input_is_a_conflict(db: None) -> None:
    money = await settled_work.approved()
    run = (money.desk.clerk, work.DISTRICT, *PERIOD, "2026-11")
    first, again = await service.compute_batch(*run, 60_000), await service.compute_batch(*run, 60_000)
    assert (first.id, again.fresh) == (again.id, False)
    for other in ((*run, None), (*run, 70_000), (run[0], run[1], PERIOD[0], date(2026, 11, 20), run[4], 60_000)):
        with pytest.raises(service.SettlementKeyConflict):
            await service.compute_batch(*other)
    for column in ("input_sha256 = sha256('x')", "cap_fen = 60001", "period_from = '2026-10-01'"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await database.execute(f"UPDATE settlement_batch SET {column}")


async def test_6_a_reversal_is_an_exact_mirror_and_happens_once(db: None) -> None:
    await settled_work.approved()
    cost, owed = await accounts()
    one = await database.fetch_value("SELECT min(id) FROM ledger_transaction")
    async with refusal_by("ledger_reversal_mirrors"):
        await by_hand([cost, owed], [-24_999, 24_999], "reversal", one)
    async with refusal_by("ledger_reversal_mirrors"):
        await by_hand([cost, owed, cost, owed], [-25_000, 25_000, 5, -5], "reversal", one)
    async with refusal_by("ledger_reversal_mirrors"):  # nor is it added to once it was judged
        await by_hand([cost, owed], [-25_000, 25_000], "reversal", one)
        await database.execute("SET CONSTRAINTS ALL IMMEDIATE")
        new = await database.fetch_value("SELECT max(id) FROM ledger_transaction")
        await database.execute(POSTINGS, new, [cost, owed], [-5, 5])
    async with transaction():
        await posting.reverse(SYSTEM, one, "once")
    async with refusal_by("ledger_transaction_reverses_key"):
        await by_hand([cost, owed], [-25_000, 25_000], "reversal", one)


async def test_7_what_is_paid_and_reserved_never_exceeds_what_was_appropriated(db: None) -> None:
    money = await settled_work.accrued(people=4, shifts=2, appropriation_fen=110_000)
    ids = await settled_work.claim_ids()
    approving = [claims.approve_claims(money.desk.claims, [one]) for one in ids]
    ended = await asyncio.gather(*approving, return_exceptions=True)
    assert sum(isinstance(one, claims.Approved) for one in ended) == 4
    assert {type(one) for one in ended} == {claims.Approved, BudgetExceeded}
    batch = await service.compute_batch(money.desk.clerk, work.DISTRICT, *PERIOD, "2026-11")
    await payout.approve_batch(money.desk.approver, batch.id)
    await payout.pay_batch(money.desk.cashier, batch.id)
    await refused(
        "budget_line_within_appropriation",
        """INSERT INTO budget_movement (budget_line_id, kind, reserved_fen, source_type, source_id, moved_at)
           SELECT id, 'reserve', 10001, 'claim', 0, now() FROM budget_line""",
    )
    assert await faults() == []


async def test_8_a_closed_month_takes_nothing_and_corrections_land_in_the_open_one(db: None) -> None:
    await settled_work.approved()
    cost, owed = await accounts()
    one = await database.fetch_value("SELECT min(id) FROM ledger_transaction")
    booked_on = await database.fetch_value("SELECT booked_on FROM ledger_transaction WHERE id = $1", one)
    closer = await work.account("closer")
    await database.execute("UPDATE ledger_period SET closed_at = ends_on + interval '1 day', closed_by = $1", closer)
    async with refusal_by("ledger_period_open"):
        await by_hand([cost, owed], [100, -100])
    late = Entry("late", booked_on, EntryKind.ACCRUAL, "claim", 1, (Posting(cost, 1), Posting(owed, -1)))
    with pytest.raises(PeriodClosed):
        async with transaction():
            await posting.post(SYSTEM, [], [late])
    with clock.travelled_to(clock.now() + (DECEMBER - datetime(2026, 11, 1, tzinfo=UTC))):
        async with transaction():
            await posting.reverse(SYSTEM, one, "correction")
    assert await database.fetch_value("SELECT booked_on FROM ledger_transaction WHERE reverses = $1", one) > booked_on
    for change in ("closed_at = NULL, closed_by = NULL", "ends_on = ends_on - 1"):
        await refused("ledger_period_stays", f"UPDATE ledger_period SET {change} WHERE closed_at IS NOT NULL")


async def test_9_a_closed_batch_computed_anew_is_the_same_bytes(db: None) -> None:
    money = await settled_work.paid()
    assert money.batch
    found = await recompute(money.batch.reference)
    assert found.same
    assert found.stored == found.anew


async def test_10_no_commit_is_too_late_for_a_balance(db: None, database_name: str) -> None:
    money = await settled_work.approved(people=1, shifts=1)
    owed = payable_account(person_id=money.desk.payees[0]).code
    cost = expense_account(await database.fetch_value("SELECT id FROM budget_line")).code
    early = await asyncpg.connect(embedded.dsn(embedded.APPLICATION_ROLE, database_name))
    async with early.transaction():  # its rows have the lower numbers, and become visible last
        new = await early.fetchval(ENTRY, "accrual", "early", None, None)
        await early.execute(POSTINGS, new, [cost, owed], [700, -700])
        async with transaction():
            await by_hand([cost, owed], [40, -40])
        assert await balances.fold() > 0
        assert await balance_of(owed) == -25_040
    assert await balance_of(owed) == -25_740
    assert await balances.fold() > 0
    assert await balance_of(owed) == -25_740
    assert await balances.drifts() == []
    await early.close()
    for table in ("ledger_balance", "ledger_fresh"):
        await refused("ledger_balance_is_summed", f"DELETE FROM {table}")


async def balance_of(code: str) -> int:
    """Return an account's balance."""
    return {row.code: row.balance_fen for row in await ledger.trial_balance()}[code]


async def test_11_a_batchs_clearing_account_ends_at_zero_and_what_failed_is_owed_again(db: None) -> None:
    money = await settled_work.computed()
    assert money.batch
    clearing = f"clearing:batch:{money.batch.id}"
    await refused(
        "settlement_cleared",
        "UPDATE settlement_batch SET status = 'approved', approved_by = $1, approved_at = now()",
        money.desk.approver.actor,
    )
    await payout.approve_batch(money.desk.approver, money.batch.id)
    assert await balance_of(clearing) == -100_000
    await payout.pay_batch(money.desk.cashier, money.batch.id)
    assert await balance_of(clearing) == 0
    await record_return(money.desk.cashier, money.batch.id, slip())
    assert await balance_of(clearing) == 0
    assert await balance_of(payable_account(person_id=money.desk.payees[0]).code) == -50_000
    async with refusal_by("settlement_cleared"):  # a payout booked twice
        await by_hand([clearing, f"treasury:{work.DISTRICT}"], [50_000, -50_000], "payout")


async def test_12_sub_ledger_general_ledger_bank_file_and_public_totals_are_one_sum(db: None) -> None:
    money = await settled_work.computed(people=3)
    assert money.batch
    await payout.approve_batch(money.desk.approver, money.batch.id)
    file = await payout.pay_batch(money.desk.cashier, money.batch.id)
    paid = await database.fetch_value("SELECT sum(amount_fen)::bigint FROM settlement_item WHERE live")
    lines = [line.split(",") for line in file.content.decode("gb18030").splitlines()[1:-1]]
    in_file = sum(int(line[4].replace(".", "")) for line in lines)
    public = sum(total.paid_fen for total in await totals())
    treasury = -(await balance_of(f"treasury:{work.DISTRICT}"))
    assert (file.total_fen, in_file, treasury, public) == (paid,) * 4
    assert await faults() == []


async def test_the_day_after_the_next_run_takes_what_came_late(db: None) -> None:
    money = await settled_work.paid()
    await work.attended(money.desk.payees[0], day=date(2026, 11, 20))
    await accrual.accrue(clock.now())
    late = await database.fetch_value("SELECT id FROM claim WHERE status = 'accrued'")
    await claims.approve_claims(money.desk.claims, [late])
    batch = await service.compute_batch(money.desk.clerk, work.DISTRICT, *PERIOD, "late")
    assert (batch.claim_count, batch.total_fen) == (1, 25_000)
