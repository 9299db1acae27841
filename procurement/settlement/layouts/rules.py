"""What a bank's file may hold, and what makes the description of one complete. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import msgspec

from app.core.money import plain_yuan
from app.core.text import N_, Message

MOST_COLUMNS = 20
LONGEST_HEADING = 40


class Cell(StrEnum):
    """What one column of the payment file holds."""

    NUMBER = "number"
    REFERENCE = "reference"
    PAYEE = "payee"
    BANK = "bank"
    ACCOUNT = "account"
    AMOUNT = "amount"  # what the payee receives
    GROSS = "gross"
    TAX = "tax"
    PURPOSE = "purpose"
    PROGRAMME = "programme"
    FUNCTIONAL = "functional"
    ECONOMIC = "economic"
    VOUCHER = "voucher"
    CLAIMS = "claims"


CELL_NAMES = {
    Cell.NUMBER: N_("序号"),
    Cell.REFERENCE: N_("付款编号"),
    Cell.PAYEE: N_("收款人"),
    Cell.BANK: N_("开户行"),
    Cell.ACCOUNT: N_("账号"),
    Cell.AMOUNT: N_("金额"),
    Cell.GROSS: N_("税前金额"),
    Cell.TAX: N_("代扣税额"),
    Cell.PURPOSE: N_("用途"),
    Cell.PROGRAMME: N_("预算项目"),
    Cell.FUNCTIONAL: N_("功能分类科目"),
    Cell.ECONOMIC: N_("经济分类科目"),
    Cell.VOUCHER: N_("国库支付凭证号"),
    Cell.CLAIMS: N_("申领件数"),
}
AMOUNTS = frozenset({Cell.AMOUNT, Cell.GROSS, Cell.TAX})
NEEDED = (Cell.PAYEE, Cell.ACCOUNT, Cell.AMOUNT)
"""Without these no bank can pay."""


class AmountForm(StrEnum):
    """How an amount is written."""

    PLAIN = "plain"
    GROUPED = "grouped"
    FEN = "fen"


AMOUNT_FORM_NAMES = {AmountForm.PLAIN: "1234.50", AmountForm.GROUPED: "1,234.50", AmountForm.FEN: "123450"}


class FileFormat(StrEnum):
    """The kind of file."""

    CSV = "csv"
    XLSX = "xlsx"


FORMAT_NAMES = {FileFormat.CSV: "CSV", FileFormat.XLSX: "Excel (XLSX)"}


class Encoding(StrEnum):
    """The characters that the bank's own programs know."""

    GB18030 = "gb18030"
    GBK = "gbk"
    GB2312 = "gb2312"
    UTF_8 = "utf-8"


ENCODING_NAMES = {one: one.value.upper() for one in Encoding}


class Column(msgspec.Struct, frozen=True, array_like=True):
    """One column of the payment file."""

    cell: Cell
    heading: str


class Answer(StrEnum):
    """What one column of the bank's return file says."""

    REFERENCE = "reference"
    NUMBER = "number"
    ACCOUNT = "account"
    AMOUNT = "amount"
    OUTCOME = "outcome"
    REASON = "reason"
    DAY = "day"
    DOCUMENT = "document"


ANSWER_NAMES = {
    Answer.REFERENCE: N_("付款编号"),
    Answer.NUMBER: N_("序号"),
    Answer.ACCOUNT: N_("账号"),
    Answer.AMOUNT: N_("金额"),
    Answer.OUTCOME: N_("处理结果"),
    Answer.REASON: N_("退回原因"),
    Answer.DAY: N_("处理日期"),
    Answer.DOCUMENT: N_("银行流水号"),
}


class Layout(msgspec.Struct, frozen=True):
    """How one bank wants to be told, and how it answers; in force from a day on."""

    bank: str
    file_format: FileFormat
    encoding: Encoding
    amount_form: AmountForm
    columns: tuple[Column, ...]
    answers: dict[Answer, str]
    effective_from: date

    def asks_for(self, cell: Cell) -> bool:
        """Tell whether the file has a column of this kind."""
        return any(column.cell is cell for column in self.columns)


BUILT_IN = Layout(
    bank="",
    file_format=FileFormat.CSV,
    encoding=Encoding.GB18030,
    amount_form=AmountForm.PLAIN,
    columns=tuple(
        Column(cell, CELL_NAMES[cell])
        for cell in (Cell.NUMBER, Cell.PAYEE, Cell.BANK, Cell.ACCOUNT, Cell.AMOUNT, Cell.PURPOSE)
    ),
    answers={},
    effective_from=date(2022, 3, 1),
)
"""What is written for a district that has named no bank."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A character that the bank's encoding does not have, where it stands."""

    line: int
    cell: Cell
    text: str
    character: str


def layout_faults(layout: Layout) -> dict[str, Message]:
    """Name by field what is missing or cannot be."""
    faults: dict[str, Message] = {}
    if not layout.bank.strip():
        faults["bank"] = Message(N_("请填写银行的名称。"))
    cells = [column.cell for column in layout.columns]
    for problem in _column_faults(layout, cells):
        faults.setdefault("columns", problem)
    headings = [heading for heading in layout.answers.values() if heading.strip()]
    if len(set(headings)) < len(headings):
        faults["answers"] = Message(N_("回单的列名有重复。"))
    return faults


def _column_faults(layout: Layout, cells: Sequence[Cell]) -> list[Message]:
    missing = [cell for cell in NEEDED if cell not in cells]
    found = [Message(N_("还缺这一列：%(column)s。"), {"column": Message(CELL_NAMES[cell])}) for cell in missing]
    found += [
        Message(N_("“%(column)s”这一列出现了两次。"), {"column": Message(CELL_NAMES[cell])})
        for cell, count in Counter(cells).items()
        if count > 1
    ]
    if any(not column.heading.strip() or len(column.heading) > LONGEST_HEADING for column in layout.columns):
        found.append(Message(N_("每一列都要有列名，最多 %(limit)s 个字。"), {"limit": LONGEST_HEADING}))
    for column in layout.columns:
        if strange := outside(column.heading, layout.encoding):
            said = {"text": column.heading, "character": strange}
            found.append(Message(N_("列名“%(text)s”里的“%(character)s”不在所选编码里。"), said))
    return found


def outside(text: str, encoding: Encoding) -> str:
    """Return the first character that an encoding does not have, or nothing."""
    for character in text:
        try:
            character.encode(encoding.value)
        except UnicodeEncodeError:
            return character
    return ""


def written_amount(fen: int, form: AmountForm) -> str:
    """Write an amount as the bank reads it."""
    if form is AmountForm.FEN:
        return str(fen)
    plain = plain_yuan(fen)
    return plain if form is AmountForm.PLAIN else f"{int(plain[:-3]):,}{plain[-3:]}"
