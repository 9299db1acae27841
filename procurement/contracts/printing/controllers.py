"""Contracts and amendments as PDF, and the page on which anybody checks one."""

import asyncio
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from app.core.access import Principal
from app.core.settings import settings
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public
from app.web.pages import page
from procurement.contracts import queries as contracts
from procurement.contracts.amendments import queries as amendments
from procurement.contracts.amendments.queries import AmendmentView
from procurement.contracts.printing import queries
from procurement.contracts.printing.forms import CheckForm
from procurement.contracts.printing.layout import Paper, Signature, contract_pdf, money_words
from procurement.contracts.printing.queries import Signers
from procurement.contracts.printing.rules import is_of
from procurement.contracts.queries import ContractView

BUYER, PROVIDER, APPROVER = N_("甲方（购买主体）"), N_("乙方（承接主体）"), N_("甲方审批")


@get("/contracts/{reference:str}/contract.pdf", guards=[public])
async def contract_file(reference: FromPath[str], principal: CurrentPrincipal) -> Response[bytes]:
    """Hand out the contract; the signers' names are printed for its two parties only."""
    return await contract_copy(principal, reference)


async def contract_copy(principal: Principal, reference: str) -> Response[bytes]:
    """Return the contract as a download, for the page and for programs."""
    view = await contracts.contract(principal, reference)
    named = contracts.standing(principal, view).party
    paper = contract_paper(view, await queries.signers(view.id), named=named)
    return await _file(paper, f"{view.reference}.pdf", view.signed_at is not None and not named)


@get("/contracts/{reference:str}/amendments/{number:int}/amendment.pdf", guards=[public])
async def amendment_file(
    reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal
) -> Response[bytes]:
    """Hand out an amendment."""
    return await amendment_copy(principal, reference, number)


async def amendment_copy(principal: Principal, reference: str, number: int) -> Response[bytes]:
    """Return an amendment as a download."""
    view = await contracts.contract(principal, reference)
    named = contracts.standing(principal, view).party
    row = await amendments.amendment(view.id, number, party=named)
    signers = await queries.signers(view.id, number)
    facts = [*_cover(view, signers), (N_("增加的数量"), str(row.added or "—"))]
    paper = Paper(
        f"{view.reference}-{number}", facts, row.body_zh, row.text_sha256, _signatures(view, row, signers, named),
        _check(reference),
    )  # fmt: skip
    return await _file(paper, f"{view.reference}-{number}.pdf", row.approved_at is not None and not named)


@get("/contracts/{reference:str}/check", guards=[public])
async def check(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[str]:
    """Say whether a hash is that of a text in force under this number."""
    view = await contracts.contract(principal, reference)
    texts = await queries.signed_texts(view.id)
    form = Form.from_query(request, CheckForm)
    typed = form.value.sha256.strip()
    return await page(
        "procurement/contracts/printing/check.html",
        form=form,
        contract=view,
        texts=texts,
        typed=typed,
        found=next((text for text in texts if is_of(typed, text.text_sha256)), None),
        crumbs=[Crumb(view.reference, f"/contracts/{reference}"), Crumb(N_("核对"))],
    )


def contract_paper(view: ContractView, signers: Signers, *, named: bool) -> Paper:
    """Return what is printed of a contract; without ``named`` the signers stay unnamed."""
    signatures = [
        Signature(BUYER, view.place_zh, signers.buyer if named else None, view.offered_at),
        Signature(PROVIDER, view.organization_zh, signers.provider if named else None, view.signed_at),
    ]
    facts = [*_cover(view, signers), (N_("总价"), money_words(view.quantity * view.unit_price_fen))]
    return Paper(view.reference, facts, view.body_zh, view.text_sha256, signatures, _check(view.reference))


def _cover(view: ContractView, signers: Signers) -> list[tuple[str, str]]:
    return [
        (N_("合同编号"), view.reference),
        (N_("采购编号"), view.purchase_reference),
        (BUYER, view.place_zh),
        (PROVIDER, f"{view.organization_zh}（{signers.uscc}）"),
        (N_("服务"), f"{view.title_zh}（{view.product_reference} v{view.product_version}）"),
        (N_("单价"), money_words(view.unit_price_fen)),
    ]


def _signatures(view: ContractView, row: AmendmentView, signers: Signers, named: bool) -> list[Signature]:
    names = (signers.amendment_buyer, signers.amendment_provider, signers.amendment_approver)
    buyer, provider, approver = names if named else (None, None, None)
    return [
        Signature(BUYER, view.place_zh, buyer, row.proposed_at),
        Signature(PROVIDER, view.organization_zh, provider, row.agreed_at),
        Signature(APPROVER, view.place_zh, approver, row.approved_at),
    ]


def _check(reference: str) -> str:
    return f"{settings().public_url}/contracts/{reference}/check"


async def _file(paper: Paper, name: str, cached: bool) -> Response[bytes]:
    made = await asyncio.to_thread(contract_pdf, paper)
    control = "public, max-age=3600" if cached else "private, no-store"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": control}
    return Response(made, media_type="application/pdf", headers=headers)
