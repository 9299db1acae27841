"""Income tax for programs: months, the people of a month, files, and paying over."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.imports.writing import FileFormat
from app.web.guards import CurrentPrincipal, requires
from procurement.settlement.queries import READERS
from procurement.taxes import filing, queries, service
from procurement.taxes.controllers import first_of, known_year, saved
from procurement.taxes.forms import RemittanceBody
from procurement.taxes.queries import Step, TaxMonth

Fen = Annotated[int, msgspec.Meta(examples=[84_000])]


class TaxMonthBody(msgspec.Struct):
    """What one payer paid people in a month; ``unverified`` if a figure behind it was confirmed by nobody."""

    place: Annotated[str, msgspec.Meta(examples=["330106"])]
    month: Annotated[str, msgspec.Meta(examples=["2026-11"])]
    payees: int
    withheld_income_fen: Fen
    exempt_fen: Fen
    outside_fen: Fen
    tax_fen: Fen
    remitted_fen: Fen
    open_fen: Fen
    unverified: bool

    @classmethod
    def of(cls, found: TaxMonth) -> "TaxMonthBody":
        """Return the body of a view."""
        return cls(
            found.place_code, found.handle, found.payees, found.withheld_income_fen, found.exempt_fen,
            found.outside_fen, found.tax_fen, found.remitted_fen, found.open_fen, found.unverified,
        )  # fmt: skip


class TaxStepBody(msgspec.Struct):
    """One payment's part of a month's tax: the month's whole is what is deducted from and taxed."""

    kind: str
    income_fen: Fen
    month_income_fen: Fen
    deduction_fen: Fen
    taxable_fen: Fen
    rate_percent: int
    quick_fen: Fen
    tax_fen: Fen
    batch: str
    line: int

    @classmethod
    def of(cls, step: Step) -> "TaxStepBody":
        """Return the body of a step."""
        return cls(
            step.kind.value, step.income_fen, step.month_income_fen, step.deduction_fen, step.taxable_fen,
            step.rate_percent, step.quick_fen, step.tax_fen, step.batch, step.line,
        )  # fmt: skip


class TaxedPersonBody(msgspec.Struct):
    """One person's month with one payer."""

    payee: UUID
    name: str
    tax_fen: Fen
    steps: list[TaxStepBody]


class RemittedBody(msgspec.Struct):
    """What was paid over."""

    amount_fen: Fen


@get("/taxes", guards=[requires(*READERS)], summary="List the months of tax")
async def list_months(principal: CurrentPrincipal) -> list[TaxMonthBody]:
    """Return every month of the caller's payers, the latest first."""
    return [TaxMonthBody.of(found) for found in await queries.months(principal)]


@get("/taxes/{place:str}/{month:str}", guards=[requires(*READERS)], summary="Show a month of tax by person")
async def list_people(place: FromPath[str], month: FromPath[str], principal: CurrentPrincipal) -> list[TaxedPersonBody]:
    """Return everybody who was paid in a month (2026-11), with how each tax came about."""
    found = await queries.people(principal, place, first_of(month))
    return [
        TaxedPersonBody(one.payee_id, one.name, one.tax_fen, [TaxStepBody.of(step) for step in one.steps])
        for one in found
    ]


@post(
    "/taxes/{place:str}/{month:str}/file",
    guards=[requires(Permission.SETTLEMENT_PAY)],
    status_code=200,
    summary="Read a month's filing",
)
async def read_month_file(
    place: FromPath[str], month: FromPath[str], principal: CurrentPrincipal, format: FromQuery[FileFormat] = "csv"
) -> Response[Any]:
    """Return the filing as GB18030 CSV or XLSX; it holds identity numbers, and each reading leaves an audit event."""
    content = await filing.month_file(principal, place, first_of(month), format)
    return saved(content, f"tax-{place}-{month}", format)


@post(
    "/taxes/exempt/{year:int}/file",
    guards=[requires(Permission.SETTLEMENT_PAY)],
    status_code=200,
    summary="Read the year's exempt payees",
)
async def read_exempt_file(
    year: FromPath[int], principal: CurrentPrincipal, format: FromQuery[FileFormat] = "csv"
) -> Response[Any]:
    """Return everybody who was paid exempt income in a year; each reading leaves an audit event."""
    content = await filing.exempt_file(principal, known_year(year), format)
    return saved(content, f"exempt-{year}", format)


@post("/tax-remittances", guards=[requires(Permission.SETTLEMENT_PAY)], summary="Record that tax was paid over")
async def remit(principal: CurrentPrincipal, data: JSONBody[RemittanceBody]) -> RemittedBody:
    """Record and book that a month's withheld tax was paid over; once, when the month is over."""
    first: date = data.month
    return RemittedBody(await service.remit(principal, data.place, first, data.document, data.paid_on))
