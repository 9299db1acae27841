"""Income tax for finance: months by payer, a month by person, filing and report as files, and paying over."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.money import yuan
from app.core.text import N_, Message
from app.imports.writing import MEDIA_TYPES, FileFormat
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other, to_save
from procurement.settlement.queries import READERS
from procurement.taxes import filing, queries, service
from procurement.taxes.forms import RemittanceForm
from procurement.taxes.queries import Step
from procurement.taxes.rules import KIND_NAMES, TaxKind

HOME = "/taxes"
CRUMBS = [Crumb(N_("结算"), "/settlement"), Crumb(N_("个人所得税"), HOME)]
CASHIERS = requires(Permission.SETTLEMENT_PAY)
LABOUR = N_(
    "当月累计%(whole)s − 减除费用%(deducted)s = %(taxable)s；× %(rate)s%% − %(quick)s = %(due)s；"
    "已扣%(before)s，本次扣%(tax)s"
)


@get(HOME, guards=[requires(*READERS)])
async def months(principal: CurrentPrincipal) -> Response[str]:
    """Show the months of every payer, and what is still to be paid over."""
    found = await queries.months(principal)
    return await page(
        "procurement/taxes/months.html",
        found=found,
        open_fen=sum(one.open_fen for one in found),
        years=await queries.years(principal),
        crumbs=CRUMBS,
    )


@get(f"{HOME}/exempt/{{year:int}}", guards=[requires(*READERS)])
async def exempt(principal: CurrentPrincipal, year: FromPath[int]) -> Response[str]:
    """Show who was paid exempt income in a year."""
    return await page(
        "procurement/taxes/exempt.html",
        found=await queries.exempt_payees(principal, known_year(year)),
        year=year,
        crumbs=[*CRUMBS, Crumb(N_("免税补贴年报"))],
    )


@post(f"{HOME}/exempt/{{year:int}}/file", guards=[CASHIERS], status_code=200)
async def exempt_file(
    principal: CurrentPrincipal, year: FromPath[int], format: FromQuery[FileFormat] = "xlsx"
) -> Response[bytes]:
    """Hand the year's report out; it holds identity numbers, and leaves a trace."""
    content = await filing.exempt_file(principal, known_year(year), format)
    return saved(content, f"exempt-{year}", format)


@get(f"{HOME}/{{place:str}}/{{month:str}}", guards=[requires(*READERS)])
async def show(principal: CurrentPrincipal, place: FromPath[str], month: FromPath[str]) -> Response[str]:
    """Show a month by person, each tax with how it came about."""
    return await _page(principal, place, month, Form.empty(RemittanceForm, paid_on=clock.today()))


@post(f"{HOME}/{{place:str}}/{{month:str}}/file", guards=[CASHIERS], status_code=200)
async def month_file(
    principal: CurrentPrincipal, place: FromPath[str], month: FromPath[str], format: FromQuery[FileFormat] = "xlsx"
) -> Response[bytes]:
    """Hand a month's filing out; it holds identity numbers, and leaves a trace."""
    content = await filing.month_file(principal, place, first_of(month), format)
    return saved(content, f"tax-{place}-{month}", format)


@post(f"{HOME}/{{place:str}}/{{month:str}}", guards=[CASHIERS])
async def remit(
    request: Request[Any, Any, Any], principal: CurrentPrincipal, place: FromPath[str], month: FromPath[str]
) -> Response[Any]:
    """Record that the month's tax was paid over."""
    form = await Form.read(request, RemittanceForm)
    try:
        said = form.value
        fen = await service.remit(principal, place, first_of(month), said.document, said.paid_on)
    except DomainError as refusal:
        return await _page(principal, place, month, form.refused(refusal))
    return see_other(f"{HOME}/{place}/{month}", N_("已登记缴款%(amount)s，账已记。"), amount=yuan(fen))


async def _page(principal: Principal, place: str, month: str, form: Form[RemittanceForm]) -> Response[str]:
    first = first_of(month)
    found = await queries.month(principal, place, first)
    return await page(
        "procurement/taxes/show.html",
        form=form,
        found=found,
        people=await queries.people(principal, place, first),
        explained=explained,
        kind_names=KIND_NAMES,
        kinds=TaxKind,
        may_pay=principal.can(Permission.SETTLEMENT_PAY)
        and principal.scope(Permission.SETTLEMENT_PAY).covers_place(place),
        over=clock.today().replace(day=1) > first,
        crumbs=[*CRUMBS, Crumb(month)],
    )


def explained(steps: Iterable[Step]) -> list[Message]:
    """Return how a month's tax came about, one line for each payment."""
    return [_line(step) for step in steps]


def _line(step: Step) -> Message:
    if step.kind is not TaxKind.WITHHELD:
        return Message(
            N_("%(income)s：%(kind)s"), {"income": yuan(step.income_fen), "kind": Message(KIND_NAMES[step.kind])}
        )
    steps = {
        "whole": step.month_income_fen, "deducted": step.deduction_fen, "taxable": step.taxable_fen,
        "quick": step.quick_fen, "due": step.due_fen, "before": step.before_tax_fen, "tax": step.tax_fen,
    }  # fmt: skip
    return Message(LABOUR, {name: yuan(fen) for name, fen in steps.items()} | {"rate": step.rate_percent})


def first_of(month: str) -> date:
    """Read a month as an address has it: 2026-11."""
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise NotFound from None


def saved(content: bytes, name: str, file_format: FileFormat) -> Response[bytes]:
    """Answer with a file; the text is in the characters of the tax office's client."""
    if file_format == "xlsx":
        return to_save(content, f"{name}.xlsx", MEDIA_TYPES["xlsx"])
    answer = to_save(content, f"{name}.csv", "text/csv")
    answer.encoding = filing.ENCODING
    return answer


def known_year(year: int) -> int:
    """Return the year if anybody can have been paid in it; raise NotFound."""
    if not 2000 <= year <= clock.today().year:
        raise NotFound
    return year
