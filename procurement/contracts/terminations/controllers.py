"""Ending a contract early: the card on its page, and the page with the proposal and its next step."""

from collections.abc import Awaitable, Callable, Sequence
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
from procurement.contracts import queries as contracts
from procurement.contracts.queries import ContractView, Standing
from procurement.contracts.terminations import queries, rules, service
from procurement.contracts.terminations.forms import TerminationForm
from procurement.contracts.terminations.queries import TerminationView
from procurement.contracts.terminations.rules import Ground, Side, TerminationEvent, TerminationStatus, who_acts
from procurement.purchases.forms import ReasonForm
from procurement.purchases.rules import UNDER_CONTRACT

SIGNER = requires(Permission.CONTRACT_SIGN)
APPROVER = requires(Permission.PURCHASE_APPROVE)
_TONES = {TerminationStatus.PROPOSED: "need", TerminationStatus.AGREED: "wait", TerminationStatus.IN_FORCE: "need"}
TAGS = {status: Tag(_TONES.get(status, "off"), name) for status, name in rules.STATUS_NAMES.items()}
NAMES: dict[str, Any] = {
    "tags": TAGS,
    "grounds": rules.GROUND_NAMES,
    "faults": rules.FAULT_NAMES,
    "sides": rules.SIDE_NAMES,
}
UseCase = Callable[[Principal, int, str], Awaitable[None]]


@get("/contracts/{reference:str}/termination", guards=[public])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show how the contract ends early, or ask on which ground it should."""
    return await _show(principal, reference)


@post("/contracts/{reference:str}/termination", guards=[SIGNER])
async def propose(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Propose the early end for one's own side."""
    form = await Form.read(request, TerminationForm)
    contract = await contracts.contract(principal, reference)
    try:
        await service.propose_termination(principal, contract.id, form.value.proposal())
    except DomainError as refusal:
        return await _show(principal, reference, form=form.refused(refusal))
    return _back(reference, N_("已提出，并通知对方。"))


@post("/contracts/{reference:str}/termination/agree", guards=[SIGNER])
async def agree(reference: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """Agree for the other side."""
    try:
        await service.agree(principal, await _open(principal, reference))
    except DomainError as refusal:
        return await _show(principal, reference, reason=Form.empty(ReasonForm).refused(refusal))
    return _back(reference, N_("已同意，等待采购人另一人决定。"))


@post("/contracts/{reference:str}/termination/decide", guards=[APPROVER])
async def decide(reference: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """End the contract."""
    try:
        await service.decide(principal, await _open(principal, reference))
    except DomainError as refusal:
        return await _show(principal, reference, reason=Form.empty(ReasonForm).refused(refusal))
    return _back(reference, N_("合同已解除。已经完成的服务照常验收、付款。"))


@post("/contracts/{reference:str}/termination/decline", guards=[SIGNER])
async def decline(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Insist on the contract for the other side."""
    return await _end(service.decline, request, principal, reference)


@post("/contracts/{reference:str}/termination/refuse", guards=[APPROVER])
async def refuse(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Let the contract go on."""
    return await _end(service.refuse, request, principal, reference)


@post("/contracts/{reference:str}/termination/withdraw", guards=[SIGNER])
async def withdraw(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Take the proposal back for the side that made it."""
    return await _end(service.take_back, request, principal, reference)


@post("/contracts/{reference:str}/termination/cured", guards=[SIGNER])
async def cured(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Record that the breach was put right."""
    return await _end(service.note_cure, request, principal, reference)


async def card(principal: Principal, contract: ContractView) -> Fill | None:
    """Fill ``contract_page.aside``."""
    stands = contracts.standing(principal, contract)
    rows = await queries.terminations(contract.id, party=stands.party)
    may_propose = _proposes(stands, contract, rows)
    if not rows and not may_propose:
        return None
    shown = {"contract": contract, "row": rows[0] if rows else None, "may_propose": may_propose, **NAMES}
    return Fill("procurement/contracts/terminations/card.html", shown)


def _back(reference: str, said: str) -> Response[Any]:
    return see_other(f"/contracts/{reference}/termination", said)


async def _open(principal: Principal, reference: str) -> int:
    return await queries.open_termination((await contracts.contract(principal, reference)).id)


async def _end(use_case: UseCase, request: Request[Any, Any, Any], principal: Principal, reference: str) -> Any:
    form = await Form.read(request, ReasonForm)
    try:
        await use_case(principal, await _open(principal, reference), form.value.reason)
    except DomainError as refusal:
        return await _show(principal, reference, reason=form.refused(refusal))
    return _back(reference, N_("已写明理由，合同继续履行。"))


async def _show(
    principal: Principal,
    reference: str,
    *,
    form: Form[TerminationForm] | None = None,
    reason: Form[ReasonForm] | None = None,
) -> Response[str]:
    contract = await contracts.contract(principal, reference)
    stands = contracts.standing(principal, contract)
    rows = await queries.terminations(contract.id, party=stands.party)
    current = rows[0] if rows else None
    proposes = _proposes(stands, contract, rows)
    if current is None and not proposes:
        raise NotFound
    refused = form or reason
    return await page(
        "procurement/contracts/terminations/show.html",
        status=refused.status if refused else None,
        contract=contract,
        rows=rows,
        may=_steps(principal, stands, current) if current is not None and current.ended_at is None else frozenset(),
        proposes=proposes,
        choices=await _grounds(contract, stands) if proposes else {},
        for_provider=stands.provider,
        blocks=await queries.decision_blocks(current, contract.place_code) if current else [],
        termination=form or Form.empty(TerminationForm, at_fault=rules.Fault.NONE),
        reason=reason or Form.empty(ReasonForm),
        crumbs=[Crumb(contract.reference, f"/contracts/{reference}"), Crumb(N_("解除合同"))],
        **NAMES,
    )


async def _grounds(contract: ContractView, stands: Standing) -> dict[Ground, str]:
    """Return on which grounds this person's side may propose the end."""
    revoked = stands.buyer and await queries.is_revoked(contract.id)
    return {one: name for one, name in rules.GROUND_NAMES.items() if revoked or one is not Ground.REVOKED}


def _proposes(stands: Standing, contract: ContractView, rows: Sequence[TerminationView]) -> bool:
    """Tell whether this person may propose the end now: for a side, while none is on its way or decided."""
    free = not rows or (rows[0].ended_at is not None and rows[0].status is not TerminationStatus.IN_FORCE)
    return (stands.buyer or stands.provider) and contract.status in UNDER_CONTRACT and free


def _steps(principal: Principal, stands: Standing, current: TerminationView) -> frozenset[str]:
    """Return what this person may do with an open termination."""
    here = (current.proposed_for, current.ground, current.status)
    events = {event for (*start, event) in rules.TRANSITIONS if tuple(start) == here}
    decides = {TerminationEvent.DECIDE, TerminationEvent.REFUSE}
    held = set()
    if stands.approver and principal.account_id not in (current.proposed_by, current.answered_by):
        held |= decides
    for side, stands_there in ((Side.BUYER, stands.buyer), (Side.PROVIDER, stands.provider)):
        if stands_there:
            held |= {event for event in events - decides if who_acts(current.proposed_for, event) is side}
    return frozenset(event.value for event in events & held)
