"""Tax is withheld when a batch is paid: from the payee's money, into the books, and over to the tax office."""

import asyncio
import dataclasses
from datetime import date, time, timedelta

import pytest

from app.core import clock, database
from app.core import settings as core_settings
from app.core.errors import InvalidInput, NotPermitted
from app.rulebook import RuleNotVerified
from app.rulebook import queries as rulebook
from procurement.claims import accrual
from procurement.demonstration.paying import approve_looked_through
from procurement.ledger import queries as ledger
from procurement.ledger.balances import drifts
from procurement.ledger.disclosure.queries import totals
from procurement.settlement import payout, service
from procurement.settlement.returns.rules import BankReturn
from procurement.settlement.returns.service import record_return
from procurement.taxes import filing, law, queries
from procurement.taxes.service import MonthNotOver, NothingToRemit, remit
from tests.procurement import attended_work as work
from tests.procurement import settled_work
from tests.procurement.settled_work import Money
from tests.refusals import refusal_by, refused

PERIOD = settled_work.PERIOD
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def balances() -> dict[str, int]:
    """Return the balance of each group of accounts."""
    sums: dict[str, int] = {}
    for one in await ledger.trial_balance():
        group = one.code.split(":")[0]
        sums[group] = sums.get(group, 0) + one.balance_fen
    return sums


async def paid(shifts: int = 4, people: int = 1) -> Money:
    """Pay people a thousand yuan each for four shifts: forty of them are tax."""
    return await settled_work.paid(people, shifts)


async def pay_more(money: Money, day: int, key: str) -> service.Batch:
    """Pay another shift of everybody in a batch of its own."""
    for payee in money.desk.payees:
        await work.attended(payee, day=date(2026, 11, day))
    await accrual.accrue(clock.now())
    waiting = [row["id"] for row in await database.fetch("SELECT id FROM claim WHERE status = 'accrued'")]
    await approve_looked_through(money.desk.claims, waiting)
    batch = await service.compute_batch(money.desk.clerk, work.DISTRICT, *PERIOD, key)
    await payout.approve_batch(money.desk.approver, batch.id)
    await payout.pay_batch(money.desk.cashier, batch.id)
    return batch


async def test_gross_less_tax_is_what_the_bank_is_told_and_the_rest_is_owed_to_the_tax_office(db: None) -> None:
    money = await paid()
    assert money.batch
    found = await balances()
    assert (found["treasury"], found["tax"], found["clearing"], found["payable"]) == (-96_000, -4_000, 0, 0)
    file = await payout.bank_file_again(money.desk.cashier, money.batch.id)
    assert file.total_fen == 96_000
    assert ",960.00," in file.content.decode("gb18030")
    assert sum(row.paid_fen for row in await totals()) == 100_000
    [month] = await queries.months(money.supervisor)
    assert (month.withheld_income_fen, month.tax_fen, month.open_fen, month.unverified) == (100_000, 4_000, 4_000, True)


async def test_a_month_s_payments_accumulate_and_what_came_back_does_not_count(db: None) -> None:
    money = await paid()
    assert money.batch
    second = await pay_more(money, 25, "second")
    rows = await database.fetch("SELECT before_fen, income_fen, tax_fen FROM tax_withholding ORDER BY id")
    assert [tuple(row.values()) for row in rows] == [(0, 100_000, 4_000), (100_000, 25_000, 5_000)]
    await record_return(money.desk.cashier, second.id, BankReturn(1, "账户已销户", clock.today(), "TH-1"))
    found = await balances()
    assert (found["treasury"], found["tax"], found["payable"]) == (-96_000, -4_000, -25_000)
    [person] = await queries.people(money.supervisor, work.DISTRICT, clock.today().replace(day=1))
    assert [(step.income_fen, step.tax_fen) for step in person.steps] == [(100_000, 4_000)]


async def test_two_batches_of_one_place_paid_at_once_accumulate_all_the_same(db: None) -> None:
    """Both are held where they would write: without waiting for each other both would have read an empty month."""
    money = await settled_work.accrued(1, 4)
    await approve_looked_through(money.desk.claims, await settled_work.claim_ids())
    batches = [
        await service.compute_batch(money.desk.clerk, work.DISTRICT, first, first + timedelta(days=4), f"{first}")
        for first in (date(2026, 11, 8), date(2026, 11, 12))
    ]
    for batch in batches:
        await payout.approve_batch(money.desk.approver, batch.id)
    held, release = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with database.transaction():
            await database.execute("LOCK TABLE tax_withholding IN SHARE MODE")
            held.set()
            await release.wait()

    holding = asyncio.create_task(hold())
    await held.wait()
    paying = [asyncio.create_task(payout.pay_batch(money.desk.cashier, batch.id)) for batch in batches]
    while await database.fetch_value(WAITING) < len(paying):  # noqa: ASYNC110 - the database gives no event
        await asyncio.sleep(0.01)
    release.set()
    await asyncio.gather(holding, *paying)
    assert await database.fetch_value("SELECT sum(tax_fen) FROM tax_withholding") == 4_000
    assert (await balances())["tax"] == -4_000


async def test_outside_the_demonstration_unconfirmed_rates_pay_nobody(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    money = await settled_work.computed(1, 1)
    assert money.batch
    await payout.approve_batch(money.desk.approver, money.batch.id)
    production = dataclasses.replace(core_settings.settings(), mode="production")
    monkeypatch.setattr(rulebook, "settings", lambda: production)
    with pytest.raises(RuleNotVerified):
        await payout.pay_batch(money.desk.cashier, money.batch.id)
    await database.execute("UPDATE law_rule SET text_read = true WHERE rule_key LIKE 'tax.%'")
    await payout.pay_batch(money.desk.cashier, money.batch.id)
    assert not await database.fetch_value("SELECT bool_or(unverified) FROM tax_withholding")


async def test_a_month_is_paid_over_once_when_it_is_over_and_then_nothing_is_owed(db: None) -> None:
    money = await paid()
    first, cashier = clock.today().replace(day=1), money.desk.cashier
    with pytest.raises(MonthNotOver):
        await remit(cashier, work.DISTRICT, first, "完税凭证 1", clock.today())
    with pytest.raises(InvalidInput):
        await remit(cashier, work.DISTRICT, first, " ", clock.today() + timedelta(1))
    with pytest.raises(NotPermitted):
        await remit(settled_work.moved(cashier), work.DISTRICT, first, "完税凭证 1", clock.today())
    with pytest.raises(NothingToRemit):
        await remit(cashier, work.DISTRICT, date(2025, 1, 1), "完税凭证 1", clock.today())


async def test_a_month_is_paid_over_from_the_first_day_after_it_and_the_books_owe_nothing(db: None) -> None:
    money = await paid()
    cashier, first = money.desk.cashier, clock.today().replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    with (
        clock.travelled_to(clock.at_local(following - timedelta(days=1), time(23, 59))),
        pytest.raises(MonthNotOver, match="还没有结束"),
    ):
        await remit(cashier, work.DISTRICT, first, "完税凭证 1", clock.today())
    assert await database.fetch_value("SELECT count(*) FROM tax_remittance") == 0
    with clock.travelled_to(clock.at_local(following, time(0, 0))):
        assert await remit(cashier, work.DISTRICT, first, " 完税凭证 1 ", following) == 4_000
        with pytest.raises(NothingToRemit):
            await remit(cashier, work.DISTRICT, first, "完税凭证 2", following)
    found = await balances()
    assert (found["treasury"], found["tax"], sum(found.values())) == (-100_000, 0, 0)
    [month] = await queries.months(money.supervisor)
    assert (month.tax_fen, month.remitted_fen, month.open_fen) == (4_000, 4_000, 0)
    assert (month.document, month.paid_on) == ("完税凭证 1", following)
    booked = await database.fetch_one(
        """SELECT t.booked_on, place.code FROM ledger_transaction t JOIN place ON place.id = t.place_id
           WHERE t.source_type = 'tax_remittance'"""
    )
    assert booked == {"booked_on": following, "code": work.DISTRICT}
    assert await drifts() == []


async def test_a_payment_after_the_month_was_paid_over_belongs_to_the_next_month(db: None) -> None:
    money = await paid()
    cashier, first = money.desk.cashier, clock.today().replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    with clock.travelled_to(clock.at_local(following + timedelta(days=9), time(10))):
        assert await remit(cashier, work.DISTRICT, first, "完税凭证 1", following) == 4_000
        await pay_more(money, 25, "second")
        with pytest.raises(MonthNotOver):
            await remit(cashier, work.DISTRICT, following, "完税凭证 2", clock.today())
        earlier = {month.month: month.open_fen for month in await queries.months(money.supervisor)}
    assert earlier[first] == 0
    assert sum(one.balance_fen for one in await ledger.trial_balance()) == 0


REMITTED = """INSERT INTO tax_remittance (place_id, month, amount_fen, document, paid_on, recorded_by, recorded_at)
              SELECT id, $1::date, $2, '完税凭证', $3::date, $4, $5 FROM place WHERE code = '330102'"""


async def test_the_database_takes_no_other_amount_and_no_month_that_runs(db: None) -> None:
    money = await paid()
    today, first = clock.today(), clock.today().replace(day=1)
    later = first + timedelta(days=40)
    then = clock.now() + timedelta(days=45)
    who = money.desk.cashier.actor
    await refused("tax_remittance_amount", REMITTED, first, 4_000, today, who, clock.now())
    await refused("tax_remittance_amount", REMITTED, first, 3_999, later, who, then)
    await refused("tax_remittance_booked", REMITTED, first, 4_000, later, who, then)
    twice = REMITTED.replace("FROM place", "FROM generate_series(1, 2), place")
    await refused("tax_remittance_once", twice, first, 4_000, later, who, then)


WITHHELD = """INSERT INTO tax_withholding (payment_id, kind, place_id, person_id, month, income_fen, before_fen,
                  before_tax_fen, deduction_fen, taxable_fen, rate_percent, quick_fen, tax_fen, unverified, made_at)
              SELECT p.id, $1, b.place_id, p.person_id, date_trunc('month', now())::date, $2, $3, 0, $4, 0, 0, 0, $5,
                     true, now()
              FROM settlement_payment p JOIN settlement_batch b ON b.id = p.batch_id"""


@pytest.mark.parametrize(
    ("values", "guard"),
    [
        (("withheld", 100_000, 1, 100_001, 0), "tax_withholding_accumulates"),
        (("withheld", 100_000, 0, 99_999, 0), "tax_withholding_adds_up"),
        (("exempt", 100_000, 0, 0, 1), "tax_withholding_of_labour"),
        (("exempt", 99_999, 0, 0, 0), "tax_withholding_booked"),
        (("withheld", 100_000, 0, 100_000, 1), "tax_withholding_booked"),
    ],
)
async def test_what_is_withheld_is_the_whole_payment_accumulates_and_is_booked(
    db: None, values: tuple[object, ...], guard: str
) -> None:
    await settled_work.computed(1, 4)
    await refused(guard, WITHHELD, *values)


async def test_a_payment_has_one_row_of_each_kind_of_tax(db: None) -> None:
    await settled_work.computed(1, 4)
    await refused("tax_withholding_once", f"{WITHHELD}, generate_series(1, 2)", "exempt", 50_000, 0, 0, 0)


async def test_no_person_is_paid_without_being_judged_for_tax(db: None) -> None:
    money = await settled_work.computed(1)
    assert money.batch
    await payout.approve_batch(money.desk.approver, money.batch.id)
    async with refusal_by("settlement_payment_taxed"):
        await database.execute("UPDATE settlement_payment SET status = 'paid'")
        await database.execute(
            "UPDATE settlement_batch SET status = 'paid', paid_by = $1, paid_at = now()", money.desk.cashier.actor
        )


async def test_the_payer_is_the_place_of_the_batch(db: None) -> None:
    await settled_work.computed(1, 4)
    elsewhere = WITHHELD.replace("b.place_id", "(SELECT id FROM place WHERE code = '330105')")
    await refused("tax_withholding_payer", elsewhere, "exempt", 100_000, 0, 0, 0)


async def test_the_filing_holds_the_month_as_one_income_and_leaves_a_trace(db: None) -> None:
    money = await paid()
    text = (await filing.month_file(money.desk.cashier, work.DISTRICT, clock.today().replace(day=1), "csv")).decode(
        "gb18030"
    )
    header, row = text.splitlines()
    said = dict(zip(header.split(","), row.split(","), strict=True))
    assert (said["姓名"], said["本期收入"], said["减除费用"], said["应纳税所得额"]) == (
        "Payee 0",
        "1000.00",
        "800.00",
        "200.00",
    )
    assert (said["预扣率(%)"], said["应扣缴税额"], said["备注"]) == ("20", "40.00", "† 数值未核实，仅供演示")
    assert await database.fetch_value("SELECT count(*) FROM audit_event WHERE action = 'tax.filing_read'") == 1
    book = await filing.month_file(money.desk.cashier, work.DISTRICT, clock.today().replace(day=1), "xlsx")
    assert book[:2] == b"PK"


async def test_what_is_exempt_is_paid_whole_and_in_the_year_s_report(db: None) -> None:
    money = await settled_work.computed(1, 4)
    assert money.batch
    await database.execute("UPDATE law_rule SET value = 0 WHERE rule_key = 'tax.withheld.on_site'")
    await payout.approve_batch(money.desk.approver, money.batch.id)
    await payout.pay_batch(money.desk.cashier, money.batch.id)
    assert "tax" not in await balances()
    [payee] = await queries.exempt_payees(money.supervisor, clock.today().year)
    assert (payee.income_fen, payee.payments) == (100_000, 1)
    text = (await filing.exempt_file(money.desk.cashier, clock.today().year, "csv")).decode("gb18030")
    assert "Payee 0" in text
    assert "1000.00" in text


async def test_the_seeds_say_what_the_law_is_said_to_say(db: None) -> None:
    book = await law.tax_law()
    scale = law.scale_on(book, clock.today())
    assert (scale.fixed_fen, scale.fixed_until_fen, scale.share_percent, scale.unverified) == (
        80_000,
        400_000,
        20,
        True,
    )
    assert [(one.over_fen, one.rate_percent, one.quick_fen) for one in scale.brackets] == [
        (0, 20, 0), (2_000_000, 30, 200_000), (5_000_000, 40, 700_000)
    ]  # fmt: skip
    kinds = law.kinds_on(book, clock.today(), ["on_site", "legal_aid_case", "expenses", "a new programme"])
    assert {name: kind.kind.value for name, kind in kinds.items()} == {
        "on_site": "withheld", "legal_aid_case": "exempt", "expenses": "outside", "a new programme": "withheld",
    }  # fmt: skip
