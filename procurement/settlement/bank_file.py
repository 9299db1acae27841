"""The batch file a bank takes: one line per payee in the bank's own columns, closed by a count and total line.

The same lines and the same layout give the same bytes, as text and as a workbook, however often it is written.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.core.text import N_
from app.imports.writing import harmless
from procurement.settlement.layouts.rules import (
    AMOUNTS,
    BUILT_IN,
    CELL_NAMES,
    AmountForm,
    Cell,
    FileFormat,
    Layout,
    Misfit,
    outside,
    written_amount,
)
from procurement.settlement.workbook import Table, workbook

TOTAL = N_("合计")
PURPOSE = N_("公共法律服务补贴")
PAYMENTS, BREAKDOWN = N_("付款"), N_("明细")
BREAKDOWN_HEADER = (
    *(CELL_NAMES[cell] for cell in (Cell.NUMBER, Cell.REFERENCE, Cell.PAYEE, Cell.PROGRAMME)),
    N_("预算年度"),
    *(CELL_NAMES[cell] for cell in (Cell.FUNCTIONAL, Cell.ECONOMIC, Cell.VOUCHER, Cell.CLAIMS, Cell.GROSS)),
)
BETWEEN = "；"


@dataclass(frozen=True, slots=True)
class Share:
    """What of a payment one budget line pays, before tax."""

    programme: str
    year: int
    functional_code: str
    economic_code: str
    voucher: str
    claims: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class BankLine:
    """One payment with its account number in the open; never logged, never stored."""

    name: str
    bank_name: str
    account_number: str
    amount_fen: int
    tax_fen: int = 0
    shares: tuple[Share, ...] = ()

    @property
    def net_fen(self) -> int:
        """Return what the payee receives."""
        return self.amount_fen - self.tax_fen


@dataclass(frozen=True, slots=True)
class BankFile:
    """The file's bytes with what must agree with the batch; the total is what leaves the treasury for the payees."""

    name: str
    content: bytes
    line_count: int
    total_fen: int
    format: str

    @property
    def sha256(self) -> bytes:
        """Return the hash by which the same file is recognised."""
        return hashlib.sha256(self.content).digest()


def bank_file(
    reference: str, lines: Sequence[BankLine], layout: Layout = BUILT_IN, file_format: FileFormat | None = None
) -> BankFile:
    """Write the file as the layout says, or the same in the other kind of file."""
    chosen = file_format or layout.file_format
    total = sum(line.net_fen for line in lines)
    if chosen is FileFormat.XLSX:
        content, label = _workbook(reference, lines, layout), "xlsx"
    else:
        content, label = _text(reference, lines, layout), f"{layout.encoding.value.replace('-', '_')}_csv"
    return BankFile(f"{reference}.{chosen.value}", content, len(lines), total, label)


def misfits(reference: str, lines: Sequence[BankLine], layout: Layout) -> list[Misfit]:
    """Name every text of the lines that the bank's encoding cannot write; a workbook holds any character."""
    if layout.file_format is FileFormat.XLSX:
        return []
    found = []
    for number, line in enumerate(lines, start=1):
        for column in layout.columns:
            text = _texts(reference, number, line, layout)[column.cell]()
            if strange := outside(text, layout.encoding):
                found.append(Misfit(number, column.cell, text, strange))
    return found


def rows_of(reference: str, lines: Sequence[BankLine], layout: Layout) -> list[list[str]]:
    """Return header, lines and the closing line as text."""
    header = [column.heading for column in layout.columns]
    body = []
    for number, line in enumerate(lines, start=1):
        texts = _texts(reference, number, line, layout)
        body.append([texts[column.cell]() for column in layout.columns])
    return [header, *body, _closing(reference, lines, layout)]


def _texts(reference: str, number: int, line: BankLine, layout: Layout) -> Mapping[Cell, Callable[[], str]]:
    def joined(name: str) -> str:
        return BETWEEN.join(dict.fromkeys(str(getattr(share, name)) for share in line.shares if getattr(share, name)))

    def amount(fen: int) -> str:
        return written_amount(fen, layout.amount_form)

    return {
        Cell.NUMBER: lambda: str(number),
        Cell.REFERENCE: lambda: payment_reference(reference, number),
        Cell.PAYEE: lambda: harmless(line.name),
        Cell.BANK: lambda: harmless(line.bank_name),
        Cell.ACCOUNT: lambda: line.account_number,
        Cell.AMOUNT: lambda: amount(line.net_fen),
        Cell.GROSS: lambda: amount(line.amount_fen),
        Cell.TAX: lambda: amount(line.tax_fen),
        Cell.PURPOSE: lambda: PURPOSE,
        Cell.PROGRAMME: lambda: joined("programme"),
        Cell.FUNCTIONAL: lambda: joined("functional_code"),
        Cell.ECONOMIC: lambda: joined("economic_code"),
        Cell.VOUCHER: lambda: joined("voucher"),
        Cell.CLAIMS: lambda: str(sum(share.claims for share in line.shares)),
    }


def payment_reference(reference: str, number: int) -> str:
    """Return the name that a line of a batch goes by outside: JS-2026-000007-3."""
    return f"{reference}-{number}"


def _closing(reference: str, lines: Sequence[BankLine], layout: Layout) -> list[str]:
    """Return the last line: the word, the count, the sums, and whose file it is where a column is left."""
    sums = {
        Cell.AMOUNT: sum(line.net_fen for line in lines),
        Cell.GROSS: sum(line.amount_fen for line in lines),
        Cell.TAX: sum(line.tax_fen for line in lines),
    }
    cells = [column.cell for column in layout.columns]
    row = [written_amount(sums[cell], layout.amount_form) if cell in AMOUNTS else "" for cell in cells]
    free = [place for place, cell in enumerate(cells) if cell not in AMOUNTS]
    row[free[0]], row[free[1]] = TOTAL, str(len(lines))
    if free[2:]:
        row[free[-1]] = reference
    return row


def _text(reference: str, lines: Sequence[BankLine], layout: Layout) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows_of(reference, lines, layout))
    return text.getvalue().encode(layout.encoding.value)


def _workbook(reference: str, lines: Sequence[BankLine], layout: Layout) -> bytes:
    """Return the payments on the first sheet, and on the second what each is made of."""
    header, *body = rows_of(reference, lines, layout)
    numeric = {place for place, column in enumerate(layout.columns) if column.cell in AMOUNTS}
    if layout.amount_form is AmountForm.GROUPED:
        numeric = set()
    paid: list[Sequence[Any]] = [
        [Decimal(text) if place in numeric and text else text for place, text in enumerate(row)] for row in body
    ]
    return workbook([Table(PAYMENTS, header, paid), Table(BREAKDOWN, BREAKDOWN_HEADER, _breakdown(reference, lines))])


def _breakdown(reference: str, lines: Sequence[BankLine]) -> list[Sequence[Any]]:
    return [
        (
            *(number, payment_reference(reference, number), line.name, share.programme, share.year),
            *(share.functional_code, share.economic_code, share.voucher, share.claims),
            Decimal(share.amount_fen) / 100,
        )
        for number, line in enumerate(lines, start=1)
        for share in line.shares
    ]
