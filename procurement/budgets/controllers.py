"""Budget lines: how the year goes, what stands behind each amount, proposing money and deciding about it."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Chart, Crumb, Series
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.i18n import locale
from app.web.pages import page, see_other
from procurement.budgets import queries, service
from procurement.budgets.forms import DecideForm, LineForm, ProposeForm, YearForm
from procurement.budgets.queries import LineView
from procurement.budgets.rules import Amounts, Fund
from procurement.budgets.service import Decision, NewLine, Proposal
from procurement.budgets.tags import FUND_NAMES, PROPOSAL_TAGS, posting_name
from procurement.choices import place_options
from procurement.reading import MONEY, reading_scope

READER = requires(*MONEY)
OFFICER = requires(Permission.BUDGET_MANAGE)
APPROVER = requires(Permission.BUDGET_APPROVE)
LABELS = {
    "programme": N_("项目"),
    "place_code": N_("适用地区"),
    "year": N_("年度"),
    "functional_code": N_("功能分类科目"),
    "economic_code": N_("经济分类科目"),
}


@get("/buying/budgets", guards=[READER])
async def lines(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Show how a year's lines are carried out."""
    scope = reading_scope(principal, *MONEY)
    shown = Form.from_query(request, YearForm).value.year or clock.today().year
    found = await queries.lines(scope, shown)
    fiscal = [line for line in found if line.fund is Fund.FISCAL]
    donated = [line for line in found if line.fund is Fund.DONATED]
    return await page(
        "procurement/budgets/list.html",
        parts=[(FUND_NAMES[kind], own, _total(own)) for kind, own in zip(Fund, (fiscal, donated), strict=True) if own],
        chart=_chart(fiscal),
        year=shown,
        years=sorted({shown, *await queries.years(scope)}, reverse=True),
    )


@get("/buying/budgets/new", guards=[OFFICER])
async def line_form(principal: CurrentPrincipal) -> Response[str]:
    """Show an empty line."""
    empty = Form.empty(LineForm, year=clock.today().year, functional_code="2040607", economic_code="30227")
    return await _line_form(principal, empty)


@post("/buying/budgets", guards=[OFFICER])
async def open_line(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Open a line."""
    form = await Form.read(request, LineForm)
    try:
        line = form.value.line()
        await service.open_lines(principal, [line])
    except DomainError as refusal:
        return await _line_form(principal, form.refused(refusal))
    return see_other(_path(line), N_("预算行已建立，请申报金额。"))


@get("/buying/budgets/waiting", guards=[APPROVER])
async def waiting(principal: CurrentPrincipal) -> Response[str]:
    """Show the proposals that wait for a second person."""
    return await _waiting(principal, Form.empty(DecideForm))


@post("/buying/budgets/waiting", guards=[APPROVER])
async def decide(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Approve or refuse the ticked proposals."""
    form = await Form.read(request, DecideForm)
    try:
        form.require_ticked("proposals")
        asked = form.value
        ids = await queries.appropriation_ids(asked.proposals)
        await service.decide_appropriations(principal, [Decision(one, asked.approve, asked.reason) for one in ids])
    except DomainError as refusal:
        return await _waiting(principal, form.refused(refusal))
    said = N_("已下达 %(count)s 笔预算。") if asked.approve else N_("已退回 %(count)s 笔预算。")
    return see_other("/buying/budgets/waiting", said, count=len(ids))


@get("/buying/budgets/{year:int}/{place_code:str}/{programme:str}", guards=[READER])
async def line(
    year: FromPath[int], place_code: FromPath[str], programme: FromPath[str], principal: CurrentPrincipal
) -> Response[str]:
    """Show one line with its book."""
    found = await queries.line(reading_scope(principal, *MONEY), year, place_code, programme)
    return await _line(principal, found, Form.empty(ProposeForm))


@post("/buying/budgets/{year:int}/{place_code:str}/{programme:str}", guards=[OFFICER])
async def propose(
    year: FromPath[int],
    place_code: FromPath[str],
    programme: FromPath[str],
    request: Request[Any, Any, Any],
    principal: CurrentPrincipal,
) -> Response[Any]:
    """Propose money for a line."""
    found = await queries.line(principal.scope(Permission.BUDGET_MANAGE), year, place_code, programme)
    form = await Form.read(request, ProposeForm)
    try:
        asked = form.value
        await service.propose_appropriations(principal, [Proposal(found.id, asked.amount_fen, asked.document)])
    except DomainError as refusal:
        return await _line(principal, found, form.refused(refusal))
    return see_other(_path(found), N_("已申报，等待另一人审批。"))


def _path(line: LineView | NewLine) -> str:
    return f"/buying/budgets/{line.year}/{line.place_code}/{line.programme}"


def _total(lines: Sequence[LineView]) -> Amounts:
    return sum((line.amounts for line in lines), Amounts())


def _chart(lines: Sequence[LineView]) -> Chart | None:
    """Return the execution by place; places with nothing approved are left out."""
    by_place: dict[str, Amounts] = {}
    for one in lines:
        name = localized(one, "place")
        by_place[name] = by_place.get(name, Amounts()) + one.amounts
    shown = {name: amounts for name, amounts in by_place.items() if amounts.approved}
    if not shown:
        return None
    parts = (
        (N_("已支付"), "spent"),
        (N_("签约占用"), "committed"),
        (N_("已预留"), "reserved"),
        (N_("可用"), "left"),
    )
    series = [Series(name, [getattr(amounts, part) for amounts in shown.values()]) for name, part in parts]
    return Chart("stacked", N_("各地区预算执行"), list(shown), series, unit="fen")


async def _line_form(principal: Principal, form: Form[LineForm]) -> Response[str]:
    english = locale() == "en"
    programmes = [(code, name_en if english else name_zh) for code, name_zh, name_en in await queries.programmes()]
    places = await place_options(principal.scope(Permission.BUDGET_MANAGE))
    return await page("procurement/budgets/new.html", form=form, labels=LABELS, places=places, programmes=programmes)


async def _waiting(principal: Principal, form: Form[DecideForm]) -> Response[str]:
    rows = await queries.waiting_proposals(principal.scope(Permission.BUDGET_APPROVE))
    return await page("procurement/budgets/waiting.html", form=form, rows=rows, me=principal.account_id)


async def _line(principal: Principal, found: LineView, form: Form[ProposeForm]) -> Response[str]:
    scope = principal.scopes.get(Permission.BUDGET_MANAGE)
    return await page(
        "procurement/budgets/line.html",
        form=form,
        line=found,
        path=_path(found),
        movements=await queries.movements(found.id, limit=10),
        proposals=await queries.proposals_of(found.id),
        may_propose=not found.closed and scope is not None and scope.covers_place(found.place_code),
        name_of=posting_name,
        fund_names=FUND_NAMES,
        proposal_tags=PROPOSAL_TAGS,
        crumbs=[Crumb(N_("预算"), f"/buying/budgets?year={found.year}"), Crumb(localized(found, "place"))],
    )
