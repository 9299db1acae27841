"""A fund's own page for finance: its uses, a new one, pausing; and opening another fund."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotPermitted
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal
from app.web.pages import page, see_other
from procurement.donations.desk.controllers import APPROVER, CLERK, HOME, READER
from procurement.donations.desk.forms import UseForm
from procurement.donations.funds import queries as funds
from procurement.donations.funds.forms import FundForm
from procurement.donations.funds.owners import owners
from procurement.donations.funds.rules import CAUSE_NAMES
from procurement.donations.funds.service import open_fund, pause_fund
from procurement.donations.tags import USE_TAGS
from procurement.donations.uses import queries
from procurement.donations.uses.service import NewUse, decide_use, propose_use


@get("/donations/funds/new", guards=[CLERK])
async def new_fund(principal: CurrentPrincipal) -> Response[str]:
    """Ask what the fund is for and whose it is."""
    return await _fund_form(principal, Form.empty(FundForm, minimum=1_000, maximum=5_000_000))


@post("/donations/funds/new", guards=[CLERK])
async def create_fund(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Open the fund."""
    form = await Form.read(request, FundForm)
    try:
        await open_fund(principal, form.value.fund())
    except DomainError as refusal:
        return await _fund_form(principal, form.refused(refusal))
    return see_other(f"{HOME}/funds/{form.value.code}", N_("基金已设立。"))


@get("/donations/funds/{code:str}", guards=[READER])
async def fund(code: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show a fund's uses and a form for the next one."""
    return await _fund(principal, code, Form.empty(UseForm, used_on=clock.today()))


@post("/donations/funds/{code:str}/uses", guards=[CLERK])
async def propose(code: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Propose a use."""
    form = await Form.read(request, UseForm)
    try:
        found = await funds.fund(code)
        said = form.value
        new = NewUse(code, said.amount, found.currency, said.used_on, said.purpose_zh, said.purpose_en, said.document)
        await propose_use(principal, new)
    except DomainError as refusal:
        return await _fund(principal, code, form.refused(refusal))
    return see_other(f"{HOME}/funds/{code}", N_("已提交支出，等另一人审批。"))


@post("/donations/uses/{public_id:uuid}", guards=[APPROVER])
async def decide(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Approve a use or decline it."""
    approve = (await request.form()).get("decision") == "approve"
    try:
        await decide_use(principal, public_id, approve=approve)
    except DomainError as refusal:
        if refusal.status == 404:
            raise
        return see_other(HOME, refusal.text(), "need")
    return see_other(HOME, N_("已批准，已记账并公开。") if approve else N_("未批准这笔支出。"))


@post("/donations/funds/{code:str}/pause", guards=[CLERK])
async def pause(code: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Stop taking gifts for a fund, or take them again."""
    wanted = (await request.form()).get("pause") == "yes"
    await pause_fund(principal, code, pause=wanted)
    return see_other(f"{HOME}/funds/{code}", N_("已暂停接受捐赠。") if wanted else N_("已恢复接受捐赠。"))


async def _fund(principal: Principal, code: str, form: Form[UseForm]) -> Response[str]:
    found = await funds.fund(code)
    if not any(
        scope.covers_place(found.place_code) for scope in (principal.scopes.get(one) for one in funds.OFFICERS) if scope
    ):
        raise NotPermitted
    return await page(
        "procurement/donations/fund_desk.html",
        form=form,
        fund=found,
        uses=await queries.of_fund(principal, code),
        tags=USE_TAGS,
        me=principal.actor,
        may_propose=principal.can(Permission.DONATION_MANAGE),
        crumbs=[Crumb(N_("捐赠管理"), HOME), Crumb(localized(found, "name"))],
    )


async def _fund_form(principal: Principal, form: Form[FundForm]) -> Response[str]:
    return await page(
        "procurement/donations/new_fund.html",
        form=form,
        owners=[(str(one.public_id), localized(one, "name")) for one in await owners(principal)],
        causes=CAUSE_NAMES,
        crumbs=[Crumb(N_("捐赠管理"), HOME), Crumb(N_("设立基金"))],
    )
