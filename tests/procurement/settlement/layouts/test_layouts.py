"""Bank files in each bank's own columns and characters, the same bytes whenever they are written."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from msgspec.structs import replace

from app.core import clock, database
from app.core.errors import InvalidInput, NotPermitted
from procurement.settlement import payout
from procurement.settlement.bank_file import BankLine, Share, bank_file, misfits, rows_of
from procurement.settlement.layouts.queries import layout_for, preview_lines
from procurement.settlement.layouts.rules import (
    BUILT_IN,
    AmountForm,
    Cell,
    Column,
    Encoding,
    FileFormat,
    Layout,
    layout_faults,
)
from procurement.settlement.layouts.service import set_layout
from procurement.settlement.vouchers.queries import line_shares
from procurement.settlement.vouchers.service import NotApproved, VoucherTaken, record_vouchers
from tests.procurement import attended_work as work
from tests.procurement import settled_work
from tests.refusals import refused

OWN = Layout(
    "工商银行杭州分行", FileFormat.CSV, Encoding.GBK, AmountForm.GROUPED,
    tuple(
        Column(cell, cell.value)
        for cell in (Cell.REFERENCE, Cell.ACCOUNT, Cell.PAYEE, Cell.GROSS, Cell.TAX, Cell.AMOUNT, Cell.FUNCTIONAL,
                     Cell.ECONOMIC, Cell.VOUCHER, Cell.CLAIMS)
    ),
    {}, date(2026, 11, 1),
)  # fmt: skip
SHARES = (Share("律师驻点", 2026, "2040607", "30226", "GK-1", 2, 120_000),
          Share("人民调解", 2026, "2040604", "30226", "GK-2", 1, 30_000))  # fmt: skip
LINES = [BankLine("沈一诺", "工商银行", "0062", 150_000, 14_000, SHARES), BankLine("=陈", "农业银行", "6228", 50_000)]


def test_columns_stand_in_the_bank_s_order_and_the_last_line_adds_up() -> None:
    header, first, second, closing = rows_of("JS-2026-000007", LINES, OWN)
    assert header == [column.heading for column in OWN.columns]
    assert first[:6] == ["JS-2026-000007-1", "0062", "沈一诺", "1,500.00", "140.00", "1,360.00"]
    assert first[6:] == ["2040607；2040604", "30226", "GK-1；GK-2", "3"]
    assert second[2] == "'=陈"
    assert closing == ["合计", "2", "", "2,000.00", "140.00", "1,860.00", "", "", "", "JS-2026-000007"]


@pytest.mark.parametrize("form", AmountForm)
def test_a_workbook_holds_the_payments_and_what_each_is_made_of(form: AmountForm) -> None:
    layout = replace(OWN, file_format=FileFormat.XLSX, amount_form=form)
    file = bank_file("JS-2026-000007", LINES, layout)
    assert file.content == bank_file("JS-2026-000007", LINES, layout).content
    assert (file.total_fen, file.line_count, file.format) == (186_000, 2, "xlsx")
    book = openpyxl.load_workbook(io.BytesIO(file.content))
    paid, made = book.worksheets
    assert paid.max_row == 4
    assert str(paid["B2"].value) == "0062"
    assert [row[3].value for row in made.iter_rows(min_row=2)] == ["律师驻点", "人民调解"]
    assert sum(row[9].value for row in made.iter_rows(min_row=2)) == 1_500


def test_characters_outside_the_encoding_are_named_before_anything_is_written() -> None:
    lines = [BankLine("㛃𠅤", "工商银行", "1", 100), BankLine("沈", "é", "2", 100)]
    found = misfits("JS-1", lines, replace(OWN, encoding=Encoding.GB2312))
    assert [(one.line, one.cell, one.character) for one in found] == [(1, Cell.PAYEE, "㛃")]
    assert misfits("JS-1", lines, replace(OWN, encoding=Encoding.GB18030)) == []
    assert misfits("JS-1", lines, replace(OWN, file_format=FileFormat.XLSX)) == []


def test_a_layout_names_payee_account_and_amount_once_each() -> None:
    assert layout_faults(OWN) == {}
    for columns in (
        OWN.columns[:2],
        (*OWN.columns, Column(Cell.PAYEE, "户名")),
        (*OWN.columns, Column(Cell.BANK, " ")),
    ):
        assert set(layout_faults(replace(OWN, columns=columns))) == {"columns"}
    assert set(layout_faults(replace(OWN, bank=" "))) == {"bank"}


async def test_a_layout_is_in_force_from_its_day_on_for_its_place_and_the_nearest_goes_first(db: None) -> None:
    desk = await work.desk()
    today = clock.today()
    await set_layout(desk.approver, work.DISTRICT, replace(OWN, effective_from=today + timedelta(days=3)))
    assert await layout_for(work.DISTRICT, today) == (None, BUILT_IN)
    assert (await layout_for(work.DISTRICT, today + timedelta(days=3)))[1].bank == OWN.bank
    assert (await layout_for("330105", today + timedelta(days=9)))[1] == BUILT_IN
    with pytest.raises(InvalidInput):
        await set_layout(desk.approver, work.DISTRICT, replace(OWN, effective_from=today - timedelta(days=1)))
    with pytest.raises(NotPermitted):
        await set_layout(desk.approver, "330105", replace(OWN, effective_from=today))
    with pytest.raises(NotPermitted):
        await set_layout(desk.cashier, work.DISTRICT, replace(OWN, effective_from=today))
    await refused(
        "bank_layout_not_backdated",
        """INSERT INTO bank_layout (place_id, body, effective_from, set_by, set_at)
           SELECT place_id, body, $1::date, set_by, now() FROM bank_layout""",
        today - timedelta(days=1),
    )


async def test_a_batch_keeps_the_layout_the_names_and_the_vouchers_it_was_paid_with(db: None) -> None:
    money = await settled_work.computed(1)
    assert money.batch
    cashier, batch = money.desk.cashier, money.batch.id
    await set_layout(money.desk.approver, work.DISTRICT, replace(OWN, effective_from=clock.today()))
    [share] = await line_shares(batch)
    with pytest.raises(NotApproved):
        await record_vouchers(cashier, batch, {share.handle: "GK-9"})
    await payout.approve_batch(money.desk.approver, batch)
    with pytest.raises(payout.VoucherMissing):
        await payout.pay_batch(cashier, batch)
    assert await record_vouchers(cashier, batch, {share.handle: "GK-8"}) == 1
    assert await record_vouchers(cashier, batch, {share.handle: "GK-9"}) == 1
    with pytest.raises(VoucherTaken):
        await record_vouchers(cashier, batch, {share.handle: "GK-8"})
    first = await payout.pay_batch(cashier, batch)
    assert ",GK-9," in first.content.decode("gbk")
    await database.execute("UPDATE person SET name = 'Another'")
    await set_layout(money.desk.approver, work.DISTRICT, replace(BUILT_IN, bank="Other", effective_from=clock.today()))
    assert (await payout.bank_file_again(cashier, batch)).content == first.content
    book = await payout.bank_file_again(cashier, batch, FileFormat.XLSX)
    assert book.content[:2] == b"PK"
    with pytest.raises(NotApproved):
        await record_vouchers(cashier, batch, {share.handle: "GK-10"})
    await refused("settlement_name_frozen", "UPDATE settlement_payment SET name_sealed = 'x'")
    await refused(
        "bank_file_once",
        """INSERT INTO bank_file OVERRIDING SYSTEM VALUE
           SELECT (jsonb_populate_record(f, jsonb_build_object('id', f.id + 1, 'format', 'utf_8_csv'))).*
           FROM bank_file f""",
    )


async def test_a_voucher_pays_just_what_a_batch_takes_from_a_line(db: None) -> None:
    money = await settled_work.computed(1)
    assert money.batch
    insert = """INSERT INTO treasury_voucher (batch_id, budget_line_id, number, amount_fen, recorded_by, recorded_at)
                SELECT b.id, l.id, $1, $2, $3, now() FROM settlement_batch b, budget_line l"""
    await refused("treasury_voucher_amount", insert, "GK-1", 50_000, money.desk.cashier.actor)
    await payout.approve_batch(money.desk.approver, money.batch.id)
    await refused("treasury_voucher_amount", insert, "GK-1", 49_999, money.desk.cashier.actor)
    await database.execute(insert, "GK-1", 50_000, money.desk.cashier.actor)
    await refused("treasury_voucher_first", insert, "GK-2", 50_000, money.desk.cashier.actor)
    anew = """INSERT INTO treasury_voucher (batch_id, budget_line_id, number, amount_fen, replaces, recorded_by,
                                            recorded_at)
              SELECT batch_id, budget_line_id, $1, amount_fen, id, recorded_by, now() FROM treasury_voucher
              WHERE replaces IS NULL"""
    await refused("treasury_voucher_number", anew, "GK-1")
    await database.execute(anew, "GK-2")
    await refused("treasury_voucher_replaced_once", anew, "GK-3")


async def test_a_name_that_the_bank_cannot_read_stops_the_payment(db: None) -> None:
    money = await settled_work.computed(1)
    assert money.batch
    columns = tuple(column for column in OWN.columns if column.cell is not Cell.VOUCHER)
    own = replace(OWN, columns=columns, effective_from=clock.today())
    await set_layout(money.desk.approver, work.DISTRICT, own)
    await database.execute("UPDATE person SET name = '赵㛃'")
    await payout.approve_batch(money.desk.approver, money.batch.id)
    with pytest.raises(payout.CharactersOutside, match="㛃"):
        await payout.pay_batch(money.desk.cashier, money.batch.id)
    assert await database.fetch_value("SELECT count(*) FROM bank_file") == 0


async def test_the_preview_shows_no_account_number(db: None) -> None:
    money = await settled_work.computed(2)
    found = await preview_lines(money.desk.approver, work.DISTRICT)
    assert money.batch
    assert found.batch == money.batch.reference
    assert [line.account_number for line in found.lines] == ["6222********0001"] * 2
