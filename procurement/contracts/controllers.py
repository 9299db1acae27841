"""Contracts: the public list and text, the buyer's offer, the provider's signature."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from marketplace.products.content import UNIT_NAMES
from procurement.contracts import queries, service
from procurement.contracts.queries import ContractView
from procurement.contracts.service import ContractOffer
from procurement.purchases import queries as purchases
from procurement.purchases.controllers import show_purchase
from procurement.purchases.forms import ContractForm, ReasonForm
from procurement.purchases.rules import PurchaseStatus
from procurement.purchases.tags import STATUS_TAGS

SIGNER = requires(Permission.CONTRACT_SIGN)
NAMES: dict[str, Any] = {"status_tags": STATUS_TAGS, "unit_names": UNIT_NAMES}


@get("/contracts", guards=[public])
async def published(cursor: FromQuery[str | None] = None) -> Response[str]:
    """List the signed contracts."""
    rows = await queries.published(after=decode_cursor(cursor, int))
    return await page("procurement/contracts/list.html", part=sliced(rows, key=lambda row: row.id), **NAMES)


@get("/my/contracts", guards=[requires(Permission.ORDER_ANSWER)])
async def mine(principal: CurrentPrincipal) -> Response[str]:
    """List a provider's contracts."""
    return await page("procurement/contracts/mine.html", rows=await queries.of_provider(principal), **NAMES)


@get("/contracts/{reference:str}", guards=[public])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one contract with its text; it can be printed."""
    return await _show(principal, reference, Form.empty(ReasonForm))


@post("/buying/purchases/{reference:str}/contract", guards=[SIGNER])
async def offer(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Sign for the buyer and offer the contract."""
    form = await Form.read(request, ContractForm)
    found = await purchases.purchase(principal.scope(Permission.CONTRACT_SIGN), reference)
    try:
        term = form.value
        await service.offer_contracts(principal, [ContractOffer(found.id, term.starts_on, term.ends_on, term.terms())])
    except DomainError as refusal:
        return await show_purchase(principal, reference, contract=form.refused(refusal))
    return see_other(f"/buying/purchases/{reference}", N_("合同已签署并发出，等待服务机构签署。"))


@post("/contracts/{reference:str}/sign", guards=[SIGNER])
async def sign(reference: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """Sign for the provider."""
    found = await queries.contract(principal, reference)
    await service.sign_contracts(principal, [found.id])
    return see_other(f"/contracts/{reference}", N_("合同已生效，村社可以点单。"))


@post("/contracts/{reference:str}/decline", guards=[SIGNER])
async def decline(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Turn a contract down for the provider."""
    form = await Form.read(request, ReasonForm)
    found = await queries.contract(principal, reference)
    try:
        await service.decline_contract(principal, found.id, form.value.reason)
    except DomainError as refusal:
        return await _show(principal, reference, form.refused(refusal))
    return see_other("/my/contracts", N_("已回绝，采购人会看到理由。"))


async def _show(principal: Principal, reference: str, form: Form[ReasonForm]) -> Response[str]:
    found = await queries.contract(principal, reference)
    signs = found.status is PurchaseStatus.ORDERED and _is_provider(principal, found)
    return await page(
        "procurement/contracts/show.html",
        form=form,
        contract=found,
        signs=signs,
        blocks=await queries.signing_blocks(found) if signs else [],
        crumbs=[Crumb(N_("合同公告"), "/contracts"), Crumb(found.reference)],
        **NAMES,
    )


def _is_provider(principal: Principal, found: ContractView) -> bool:
    scope = principal.scopes.get(Permission.CONTRACT_SIGN)
    return scope is not None and scope.covers_organization(found.organization_id)
