"""The bank's return file: partial, in any order, sent again, malformed, and read back to the fen."""

import pytest

from app.core import clock, database, vault
from app.core.errors import NotPermitted
from app.imports import importers
from app.imports import queries as imports
from app.imports import service as importing
from app.imports.rules import ImportStatus
from app.imports.writing import written
from procurement.ledger import queries as ledger
from procurement.settlement import bank_file, payout, service
from procurement.settlement.layouts.queries import layouts_of_batch
from procurement.settlement.layouts.rules import BUILT_IN, Answer
from procurement.settlement.reconciliation import queries as reconciliation
from procurement.settlement.replies import rules
from procurement.settlement.replies.imports import IMPORTER
from procurement.settlement.replies.rules import Outcome
from procurement.settlement.replies.service import take_file
from tests.procurement import attended_work as work
from tests.procurement import settled_work
from tests.procurement.settled_work import Money
from tests.refusals import refused

HEADER = ("序号", "账号", "金额", "处理结果", "退回原因", "银行流水号")
ACCOUNT = "6222000000000001"
PAID = ("成功", "", "YH-1")
BACK = ("退回", "账号与户名不符", "TH-1")


@pytest.fixture(autouse=True)
def known() -> None:
    """Let the program know this kind of file, as its composition does."""
    importers.register(IMPORTER)


def line(number: object, *said: str, account: str = ACCOUNT, amount: str = "500.00") -> tuple[object, ...]:
    return (number, account, amount, *said)


async def handed_in(
    money: Money, rows: list[tuple[object, ...]], header: tuple[str, ...] = HEADER
) -> imports.ImportView:
    """Hand a file in and return the report on it."""
    assert money.batch
    content = written("csv", header, rows).decode("utf-8-sig").encode("gb18030")
    layouts = await layouts_of_batch(money.batch.reference)
    taken = await take_file(money.desk.cashier, money.batch.reference, layouts, "回单.csv", content)
    return await imports.import_view(money.desk.cashier, taken)


async def recorded(money: Money, rows: list[tuple[object, ...]], *, only_good: bool = False) -> imports.ImportView:
    """Hand a file in and have it recorded."""
    report = await handed_in(money, rows)
    await importing.store(money.desk.cashier, report.public_id, only_good=only_good)
    return await imports.import_view(money.desk.cashier, report.public_id)


async def stands(money: Money) -> tuple[int, int, int]:
    """Return what is confirmed, returned and unanswered of the batch."""
    assert money.batch
    sums = (await reconciliation.batch(money.supervisor, money.batch.reference)).sums
    return sums.confirmed_fen, sums.returned_fen, sums.unanswered_fen


def problems(report: imports.ImportView) -> dict[int, str]:
    return {row.number: " ".join(str(one) for one in row.problems) for row in report.bad_rows}


async def test_a_part_of_the_batch_in_any_order_is_recorded_and_the_rest_stays_open(db: None) -> None:
    money = await settled_work.paid(3)
    await recorded(money, [line(3, *PAID), line(1, *BACK), ("合计", 2, "1000.00", "", "", "")])
    assert await stands(money) == (50_000, 50_000, 50_000)
    assert await database.fetch_value("SELECT count(*) FROM claim WHERE status = 'returned_by_bank'") == 2


async def test_the_same_file_again_changes_nothing_however_often(db: None) -> None:
    money = await settled_work.paid(2)
    rows = [line(1, *BACK), line(2, *PAID)]
    for _ in range(3):
        view = await recorded(money, rows)
        assert (view.status, view.stored_count) == (ImportStatus.STORED, 2)
    assert await stands(money) == (50_000, 50_000, 0)
    assert await database.fetch_value("SELECT count(*) FROM bank_return") == 1
    assert sum(one.balance_fen for one in await ledger.trial_balance("clearing:")) == 0


async def test_every_bad_row_is_named_by_its_number_and_nothing_is_recorded_unless_the_good_ones_are_wanted(
    db: None,
) -> None:
    money = await settled_work.paid(3)
    rows = [
        line(1, *PAID),
        line(9, *PAID),
        line(2, "处理中", "", ""),
        line(3, *PAID, amount="499.00"),
        line(3, *PAID, account="6222000000009999"),
        line(2, "退回", "", ""),
        line(1, *BACK),
        line("x", *PAID),
        line(2, *PAID, amount="half"),
    ]
    report = await handed_in(money, rows)
    said = problems(report)
    assert set(said) == {3, 4, 5, 6, 7, 8, 9, 10}
    for number, words in (
        (3, "没有第"),
        (4, "看不出"),
        (5, "金额不一样"),
        (6, "账号不一样"),
        (7, "请填写"),
        (8, "两种结果"),
    ):
        assert words in said[number]
    await importing.store(money.desk.cashier, report.public_id, only_good=False)
    assert await stands(money) == (0, 0, 150_000)
    await importing.store(money.desk.cashier, report.public_id, only_good=True)
    assert await stands(money) == (50_000, 0, 100_000)


async def test_a_line_without_a_number_is_found_by_its_account_and_amount_if_there_is_one_such(db: None) -> None:
    money = await settled_work.paid(2)
    report = await handed_in(money, [line("", *PAID)])
    assert "账号和金额都一样" in problems(report)[2]
    nobody = await handed_in(money, [line("", *PAID, account="6200")])
    assert "没有这个账号" in problems(nobody)[2]


async def test_a_line_is_found_by_its_account_alone(db: None) -> None:
    money = await settled_work.paid(1)
    await recorded(money, [line("", *PAID, account="6222****0001", amount="")])
    assert await stands(money) == (50_000, 0, 0)


async def test_another_bank_s_headings_are_read_by_the_layout(db: None) -> None:
    money = await settled_work.paid(2)
    assert money.batch
    own = BUILT_IN.__class__(
        "某行", BUILT_IN.file_format, BUILT_IN.encoding, BUILT_IN.amount_form, BUILT_IN.columns,
        {Answer.OUTCOME: "交易状态", Answer.REASON: "摘要", Answer.NUMBER: "笔号"}, clock.today(),
    )  # fmt: skip
    content = written("xlsx", ("笔号", "交易状态", "摘要", "银行流水号"), [(2, "失败", "账户已销户", "TH-9")])
    taken = await take_file(money.desk.cashier, money.batch.reference, [own], "回单.xlsx", content)
    await importing.store(money.desk.cashier, taken, only_good=False)
    assert await stands(money) == (0, 50_000, 50_000)


async def test_what_came_back_is_paid_again_after_the_correction_and_the_batch_ends_at_zero(db: None) -> None:
    money = await settled_work.paid(2)
    assert money.batch
    await recorded(money, [line(1, *BACK), line(2, *PAID)])
    payee = money.desk.payees[0]
    key = await vault.subject_key(await database.fetch_value("SELECT subject_key_id FROM person WHERE id = $1", payee))
    await database.update_row("person", payee, {"bank_account_sealed": key.seal("6222000000000002")})
    again = await service.compute_batch(money.desk.clerk, work.DISTRICT, *settled_work.PERIOD, "again")
    await payout.approve_batch(money.desk.approver, again.id)
    await payout.pay_batch(money.desk.cashier, again.id)
    first = await reconciliation.batch(money.supervisor, money.batch.reference)
    assert (first.sums.again_fen, first.sums.open_fen, first.sums.reconciled) == (50_000, 0, True)
    assert [one.batch for one in await reconciliation.open_lines(money.supervisor)] == [again.reference]


async def test_what_came_back_cannot_have_arrived(db: None) -> None:
    money = await settled_work.paid(1)
    await recorded(money, [line(1, *BACK)])
    assert "已经登记为银行退回" in problems(await handed_in(money, [line(1, *PAID)]))[2]
    confirm = """INSERT INTO bank_confirmation (payment_id, confirmed_on, recorded_by, recorded_at)
                 SELECT id, $1::date, $2, now() FROM settlement_payment"""
    await refused("bank_confirmation_of_paid", confirm, clock.today(), money.desk.cashier.actor)


async def test_only_what_was_paid_is_confirmed_and_once(db: None) -> None:
    money = await settled_work.computed(1)
    assert money.batch
    confirm = """INSERT INTO bank_confirmation (payment_id, confirmed_on, recorded_by, recorded_at)
                 SELECT id, $1::date, $2, now() FROM settlement_payment"""
    cashier, today = money.desk.cashier, clock.today()
    await refused("bank_confirmation_of_paid", confirm, today, cashier.actor)
    await payout.approve_batch(money.desk.approver, money.batch.id)
    await payout.pay_batch(cashier, money.batch.id)
    await database.execute(confirm, today, cashier.actor)
    await refused("bank_confirmation_once", confirm, today, cashier.actor)


async def test_only_a_cashier_hands_files_in_and_sees_no_other_district_s_batches(db: None) -> None:
    money = await settled_work.paid(1)
    assert money.batch
    content = written("csv", HEADER, [line(1, *PAID)])
    with pytest.raises(NotPermitted):
        await take_file(money.supervisor, money.batch.reference, [BUILT_IN], "x.csv", content)
    elsewhere = settled_work.moved(money.desk.cashier)
    taken = await take_file(elsewhere, money.batch.reference, [BUILT_IN], "x.csv", content)
    assert "没有这个已付款的批次" in problems(await imports.import_view(elsewhere, taken))[2]


def test_masked_and_grouped_account_numbers_are_recognised() -> None:
    sent = "6222000000000001"
    for told in ("6222000000000001", "6222 0000 0000 0001", "6222****0001", "****0001"):
        assert rules.same_account(told, sent)
    for told in ("6222000000000002", "6222****0002", "****"):
        assert not rules.same_account(told, sent)


def test_the_bank_s_words_are_understood_and_nothing_is_guessed() -> None:
    assert rules.outcome_of("交易成功", "", has_column=True) is Outcome.CONFIRMED
    assert rules.outcome_of("退汇", "", has_column=True) is Outcome.RETURNED
    assert rules.outcome_of("", "账户已销户", has_column=False) is Outcome.RETURNED
    assert rules.outcome_of("", "账户已销户", has_column=True) is None
    assert rules.outcome_of("处理中", "", has_column=True) is None


def test_a_payment_s_own_number_leads_to_it() -> None:
    assert rules.named_payment(bank_file.payment_reference("JS-2026-000007", 3)) == ("JS-2026-000007", 3)
    assert rules.named_payment("BT-2026-000007-3") is None
