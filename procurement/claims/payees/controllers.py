"""Payees that wait for somebody to look: the list, and saying that two are two."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Permission, Principal
from app.core.errors import DomainError, InvalidInput
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.claims.desk.queries import ids_of
from procurement.claims.forms import Reason, ReferenceText
from procurement.claims.payees import queries, service
from procurement.claims.payees.rules import UNFIT_NAMES
from procurement.claims.withdrawals.service import take_back

HOME = "/claims/payees"
JUDGES = requires(Permission.CLAIM_APPROVE)


class ClearanceForm(msgspec.Struct):
    """How somebody found that two payees are two people."""

    ground: Reason = ""


class WithdrawalForm(msgspec.Struct):
    """Which claims' approval is taken back, and why; their payee reads it."""

    claims: list[ReferenceText] = []
    reason: Reason = ""


@get(HOME, guards=[JUDGES])
async def payees(principal: CurrentPrincipal) -> Response[str]:
    """List the payees who are left out of batches."""
    return await _page(principal, Form.empty(ClearanceForm))


@post(f"{HOME}/{{person:uuid}}/{{other:uuid}}", guards=[JUDGES])
async def clear(
    person: FromPath[UUID], other: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Say that two payees are two people."""
    form = await Form.read(request, ClearanceForm)
    try:
        await service.clear_twins(principal, *await queries.ids_of(person, other), form.value.ground)
    except InvalidInput as refusal:
        return await _page(principal, form.refused(refusal), person)
    return see_other(HOME, N_("已核实。他们的申领列入下一个批次。"))


@post(f"{HOME}/{{person:uuid}}/withdrawal", guards=[JUDGES])
async def withdraw(
    person: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Take the approval of a payee's claims back."""
    form = await Form.read(request, WithdrawalForm)
    try:
        form.require_ticked("claims")
        count = await take_back(principal, await ids_of(principal, form.value.claims), form.value.reason)
    except DomainError as refusal:
        return await _page(principal, form.refused(refusal), person)
    return see_other(HOME, N_("已撤回 %(count)s 件的审核，收款人会看到理由。"), count=count)


async def _page(principal: Principal, form: Form[Any], asked: UUID | None = None) -> Response[str]:
    return await page(
        "procurement/claims/payees.html",
        rows=await queries.unfit(principal),
        unfit_names=UNFIT_NAMES,
        me=principal.actor,
        form=form,
        asked=asked,
        crumbs=[Crumb(N_("补贴审核"), "/claims"), Crumb(N_("收款人核查"))],
    )
