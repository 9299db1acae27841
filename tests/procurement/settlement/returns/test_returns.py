"""A line that the bank returned: booked back to the fen, told to whom it concerns, paid again to another account."""

from datetime import date, timedelta

import pytest

from app.core import clock, database, vault
from app.core.errors import InvalidInput, NotFound, NotPermitted
from procurement.claims.queries import claim_page
from procurement.claims.service import approve_claims
from procurement.ledger import queries as ledger
from procurement.ledger.disclosure.queries import totals
from procurement.settlement import payout, service
from procurement.settlement.queries import unsettled
from procurement.settlement.returns.rules import BankReturn, return_faults
from procurement.settlement.returns.service import AlreadyReturned, NotPaidYet, record_return
from procurement.settlement.returns.waiting import accounts_to_correct
from tests.procurement import attended_work as work
from tests.procurement import settled_work
from tests.procurement.settled_work import Money
from tests.refusals import refusal_by, refused

PERIOD = (date(2026, 11, 1), date(2026, 12, 1))


def slip(line: int = 1, **changes: object) -> BankReturn:
    """Return what the bank says."""
    said: dict[str, object] = {"reason": "账号与户名不符", "returned_on": clock.today(), "document": "TH-0017"}
    return BankReturn(line, **(said | changes))  # type: ignore[arg-type]


async def returned(people: int = 2) -> Money:
    """Pay everybody, and have the first line returned."""
    money = await settled_work.paid(people)
    assert money.batch
    assert await record_return(money.desk.cashier, money.batch.id, slip()) == 50_000
    return money


async def name_account(person: int, number: str = "6222000000000002") -> None:
    """Have a payee name an account anew."""
    key = await vault.subject_key(await database.fetch_value("SELECT subject_key_id FROM person WHERE id = $1", person))
    await database.update_row("person", person, {"bank_account_sealed": key.seal(number)})


async def books() -> tuple[int, int, int]:
    """Return what the treasury paid, what is owed, and what lies in clearing."""
    sums = {"treasury": 0, "payable": 0, "clearing": 0, "expense": 0}
    for balance in await ledger.trial_balance():
        sums[balance.code.split(":")[0]] += balance.balance_fen
    return -sums["treasury"], -sums["payable"], sums["clearing"]


async def budget() -> tuple[int, int]:
    row = await database.fetch_one("SELECT reserved_fen, spent_fen FROM budget_line")
    assert row
    return row["reserved_fen"], row["spent_fen"]


async def compute(money: Money, key: str) -> service.Batch:
    return await service.compute_batch(money.desk.clerk, work.DISTRICT, *PERIOD, key)


async def test_a_returned_line_is_owed_again_and_paid_once_its_account_is_another(db: None) -> None:
    money = await returned(3)
    assert money.batch
    assert await books() == (100_000, 50_000, 0)
    assert await budget() == (50_000, 100_000)
    assert sum(row.paid_fen for row in await totals()) == 100_000
    file = await payout.bank_file_again(money.desk.cashier, money.batch.id)
    with pytest.raises(service.NothingToSettle):
        await compute(money, "too early")
    await name_account(money.desk.payees[0])
    assert (await payout.bank_file_again(money.desk.cashier, money.batch.id)).content == file.content
    again = await compute(money, "again")
    assert (again.total_fen, again.payment_count, again.claim_count) == (50_000, 1, 2)
    await payout.approve_batch(money.desk.approver, again.id)
    second = await payout.pay_batch(money.desk.cashier, again.id)
    assert "6222000000000002" in second.content.decode("gb18030")
    assert await books() == (150_000, 0, 0)
    assert await budget() == (0, 150_000)
    assert sum(row.paid_fen for row in await totals()) == 150_000
    assert await record_return(money.desk.cashier, again.id, slip()) == 50_000  # and once more
    assert (await books(), await budget()) == ((100_000, 50_000, 0), (50_000, 100_000))


async def test_the_payee_and_finance_are_told_and_the_claim_says_why(db: None) -> None:
    money = await returned()
    told = {
        row["account_id"]: (row["msgid"], row["link"])
        for row in await database.fetch(
            "SELECT account_id, msgid, link FROM notification WHERE msgid LIKE '%银行退回%'"
        )
    }
    assert set(told) == {money.payee.actor, money.desk.clerk.actor, money.desk.approver.actor}
    assert told[money.payee.actor][1] == "/my/profile"
    [waiting] = await accounts_to_correct(money.payee)
    assert (waiting.detail, waiting.action.path) == ("账号与户名不符", "/my/profile")
    claim = await claim_page(money.payee, money.reference)
    assert (claim.row.status, claim.row.reason) == ("returned_by_bank", "账号与户名不符")
    await name_account(money.desk.payees[0])
    assert await accounts_to_correct(money.payee) == []


async def test_a_clerk_sees_what_waits_for_an_account_apart_from_what_can_be_settled(db: None) -> None:
    money = await returned()
    [row] = await unsettled(money.desk.clerk)
    assert (row.claims, row.total_fen, row.returned) == (0, 0, 2)
    await name_account(money.desk.payees[0])
    [row] = await unsettled(money.desk.clerk)
    assert (row.claims, row.total_fen, row.returned) == (2, 50_000, 0)


async def test_a_batch_that_waits_is_not_paid_to_an_account_that_the_bank_returns_meanwhile(db: None) -> None:
    money = await settled_work.paid(1, 1)
    assert money.batch
    await work.attended(money.desk.payees[0], day=date(2026, 11, 20))
    await settled_work.accrual.accrue(clock.now())
    waiting = [row["id"] for row in await database.fetch("SELECT id FROM claim WHERE status = 'accrued'")]
    await approve_claims(money.desk.claims, waiting)
    later = await compute(money, "later")
    await payout.approve_batch(money.desk.approver, later.id)
    await record_return(money.desk.cashier, money.batch.id, slip())
    with pytest.raises(payout.AccountReturned, match="还没有更正"):
        await payout.pay_batch(money.desk.cashier, later.id)
    await name_account(money.desk.payees[0])
    await payout.pay_batch(money.desk.cashier, later.id)


async def test_only_what_was_paid_comes_back_and_once(db: None) -> None:
    money = await settled_work.computed()
    assert money.batch
    cashier, batch = money.desk.cashier, money.batch.id
    with pytest.raises(NotPaidYet):
        await record_return(cashier, batch, slip())
    await payout.approve_batch(money.desk.approver, batch)
    await payout.pay_batch(cashier, batch)
    for line in (0, 3):
        with pytest.raises(NotFound):
            await record_return(cashier, batch, slip(line))
    with pytest.raises(NotPermitted):
        await record_return(settled_work.moved(cashier), batch, slip())
    with pytest.raises(InvalidInput) as refusal:
        await record_return(cashier, batch, slip(reason=" ", document=""))
    assert set(refusal.value.fields) == {"reason", "document"}
    await record_return(cashier, batch, slip())
    with pytest.raises(AlreadyReturned):
        await record_return(cashier, batch, slip())


def test_a_return_lies_between_the_payment_and_today() -> None:
    paid, today = date(2026, 11, 20), date(2026, 11, 28)
    for day, fault in ((paid, False), (today, False), (paid - timedelta(1), True), (today + timedelta(1), True)):
        assert ("returned_on" in return_faults(slip(returned_on=day), paid, today)) == fault


RETURN = """INSERT INTO bank_return (payment_id, reason_zh, document, returned_on, recorded_by, recorded_at)
            SELECT id, '账号与户名不符', 'TH-0017', $2::date, $1, now() FROM settlement_payment"""


GIVEN_BACK = """INSERT INTO budget_movement (budget_line_id, kind, reserved_fen, spent_fen, source_type, source_id,
                                             moved_at)
                SELECT c.budget_line_id, 'return', i.amount_fen, -i.amount_fen, 'settlement_item', i.id, now()
                FROM settlement_item i JOIN claim c ON c.id = i.claim_id"""


async def test_no_item_is_unpaid_without_the_bank_s_return(db: None) -> None:
    money = await settled_work.computed()
    assert money.batch
    unpay = "UPDATE settlement_item SET live = false"
    await refused("settlement_item_lives", unpay)
    await payout.approve_batch(money.desk.approver, money.batch.id)
    await payout.pay_batch(money.desk.cashier, money.batch.id)
    await refused("settlement_item_lives", unpay)
    await refused("settlement_payment_stands", "UPDATE settlement_payment SET status = 'returned'")
    await refused("claim_was_returned", "UPDATE claim SET status = 'returned_by_bank'")
    async with refusal_by("claim_was_returned"):  # which live items deny
        await database.execute(RETURN, money.desk.cashier.actor, clock.today())
        await database.execute("UPDATE claim SET status = 'returned_by_bank'")


async def test_a_cancelled_batch_pays_nothing_again(db: None) -> None:
    money = await settled_work.computed()
    assert money.batch
    await service.cancel_batch(money.desk.clerk, money.batch.id)
    await refused("settlement_item_lives", "UPDATE settlement_item SET live = true")


async def test_a_return_is_of_something_paid_and_booked_back(db: None) -> None:
    money = await settled_work.computed(1)
    assert money.batch
    cashier, today = money.desk.cashier.actor, clock.today()
    await refused("bank_return_of_paid", RETURN, cashier, today)
    await payout.approve_batch(money.desk.approver, money.batch.id)
    await payout.pay_batch(money.desk.cashier, money.batch.id)
    for day in (today - timedelta(1), today + timedelta(1)):
        await refused("bank_return_of_paid", RETURN, cashier, day)
    for also in ("SELECT 1", GIVEN_BACK):  # neither the budget nor the ledger, or not the ledger
        async with refusal_by("bank_return_booked"):
            await database.execute(RETURN, cashier, today)
            await database.execute("UPDATE settlement_item SET live = false")
            await database.execute("UPDATE settlement_payment SET status = 'returned'")
            await database.execute("UPDATE claim SET status = 'returned_by_bank'")
            await database.execute(also)
    await record_return(money.desk.cashier, money.batch.id, slip())
    await refused("bank_return_once", RETURN, cashier, today)
    await refused("settlement_item_lives", "UPDATE settlement_item SET live = true")


async def test_nothing_is_paid_to_an_account_that_money_came_back_from(db: None) -> None:
    money = await returned(1)
    async with refusal_by("settlement_account_corrected"):
        batch = await database.fetch_value(
            """INSERT INTO settlement_batch (place_id, period_from, period_to, idempotency_key, input_sha256, status,
                                             total_fen, payment_count, claim_count, computed_by, computed_at)
               SELECT place_id, period_from, period_to, 'by hand', input_sha256, 'computed', total_fen, payment_count,
                      claim_count, computed_by, now() FROM settlement_batch RETURNING id"""
        )
        await database.execute(
            """INSERT INTO settlement_payment (batch_id, person_id, amount_fen, status)
               SELECT $1, person_id, amount_fen, 'pending' FROM settlement_payment""",
            batch,
        )
    for change in ("account_sealed = 'x'", "account_sealed = NULL", "bank_name = 'Another'"):
        await refused("settlement_account_frozen", f"UPDATE settlement_payment SET {change}")
    await name_account(money.desk.payees[0])
    await compute(money, "again")
