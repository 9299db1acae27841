"""The monthly filing and the yearly report of exempt payees as files: names and identity numbers in the open.

The columns say in words what the tax office's client asks for about labour remuneration and exempt income. Its own
template changes from version to version: whoever files compares the headings with the one in use.
"""

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from app.core import audit, vault
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.money import plain_yuan
from app.core.text import N_
from app.imports.writing import FileFormat, harmless
from procurement.settlement.workbook import Table, workbook
from procurement.taxes import queries
from procurement.taxes.queries import ExemptPayee, Step, TaxedPerson
from procurement.taxes.rules import TaxKind

ID_CARD = N_("居民身份证")
LABOUR, AID = N_("劳务报酬所得"), N_("法律援助补贴（免税）")
FILING = (
    N_("工号"), N_("姓名"), N_("证件类型"), N_("证件号码"), N_("所得项目"), N_("本期收入"), N_("本期免税收入"),
    N_("减除费用"), N_("应纳税所得额"), N_("预扣率(%)"), N_("速算扣除数"), N_("应扣缴税额"), N_("备注"),
)  # fmt: skip
EXEMPT = (
    N_("姓名"), N_("证件类型"), N_("证件号码"), N_("扣缴义务人"), N_("免税项目"), N_("免税收入"), N_("付款次数"),
    N_("备注"),
)  # fmt: skip
UNVERIFIED = N_("† 数值未核实，仅供演示")
ENCODING = "gb18030"
Row = Sequence[Any]


async def month_file(principal: Principal, place_code: str, first: date, file_format: FileFormat) -> bytes:
    """Return a payer's filing of a month; each reading of identity numbers leaves a trace."""
    principal.scope(Permission.SETTLEMENT_PAY).require_place(place_code)
    found = await queries.people(principal, place_code, first)
    numbers = await _numbers(found)
    rows = [row for person in found for row in _filed(person, numbers[person.subject_key_id])]
    await _recorded(principal, "tax.filing_read", {"place": place_code, "month": first.isoformat(), "rows": len(rows)})
    return _file(file_format, N_("劳务报酬申报"), FILING, rows)


async def exempt_file(principal: Principal, year: int, file_format: FileFormat) -> bytes:
    """Return the year's exempt payees; each reading of identity numbers leaves a trace."""
    principal.scope(Permission.SETTLEMENT_PAY)
    found = await queries.exempt_payees(principal, year)
    numbers = await _numbers(found)
    rows = [
        (
            *(one.name, ID_CARD, numbers[one.subject_key_id], one.place_zh, AID, _yuan(one.income_fen)),
            *(one.payments, UNVERIFIED if one.unverified else ""),
        )
        for one in found
    ]
    await _recorded(principal, "tax.exempt_read", {"year": year, "rows": len(rows)})
    return _file(file_format, N_("免税补贴年报"), EXEMPT, rows)


def _filed(person: TaxedPerson, number: str) -> list[Row]:
    """Return a person's rows: the month's labour remuneration as one income, and what is exempt."""
    rows: list[Row] = []
    labour = person.last_labour
    if labour is not None:
        taxed = (labour.deduction_fen, labour.taxable_fen)
        rows.append(
            (
                *("", person.name, ID_CARD, number, LABOUR, _yuan(person.income_of(TaxKind.WITHHELD)), _yuan(0)),
                *(_yuan(fen) for fen in taxed),
                *(labour.rate_percent, _yuan(labour.quick_fen), _yuan(person.tax_fen), _mark(person.steps)),
            )
        )
    if exempt := person.income_of(TaxKind.EXEMPT):
        rows.append(
            (
                *("", person.name, ID_CARD, number, AID, _yuan(exempt), _yuan(exempt)),
                *(_yuan(0), _yuan(0), 0, _yuan(0), _yuan(0), _mark(person.steps)),
            )
        )
    return rows


def _mark(steps: Sequence[Step]) -> str:
    return UNVERIFIED if any(step.unverified for step in steps) else ""


async def _numbers(found: Sequence[TaxedPerson | ExemptPayee]) -> dict[int, str]:
    keys = await vault.subject_keys({one.subject_key_id for one in found})
    return {
        one.subject_key_id: keys[one.subject_key_id].open(one.id_card_sealed)
        if one.id_card_sealed and one.subject_key_id in keys
        else ""
        for one in found
    }


async def _recorded(principal: Principal, action: str, detail: dict[str, Any]) -> None:
    async with transaction():
        await audit.record(principal, action, "account", principal.actor, **detail)


def _file(file_format: FileFormat, name: str, header: Sequence[str], rows: Sequence[Row]) -> bytes:
    if file_format == "xlsx":
        return workbook([Table(name, header, rows)])
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([harmless(str(value)) for value in row] for row in rows)
    return text.getvalue().encode(ENCODING)


def _yuan(fen: int) -> Decimal:
    return Decimal(plain_yuan(fen))
