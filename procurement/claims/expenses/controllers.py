"""Handing in what one spent."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile

from app.attachments.service import keep
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.claims.expenses import service
from procurement.claims.expenses.forms import ExpenseForm
from procurement.claims.expenses.rules import KIND_NAMES, ExpenseDraft

LARGEST_BODY = 64 * 1024 * 1024
CLAIMANTS = requires(Permission.CLAIM_SELF)


@get("/my/expenses/new", guards=[CLAIMANTS])
async def new() -> Response[str]:
    """Ask what was spent."""
    return await _page(Form.empty(ExpenseForm))


@post("/my/expenses/new", guards=[CLAIMANTS], request_max_body_size=LARGEST_BODY)
async def hand_in(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Take an expense with its receipts."""
    form = await Form.read(request, ExpenseForm)
    try:
        reference = await handed_in(request, principal, form)
    except DomainError as refusal:
        return await _page(form.refused(refusal))
    return see_other(f"/claims/{reference}", N_("已提交，等待区县审核。"))


async def handed_in(request: Request[Any, Any, Any], principal: Principal, form: Form[ExpenseForm]) -> str:
    """Keep the receipts of a request and hand the expense in; return the reference of the claim."""
    given = form.value
    draft = ExpenseDraft(given.kind, given.spent_on, given.amount_fen, given.reason)
    sent = (await request.form()).multi_items()
    files = [one for name, one in sent if name == "receipts" and isinstance(one, UploadFile) and one.filename]
    receipts = [await keep(file.filename, await file.read()) for file in files]
    return await service.hand_in(principal, draft, receipts)


async def _page(form: Form[ExpenseForm]) -> Response[str]:
    crumbs = [Crumb(N_("我的补贴"), "/my/claims"), Crumb(N_("报销费用"))]
    return await page("procurement/claims/expense_new.html", form=form, kind_names=KIND_NAMES, crumbs=crumbs)
