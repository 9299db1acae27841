"""Pages of payments: a provider's bars, an officer's bars, a nudge and its answer, advances that come back."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.money import yuan
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import own_path, page, see_other
from procurement.payments.ending import Received, return_advance
from procurement.payments.forms import AnswerForm, ReturnForm
from procurement.payments.holding import queries as holding
from procurement.payments.holding.bars import bars, print_of
from procurement.payments.holding.wording import STEP_NAMES, nudged_for
from procurement.payments.nudges import queries, service
from procurement.payments.returns import due_returns

PROVIDER = requires(Permission.ORDER_ANSWER)
PARTY = requires(Permission.ORDER_ANSWER, *holding.OFFICERS)
OFFICER = requires(Permission.LEDGER_READ)
NUDGED = requires(
    Permission.DELIVERY_ACCEPT, Permission.CLAIM_APPROVE, Permission.SETTLEMENT_COMPUTE,
    Permission.SETTLEMENT_APPROVE, Permission.SETTLEMENT_PAY, Permission.LEDGER_READ,
)  # fmt: skip
CASHIER = requires(Permission.SETTLEMENT_PAY)
MINE = "/my/payments"


@get(MINE, guards=[PROVIDER])
async def mine(principal: CurrentPrincipal) -> Response[str]:
    """Show a provider who holds its money, contract by contract."""
    return await page("procurement/payments/mine.html", **await _mine(principal))


@get("/my/payments/now", guards=[PROVIDER])
async def mine_now(principal: CurrentPrincipal, seen: FromQuery[str] = "") -> Response[Any]:
    """Return the bars if they are others than those seen."""
    shown = await _mine(principal)
    if seen == shown["print"]:
        return Response(None, status_code=204)
    return await page("procurement/payments/bars.html", **shown)


@get("/payments/of/{reference:str}/now", guards=[PARTY])
async def one_now(
    reference: FromPath[str], principal: CurrentPrincipal, seen: FromQuery[str] = "", back: FromQuery[str] = ""
) -> Response[Any]:
    """Return a contract's bar if it is another than the one seen."""
    found = await bars(principal, [await holding.of_contract(principal, reference)])
    print_ = print_of(found, clock.today())
    if seen == print_:
        return Response(None, status_code=204)
    shown = {"bar": found[0], "print": print_, "back": own_path(back, MINE)}
    return await page("procurement/payments/one.html", **shown)


@post("/my/payments/{reference:str}/nudge", guards=[PROVIDER])
async def nudge(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Nudge whoever holds the contract's money."""
    back = own_path(request.query_params.get("back"), MINE)
    try:
        await service.nudge(principal, reference)
    except DomainError as refusal:
        return see_other(back, refusal.text(), kind="need")
    return see_other(back, N_("已催办，对方会在工作台看到。"))


@get("/payments", guards=[OFFICER])
async def of_places(principal: CurrentPrincipal) -> Response[str]:
    """Show whose money waits longest in the officer's places, and how often each office was nudged."""
    scope = principal.scope(Permission.LEDGER_READ)
    found = await bars(principal, await holding.of_places(scope))
    counts = await queries.counts(scope)
    return await page("procurement/payments/places.html", bars=found, counts=counts, step_names=STEP_NAMES)


@get("/payments/nudges/{public_id:uuid}", guards=[NUDGED])
async def nudged(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show a nudge to the office that it went to."""
    return await _nudged(principal, public_id, Form.empty(AnswerForm))


@post("/payments/nudges/{public_id:uuid}", guards=[NUDGED])
async def answer(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Answer a nudge."""
    form = await Form.read(request, AnswerForm)
    try:
        await service.answer(principal, public_id, form.value.answer)
    except DomainError as refusal:
        return await _nudged(principal, public_id, form.refused(refusal))
    return see_other(f"/payments/nudges/{public_id}", N_("已答复，服务机构会看到。"))


@get("/payments/returns", guards=[CASHIER])
async def returns(principal: CurrentPrincipal) -> Response[str]:
    """Show the advances that have to come back."""
    return await _returns(principal, Form.empty(ReturnForm, received_on=clock.today()))


@post("/payments/returns", guards=[CASHIER])
async def book_return(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Book an advance that came back."""
    form = await Form.read(request, ReturnForm)
    try:
        given = form.value
        received = Received(given.received_on or clock.today(), given.document)
        fen = await return_advance(principal, given.contract, received)
    except DomainError as refusal:
        return await _returns(principal, form.refused(refusal))
    return see_other("/payments/returns", N_("已登记退款 %(amount)s，预算可以再用。"), amount=yuan(fen))


async def _mine(principal: Principal) -> dict[str, Any]:
    found = await bars(principal, await holding.of_provider(principal))
    return {"bars": found, "print": print_of(found, clock.today())}


async def _nudged(principal: Principal, public_id: UUID, form: Form[AnswerForm]) -> Response[str]:
    found = await queries.nudge_page(principal, public_id)
    money = await holding.of_contract_id(principal, found.contract_id)
    return await page(
        "procurement/payments/nudge.html",
        form=form,
        nudge=found,
        said=nudged_for(found),
        bars=await bars(principal, [money] if money else []),
        answers=service.may_answer(principal, found) and not found.answered_at,
        crumbs=[Crumb(N_("工作台"), "/workbench"), Crumb(N_("催办"))],
    )


async def _returns(principal: Principal, form: Form[ReturnForm]) -> Response[str]:
    return await page("procurement/payments/returns.html", form=form, rows=await due_returns(principal))
