"""The card of a contract's publication and filing, and the page on which they are recorded."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.slots import Fill
from procurement.contracts import queries as contracts
from procurement.contracts.notices import queries, service
from procurement.contracts.notices.forms import NoticeForm
from procurement.contracts.notices.rules import KIND_NAMES
from procurement.contracts.queries import ContractView

SIGNER = requires(Permission.CONTRACT_SIGN)


@get("/contracts/{reference:str}/notices", guards=[SIGNER])
async def notices(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Ask for what is still to be recorded."""
    return await _notices(principal, reference, Form.empty(NoticeForm, done_on=clock.today()))


@post("/contracts/{reference:str}/notices", guards=[SIGNER])
async def record(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Record one duty."""
    form = await Form.read(request, NoticeForm)
    contract = await contracts.contract(principal, reference)
    try:
        await service.record_notice(principal, contract.id, form.value.recorded())
    except DomainError as refusal:
        return await _notices(principal, reference, form.refused(refusal))
    return see_other(f"/contracts/{reference}/notices", N_("已登记。"))


async def card(principal: Principal, contract: ContractView) -> Fill | None:
    """Fill ``contract_page.aside``."""
    if contract.signed_at is None:
        return None
    duties = await queries.duties(contract.id, clock.local(contract.signed_at).date(), contract.place_code)
    records = _records(principal, contract) and any(duty.done is None for duty in duties)
    shown = {"contract": contract, "duties": duties, "kind_names": KIND_NAMES, "records": records}
    return Fill("procurement/contracts/notices/card.html", shown)


async def _notices(principal: Principal, reference: str, form: Form[NoticeForm]) -> Response[str]:
    contract = await contracts.contract(principal, reference)
    if contract.signed_at is None or not _records(principal, contract):
        raise NotFound
    duties = await queries.duties(contract.id, clock.local(contract.signed_at).date(), contract.place_code)
    return await page(
        "procurement/contracts/notices/record.html",
        form=form,
        contract=contract,
        duties=duties,
        open_kinds={duty.kind: KIND_NAMES[duty.kind] for duty in duties if duty.done is None},
        kind_names=KIND_NAMES,
        crumbs=[Crumb(contract.reference, f"/contracts/{reference}"), Crumb(N_("公告与备案"))],
    )


def _records(principal: Principal, contract: ContractView) -> bool:
    scope = principal.scopes.get(Permission.CONTRACT_SIGN)
    return scope is not None and scope.covers_place(contract.place_code)
