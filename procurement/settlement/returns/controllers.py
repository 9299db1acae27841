"""The page on which a cashier records that the bank returned a line of its file."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.money import yuan
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.settlement import queries
from procurement.settlement.returns import service
from procurement.settlement.returns.forms import BankReturnForm
from procurement.settlement.returns.rules import BankReturn

CASHIERS = requires(Permission.SETTLEMENT_PAY)
HOME = "/settlement"


@get("/settlement/{reference:str}/lines/{line:int}/return", guards=[CASHIERS])
async def ask(principal: CurrentPrincipal, reference: FromPath[str], line: FromPath[int]) -> Response[str]:
    """Ask what the bank says about a line of its file."""
    return await _page(principal, reference, line, Form.empty(BankReturnForm, returned_on=clock.today()))


@post("/settlement/{reference:str}/lines/{line:int}/return", guards=[CASHIERS])
async def record(
    request: Request[Any, Any, Any], principal: CurrentPrincipal, reference: FromPath[str], line: FromPath[int]
) -> Response[Any]:
    """Record the return."""
    form = await Form.read(request, BankReturnForm)
    batch = await queries.batch_page(principal, reference)
    try:
        said = form.value
        returned = BankReturn(line, said.reason, said.returned_on, said.document)
        fen = await service.record_return(principal, batch.row.id, returned)
    except DomainError as refusal:
        return await _page(principal, reference, line, form.refused(refusal))
    told = N_("已登记退回%(amount)s，账已冲正，收款人已收到通知。")
    return see_other(f"{HOME}/{reference}", told, amount=yuan(fen))


async def _page(principal: Principal, reference: str, line: int, form: Form[BankReturnForm]) -> Response[str]:
    batch = await queries.batch_page(principal, reference)
    found = await queries.payments(batch, line - 1, 1) if line > 0 else []
    if not found:
        raise NotFound
    return await page(
        "procurement/settlement/return.html",
        batch=batch,
        payment=found[0],
        form=form,
        crumbs=[Crumb(N_("结算"), HOME), Crumb(reference, f"{HOME}/{reference}"), Crumb(N_("银行退回"))],
    )
