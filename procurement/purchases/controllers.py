"""Purchases: what may be bought, asking, deciding, one purchase with its next step."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.money import yuan
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from marketplace.organizations.provision import CATEGORY_NAMES
from marketplace.products.content import UNIT_NAMES
from procurement.blocks import Block
from procurement.choices import place_options
from procurement.frameworks.admissions import queries as admissions
from procurement.oversight.ratings import queries as ratings
from procurement.oversight.ratings.rules import evaluation_text
from procurement.purchases import queries, rules, service
from procurement.purchases.approvals import queries as approvals
from procurement.purchases.approvals.queries import Turn
from procurement.purchases.approvals.rules import LEVEL_NAMES
from procurement.purchases.challenges import PurchaseChallenged, is_held
from procurement.purchases.closing import service as closing
from procurement.purchases.forms import (
    ContractForm,
    DecideForm,
    EvaluationForm,
    MinutesForm,
    OfferFilter,
    ReasonForm,
    RequestForm,
)
from procurement.purchases.moments import moments
from procurement.purchases.queries import PurchaseView
from procurement.purchases.rules import PurchaseEvent, PurchaseStatus
from procurement.purchases.service import PurchaseRequest
from procurement.purchases.tags import GROUPS, STATUS_TAGS, status_tag
from procurement.reading import BUYERS, reading_scope
from procurement.separation import OnePerson

READER = requires(*BUYERS)
OFFICER = requires(Permission.PURCHASE_REQUEST)
APPROVER = requires(Permission.PURCHASE_APPROVE)
NAMES: dict[str, Any] = {
    "status_tags": STATUS_TAGS,
    "status_tag": status_tag,
    "method_names": rules.METHOD_NAMES,
    "unit_names": UNIT_NAMES,
    "category_names": CATEGORY_NAMES,
}


@get("/buying/purchases", guards=[READER])
async def purchases(
    principal: CurrentPrincipal, group: FromQuery[str] = "open", cursor: FromQuery[str | None] = None
) -> Response[str]:
    """List purchases by how far they are."""
    chosen = group if group in GROUPS else "open"
    rows = await queries.purchases(reading_scope(principal, *BUYERS), GROUPS[chosen][1], decode_cursor(cursor, int))
    return await page(
        "procurement/purchases/list.html",
        part=sliced(rows, key=lambda row: row.id),
        group=chosen,
        groups={key: name for key, (name, _) in GROUPS.items()},
        **NAMES,
    )


@get("/buying/offers", guards=[OFFICER])
async def offers(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Show what may be bought today, and at which rate."""
    asked = Form.from_query(request, OfferFilter).value
    scope = principal.scope(Permission.PURCHASE_REQUEST)
    rows = await admissions.admitted_offers(scope, asked.category, asked.q)
    scores = await ratings.of_organizations([row.organization_public_id for row in rows])
    rows.sort(key=lambda row: (not scores[row.organization_public_id].shown, -scores[row.organization_public_id].score))
    return await page("procurement/purchases/offers.html", rows=rows, scores=scores, asked=asked, **NAMES)


@get("/buying/purchases/new", guards=[OFFICER])
async def request_form(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Show an empty request for the offer that was chosen; without one, what may be chosen."""
    chosen = request.query_params.get("admission", "")
    if not chosen:
        return see_other("/buying/offers")
    return await _request(principal, Form.empty(RequestForm, admission=chosen, quantity=10))


@post("/buying/purchases", guards=[OFFICER])
async def ask(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Ask for a purchase; its money is reserved at once."""
    form = await Form.read(request, RequestForm)
    try:
        asked = form.value
        lines = {line.key: line.id for line in await queries.line_choices(principal.scope(Permission.PURCHASE_REQUEST))}
        [admission_id] = await admissions.admission_ids([asked.admission])
        wanted = PurchaseRequest(
            admission_id, lines.get(asked.line, 0), asked.place_code, asked.quantity, asked.purpose_zh
        )
        [reference] = await queries.references_of(await service.request_purchases(principal, [wanted]))
    except DomainError as refusal:
        return await _request(principal, form.refused(refusal))
    return see_other(f"/buying/purchases/{reference}", N_("已预留预算，等待另一人审批。"))


@get("/buying/purchases/waiting", guards=[APPROVER])
async def waiting(principal: CurrentPrincipal) -> Response[str]:
    """Show the purchases that wait for a second person."""
    return await _waiting(principal, Form.empty(DecideForm))


@post("/buying/purchases/waiting", guards=[APPROVER])
async def decide(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Approve or refuse the ticked purchases."""
    form = await Form.read(request, DecideForm)
    try:
        form.require_ticked("purchases")
        asked = form.value
        ids = await queries.purchase_ids(asked.references)
        await service.decide_purchases(principal, asked.decisions(ids))
    except DomainError as refusal:
        return await _waiting(principal, form.refused(refusal))
    said = N_("已审批 %(count)s 项采购。") if asked.approve else N_("已退回 %(count)s 项采购，预留的预算已释放。")
    return see_other("/buying/purchases/waiting", said, count=len(ids))


@get("/buying/purchases/{reference:str}", guards=[READER])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one purchase with its next step."""
    return await show_purchase(principal, reference)


@post("/buying/purchases/{reference:str}/cancel", guards=[OFFICER])
async def cancel(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Take a purchase back before its contract binds."""
    form = await Form.read(request, ReasonForm)
    found = await queries.purchase(principal.scope(Permission.PURCHASE_REQUEST), reference)
    try:
        await service.cancel_purchase(principal, found.id, form.value.reason)
    except DomainError as refusal:
        return await show_purchase(principal, reference, reason=form.refused(refusal))
    return see_other(f"/buying/purchases/{reference}", N_("已取消，预留的预算已释放。"))


@post("/buying/purchases/{reference:str}/rate", guards=[OFFICER])
async def rate(reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Write the performance evaluation."""
    form = await Form.read(request, EvaluationForm)
    found = await queries.purchase(principal.scope(Permission.PURCHASE_REQUEST), reference)
    try:
        await closing.rate_purchase(principal, found.id, form.value.evaluation_zh)
    except DomainError as refusal:
        return await show_purchase(principal, reference, evaluation=form.refused(refusal))
    return see_other(f"/buying/purchases/{reference}", N_("已评价，可以归档。"))


@post("/buying/purchases/{reference:str}/close", guards=[OFFICER])
async def close(reference: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """Close the file."""
    found = await queries.purchase(principal.scope(Permission.PURCHASE_REQUEST), reference)
    await closing.close_purchase(principal, found.id)
    return see_other(f"/buying/purchases/{reference}", N_("已归档。"))


async def show_purchase(
    principal: Principal,
    reference: str,
    *,
    contract: Form[ContractForm] | None = None,
    reason: Form[ReasonForm] | None = None,
    evaluation: Form[EvaluationForm] | None = None,
) -> Response[str]:
    """Show one purchase, with the form that was refused if one was."""
    found = await queries.purchase(reading_scope(principal, *BUYERS), reference)
    refused = contract or reason or evaluation
    awaits = (found.method, found.status) in rules.AWAITS_APPROVAL
    today = clock.today()
    went = await ratings.of_purchase(found.id) if found.status is PurchaseStatus.PAID else None
    return await page(
        "procurement/purchases/show.html",
        status=refused.status if refused else None,
        purchase=found,
        blocks=await _blocks(found, awaits),
        contract=contract or Form.empty(ContractForm, starts_on=today, ends_on=today.replace(month=12, day=31)),
        reason=reason or Form.empty(ReasonForm),
        kept=await ratings.kept_of(found.id) if found.evaluation_zh else None,
        evaluation=evaluation or Form.empty(EvaluationForm, evaluation_zh=evaluation_text(went) if went else ""),
        can_cancel=(found.method, found.status, PurchaseEvent.CANCEL) in rules.TRANSITIONS,
        works=_works(principal, Permission.PURCHASE_REQUEST, found),
        signs=_works(principal, Permission.CONTRACT_SIGN, found),
        turn=await _turn(principal, found),
        steps=await approvals.steps_of(found.id, awaits),
        level_names=LEVEL_NAMES,
        minutes=Form.empty(MinutesForm),
        own=[OnePerson.block()],
        moments=moments(found),
        crumbs=[Crumb(N_("采购"), "/buying/purchases"), Crumb(found.reference)],
        **NAMES,
    )


async def _blocks(found: PurchaseView, awaits: bool) -> list[Block]:
    signs = found.status in (PurchaseStatus.APPROVED, PurchaseStatus.RESULT_PUBLISHED)
    held = [PurchaseChallenged.block()] if signs and await is_held(found.id) else []
    return [*held, *(await queries.approval_blocks(found.id) if awaits or signs else [])]


def _works(principal: Principal, permission: Permission, found: PurchaseView) -> bool:
    scope = principal.scopes.get(permission)
    return scope is not None and scope.covers_place(found.place_code)


async def _turn(principal: Principal, found: PurchaseView) -> Turn | None:
    """Return whose turn a waiting purchase is, for those who approve there."""
    if (found.method, found.status) not in rules.AWAITS_APPROVAL or not _works(
        principal, Permission.PURCHASE_APPROVE, found
    ):
        return None
    return (await approvals.turns(principal, [found.id])).get(found.id)


async def _waiting(principal: Principal, form: Form[DecideForm]) -> Response[str]:
    scope = principal.scope(Permission.PURCHASE_APPROVE)
    rows = await queries.purchases(scope, rules.AWAITS_APPROVAL, limit=200)
    turns = await approvals.turns(principal, [row.id for row in rows])
    return await page(
        "procurement/purchases/waiting.html",
        form=form,
        rows=sorted(rows, key=lambda row: not turns[row.id].mine),
        turns=turns,
        level_names=LEVEL_NAMES,
        me=principal.account_id,
        **NAMES,
    )


async def _request(principal: Principal, form: Form[RequestForm]) -> Response[str]:
    scope = principal.scope(Permission.PURCHASE_REQUEST)
    offered = await admissions.admitted_offers(scope)
    lines = [
        (line.key, f"{localized(line, 'place')} {line.year} · {yuan(line.left_fen)}")
        for line in await queries.line_choices(scope)
    ]
    return await page(
        "procurement/purchases/new.html",
        form=form,
        offer=next((row for row in offered if str(row.public_id) == str(form.text("admission"))), None),
        lines=lines,
        places=await place_options(scope),
        **NAMES,
    )
