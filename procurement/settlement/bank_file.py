"""The batch file a bank takes: GB18030, one line per payee, closed by a count and total line."""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass

from app.core.money import plain_yuan
from app.core.text import N_

HEADER = (N_("序号"), N_("收款人"), N_("开户行"), N_("账号"), N_("金额"), N_("用途"))
TOTAL = N_("合计")
PURPOSE = N_("公共法律服务补贴")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class BankLine:
    """One payment with its account number in the open; never logged, never stored."""

    name: str
    bank_name: str
    account_number: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class BankFile:
    """The file's bytes with what must agree with the batch."""

    name: str
    content: bytes
    line_count: int
    total_fen: int

    @property
    def sha256(self) -> bytes:
        """Return the hash by which the same file is recognised."""
        return hashlib.sha256(self.content).digest()


def gb18030_csv(reference: str, lines: Sequence[BankLine]) -> BankFile:
    """Write the file; the same lines in the same order give the same bytes."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADER)
    for number, line in enumerate(lines, start=1):
        writer.writerow(
            (
                number,
                _plain(line.name),
                _plain(line.bank_name),
                line.account_number,
                plain_yuan(line.amount_fen),
                PURPOSE,
            )
        )
    total = sum(line.amount_fen for line in lines)
    writer.writerow((TOTAL, len(lines), "", "", plain_yuan(total), reference))
    return BankFile(f"{reference}.csv", text.getvalue().encode("gb18030"), len(lines), total)


def _plain(text: str) -> str:
    """Keep a spreadsheet from reading a name as a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
