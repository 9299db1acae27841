"""Amendments: the card on the contract's page, proposing one, and one with its text and the next signature."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.components import Crumb, Tag
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from app.web.slots import Fill
from marketplace.products.content import UNIT_NAMES
from procurement.contracts import queries as contracts
from procurement.contracts.amendments import queries, service
from procurement.contracts.amendments.forms import AmendmentForm
from procurement.contracts.amendments.rules import STATUS_NAMES, AmendmentStatus, Change
from procurement.contracts.queries import ContractView
from procurement.purchases.forms import ReasonForm
from procurement.purchases.rules import UNDER_CONTRACT

SIGNER = requires(Permission.CONTRACT_SIGN)
APPROVER = requires(Permission.PURCHASE_APPROVE)
_TONES = {AmendmentStatus.PROPOSED: "wait", AmendmentStatus.AGREED: "wait", AmendmentStatus.IN_FORCE: "done"}
TAGS = {status: Tag(_TONES.get(status, "off"), STATUS_NAMES[status]) for status in AmendmentStatus}
NAMES: dict[str, Any] = {"tags": TAGS, "unit_names": UNIT_NAMES}


@get("/contracts/{reference:str}/amendments", guards=[SIGNER])
async def propose_form(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Ask what is to change."""
    return await _propose(principal, reference, Form.empty(AmendmentForm))


@post("/contracts/{reference:str}/amendments", guards=[SIGNER])
async def propose(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Sign an amendment for the buyer and send it."""
    form = await Form.read(request, AmendmentForm)
    contract = await contracts.contract(principal, reference)
    try:
        asked = form.value
        number = await service.propose_amendment(principal, contract.id, asked.change(), asked.reason_zh)
    except DomainError as refusal:
        return await _propose(principal, reference, form.refused(refusal))
    return see_other(f"/contracts/{reference}/amendments/{number}", N_("补充协议已签署并发出，等待服务机构同意。"))


@get("/contracts/{reference:str}/amendments/{number:int}", guards=[public])
async def show(reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal) -> Response[str]:
    """Show one amendment with its text and its next step."""
    return await _show(principal, reference, number, Form.empty(ReasonForm))


@post("/contracts/{reference:str}/amendments/{number:int}/agree", guards=[SIGNER])
async def agree(reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal) -> Response[Any]:
    """Sign for the provider."""
    await service.agree(principal, await _id(principal, reference, number))
    return see_other(f"/contracts/{reference}/amendments/{number}", N_("已签署，等待采购人另一人审批。"))


@post("/contracts/{reference:str}/amendments/{number:int}/approve", guards=[APPROVER])
async def approve(reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal) -> Response[Any]:
    """Bring it into force."""
    try:
        await service.approve(principal, await _id(principal, reference, number))
    except DomainError as refusal:
        form = Form.empty(ReasonForm).refused(refusal)
        return await _show(principal, reference, number, form)
    return see_other(f"/contracts/{reference}/amendments/{number}", N_("补充协议已生效。"))


@post("/contracts/{reference:str}/amendments/{number:int}/decline", guards=[SIGNER])
async def decline(
    reference: FromPath[str], number: FromPath[int], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Turn it down for the provider."""
    return await _end(service.decline, request, principal, reference, number)


@post("/contracts/{reference:str}/amendments/{number:int}/withdraw", guards=[SIGNER])
async def withdraw(
    reference: FromPath[str], number: FromPath[int], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Take it back for the buyer."""
    return await _end(service.withdraw, request, principal, reference, number)


@post("/contracts/{reference:str}/amendments/{number:int}/refuse", guards=[APPROVER])
async def refuse(
    reference: FromPath[str], number: FromPath[int], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Refuse it for the buyer."""
    return await _end(service.refuse, request, principal, reference, number)


async def card(principal: Principal, contract: ContractView) -> Fill | None:
    """Fill ``contract_page.aside``."""
    stands = contracts.standing(principal, contract)
    rows = await queries.amendments(contract.id, party=stands.party)
    proposes = stands.buyer and contract.status in UNDER_CONTRACT
    if not rows and not proposes:
        return None
    shown = {"contract": contract, "rows": rows, "proposes": proposes, **NAMES}
    return Fill("procurement/contracts/amendments/card.html", shown)


async def _end(
    use_case: Callable[[Principal, int, str], Awaitable[None]],
    request: Request[Any, Any, Any], principal: Principal, reference: str, number: int,
) -> Response[Any]:  # fmt: skip
    form = await Form.read(request, ReasonForm)
    try:
        await use_case(principal, await _id(principal, reference, number), form.value.reason)
    except DomainError as refusal:
        return await _show(principal, reference, number, form.refused(refusal))
    return see_other(f"/contracts/{reference}/amendments/{number}", N_("已写明理由，补充协议不生效。"))


async def _id(principal: Principal, reference: str, number: int) -> int:
    contract = await contracts.contract(principal, reference)
    return (await queries.amendment(contract.id, number, party=contracts.standing(principal, contract).party)).id


async def _propose(principal: Principal, reference: str, form: Form[AmendmentForm]) -> Response[str]:
    contract = await contracts.contract(principal, reference)
    if not contracts.standing(principal, contract).buyer:
        raise NotFound
    return await page(
        "procurement/contracts/amendments/propose.html",
        form=form,
        contract=contract,
        most=await service.most_to_add(contract.id),
        blocks=await service.blocks_of(contract.id, Change()),
        crumbs=[Crumb(contract.reference, f"/contracts/{reference}"), Crumb(N_("变更合同"))],
        **NAMES,
    )


async def _show(principal: Principal, reference: str, number: int, form: Form[ReasonForm]) -> Response[str]:
    contract = await contracts.contract(principal, reference)
    stands = contracts.standing(principal, contract)
    row = await queries.amendment(contract.id, number, party=stands.party)
    waits = row.status is AmendmentStatus.AGREED
    return await page(
        "procurement/contracts/amendments/show.html",
        form=form,
        contract=contract,
        amendment=row,
        agrees=stands.provider and row.status is AmendmentStatus.PROPOSED,
        approves=stands.approver and waits and principal.account_id not in (row.proposed_by, row.signed_by_provider),
        withdraws=stands.buyer and row.status in (AmendmentStatus.PROPOSED, AmendmentStatus.AGREED),
        blocks=await service.blocks_of(contract.id, Change(row.added, row.ends_on)) if waits else [],
        crumbs=[Crumb(contract.reference, f"/contracts/{reference}"), Crumb(N_("补充协议"))],
        **NAMES,
    )
