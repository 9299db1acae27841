"""The claims officer's desk: a queue with totals, approval of many at once, one claim sent back or refused."""

from collections import defaultdict
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.money import yuan
from app.core.text import N_
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.claims import service
from procurement.claims.desk import queries
from procurement.claims.forms import EVERY, ApprovalForm, QueueForm, ReasonForm, SelectionForm
from procurement.claims.queries import districts_of
from procurement.claims.rules import ClaimStatus
from procurement.claims.sampling import service as sampling
from procurement.claims.standing.queries import standings
from procurement.claims.wording import PROGRAMME_NAMES, STATUS_NAMES, TAGS
from procurement.tariffs.queries import label_in_use

DESK = "/claims"
JUDGES = requires(Permission.CLAIM_APPROVE)


OTHER_STATES = {
    **{name: text for name, text in STATUS_NAMES.items() if name != ClaimStatus.ACCRUED},
    EVERY: N_("全部状态"),
}
"""What the queue can show instead of what waits for approval."""


class SelectionChanged(DomainError):
    """Between looking and approving, the selection became another."""

    code, status = "selection_changed", 409
    message = N_("名单刚有变化：现在是 %(count)s 件，共 %(total)s。请看过新的名单再通过。")


@get("/claims", guards=[JUDGES])
async def desk(
    request: Request[Any, Any, Any], principal: CurrentPrincipal, cursor: FromQuery[str | None] = None
) -> Response[str]:
    """Show the queue; every filter stands in the address."""
    asked = Form.from_query(request, QueueForm).value
    found = await queries.queue(principal, asked.asked(), decode_cursor(cursor, str), PAGE + 1)
    part = sliced(found.rows, lambda row: row.reference)
    return await page(
        "procurement/claims/desk.html",
        asked=asked,
        found=found,
        part=part,
        standings=defaultdict(lambda: None, await standings([row.id for row in part.items])),
        tags=TAGS,
        status_names=OTHER_STATES,
        programme_names=PROGRAMME_NAMES,
        districts=await districts_of(principal.scope(Permission.CLAIM_APPROVE)),
        approvable=asked.status.value == ClaimStatus.ACCRUED.value,
    )


@get("/claims/approval", guards=[JUDGES])
async def approval(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Show what approving the selection comes to, budget line by budget line, before it is done."""
    return await _approval(principal, Form.from_query(request, SelectionForm).value)


async def _approval(principal: Principal, selected: SelectionForm, refused: Form[Any] | None = None) -> Response[Any]:
    ids = await _selected(principal, selected)
    if not ids:
        return see_other(DESK, N_("还没有选中申领。请勾选后再通过。"), kind="info")
    effects = await queries.approval_effects(ids)
    address = _address(selected)
    return await page(
        "procurement/claims/approval.html",
        form=refused or Form.empty(ApprovalForm),
        selected=selected,
        effects=effects,
        unofficial=await label_in_use(),
        sample=await sampling.sample_for(principal, ids, address),
        back=address,
        count=len(ids),
        total_fen=sum(effect.total_fen for effect in effects),
    )


@post("/claims/approval", guards=[JUDGES])
async def approve(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Approve the selection, if it is still what was shown."""
    form = await Form.read(request, ApprovalForm)
    seen = form.value
    try:
        ids = await _selected(principal, seen)
        await _require_unchanged(ids, seen)
        done = await sampling.approve_many(principal, ids)
    except DomainError as refusal:
        return await _approval(principal, seen, form.refused(refusal))
    return see_other(DESK, N_("已通过 %(count)s 件，共 %(total)s。"), count=done.count, total=yuan(done.total_fen))


@post("/claims/{reference:str}/return", guards=[JUDGES])
async def send_back(
    request: Request[Any, Any, Any], principal: CurrentPrincipal, reference: FromPath[str]
) -> Response[Any]:
    """Send a claim back with the reason."""
    given = (await Form.read(request, ReasonForm)).value
    (claim_id,) = await queries.ids_of(principal, [reference])
    await service.return_claim(principal, claim_id, given.reason)
    return see_other(f"{DESK}/{reference}", N_("已退回，申领人会看到理由。"))


@post("/claims/{reference:str}/reject", guards=[JUDGES])
async def reject(
    request: Request[Any, Any, Any], principal: CurrentPrincipal, reference: FromPath[str]
) -> Response[Any]:
    """Refuse a claim for good, with the reason."""
    given = (await Form.read(request, ReasonForm)).value
    (claim_id,) = await queries.ids_of(principal, [reference])
    await service.reject_claim(principal, claim_id, given.reason)
    return see_other(f"{DESK}/{reference}", N_("已驳回，申领人会看到理由。"))


def _address(selected: SelectionForm) -> str:
    """Return the address of a selection, so that one comes back to it from a look at one of its claims."""
    said = [("status", selected.status.value), ("district", selected.district), ("programme", selected.programme)]
    said += [("week", selected.week.isoformat())] if selected.week else []
    said += [("everything", "on")] if selected.everything else [("claims", one) for one in selected.claims]
    return f"{DESK}/approval?{urlencode(said)}"


async def _selected(principal: Principal, selected: SelectionForm) -> list[int]:
    """Return the claims meant: all that match and wait, or those named."""
    if selected.everything:
        return await queries.matching_ids(principal, selected.asked())
    return await queries.ids_of(principal, selected.claims)


async def _require_unchanged(ids: list[int], seen: ApprovalForm) -> None:
    total = sum(effect.total_fen for effect in await queries.approval_effects(ids))
    if (len(ids), total) != (seen.count, seen.total_fen):
        raise SelectionChanged(count=len(ids), total=yuan(total))
