"""Orders: a village's list, one order with its way, a provider's answer."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb, Moment
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from marketplace.products.content import UNIT_NAMES
from procurement.deliveries import queries, rules, service
from procurement.deliveries.answering.rules import CHOICES, OrderAnswer
from procurement.deliveries.forms import AnswerForm, ReasonForm
from procurement.deliveries.ordering.queries import villages
from procurement.deliveries.queries import OrderView
from procurement.deliveries.rules import OrderEvent, OrderStatus
from procurement.deliveries.tags import STATUS_TAGS
from procurement.reading import BUYERS

CLERK = requires(Permission.ORDER_PLACE)
PROVIDER = requires(Permission.ORDER_ANSWER)
PARTY = requires(Permission.ORDER_PLACE, Permission.ORDER_ANSWER, *BUYERS)
NAMES: dict[str, Any] = {"status_tags": STATUS_TAGS, "unit_names": UNIT_NAMES, "refusal_names": CHOICES}


@get("/orders", guards=[CLERK])
async def of_village(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show the village's orders and what is left of its quota."""
    scope = principal.scope(Permission.ORDER_PLACE)
    rows = await queries.of_villages(scope, decode_cursor(cursor, int))
    return await page(
        "procurement/deliveries/village.html",
        part=sliced(rows, key=lambda row: row.id),
        villages=await villages(scope, limit=1),
        **NAMES,
    )


@get("/my/orders", guards=[PROVIDER])
async def of_provider(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show the orders that wait for an answer, and those answered."""
    return await _of_provider(principal, Form.empty(AnswerForm), cursor)


@post("/my/orders", guards=[PROVIDER])
async def answer(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Take or decline the ticked orders."""
    form = await Form.read(request, AnswerForm)
    try:
        form.require_ticked("orders")
        asked = form.value
        ids = await queries.order_ids(asked.orders)
        await service.answer_orders(
            principal, [OrderAnswer(one, asked.take, asked.reason, asked.refusal) for one in ids]
        )
    except DomainError as refusal:
        return await _of_provider(principal, form.refused(refusal))
    said = N_("已接 %(count)s 单，任务已发布，可以派人。") if asked.take else N_("已回绝 %(count)s 单，名额退回。")
    return see_other("/my/orders", said, count=len(ids))


@get("/orders/{reference:str}", guards=[PARTY])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one order."""
    return await show_order(principal, reference)


@post("/orders/{reference:str}/cancel", guards=[CLERK])
async def cancel(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Take an order back."""
    form = await Form.read(request, ReasonForm)
    found = await queries.order(principal, reference)
    try:
        await service.cancel_order(principal, found.id, form.value.reason)
    except DomainError as refusal:
        return await show_order(principal, reference, reason=form.refused(refusal))
    return see_other("/orders", N_("已取消，名额已退回。"))


async def show_order(
    principal: Principal,
    reference: str,
    *,
    reason: Form[ReasonForm] | None = None,
) -> Response[str]:
    """Show one order, with the form that was refused if one was."""
    found = await queries.order(principal, reference)
    return await page(
        "procurement/deliveries/show.html",
        status=reason.status if reason else None,
        order=found,
        reason=reason or Form.empty(ReasonForm),
        can_cancel=_works(principal, Permission.ORDER_PLACE, found)
        and (found.status, OrderEvent.CANCEL) in rules.TRANSITIONS,
        answers=_works(principal, Permission.ORDER_ANSWER, found) and found.status is OrderStatus.PLACED,
        moments=_moments(found),
        crumbs=[_list_of(principal, found), Crumb(found.reference)],
        **NAMES,
    )


def _list_of(principal: Principal, found: OrderView) -> Crumb:
    lists = {
        Permission.ORDER_PLACE: "/orders",
        Permission.ORDER_ANSWER: "/my/orders",
        Permission.DELIVERY_ACCEPT: "/buying/acceptance",
    }
    path = next((path for permission, path in lists.items() if principal.can(permission)), None)
    return (
        Crumb(N_("订单"), path) if path else Crumb(found.contract_reference, f"/contracts/{found.contract_reference}")
    )


def _works(principal: Principal, permission: Permission, found: OrderView) -> bool:
    scope = principal.scopes.get(permission)
    if scope is None:
        return False
    return scope.covers_place(found.place_code) or scope.covers_organization(found.organization_id)


def _moments(found: OrderView) -> list[Moment]:
    steps = [Moment(N_("村社点单"), found.placed_at, "done", detail=found.note_zh)]
    if found.status is OrderStatus.DECLINED:
        return [*steps, Moment(N_("机构未接单"), found.answered_at, "need", detail=found.reason)]
    if found.status is OrderStatus.CANCELLED:
        return [*steps, Moment(N_("已取消"), None, "off", detail=found.reason)]
    order = list(OrderStatus)
    reached = order.index(found.status)
    taken, done = reached >= order.index(OrderStatus.TAKEN), reached >= order.index(OrderStatus.DELIVERED)
    came = found.wished_start if taken else None
    steps.append(Moment(N_("机构接单"), found.answered_at, "done" if taken else "off"))
    steps.append(Moment(N_("派人上门"), came, "done" if done else "info", detail=" · ".join(found.people)))
    judged = N_("验收不合格") if found.verdict == "refused" else N_("验收")
    tone = "need" if found.verdict == "refused" else "done" if found.verdict else "off"
    return [*steps, Moment(judged, found.accepted_at, tone, detail=found.opinion or "")]


async def _of_provider(principal: Principal, form: Form[AnswerForm], cursor: str | None = None) -> Response[str]:
    scope = principal.scope(Permission.ORDER_ANSWER)
    rows = await queries.of_organizations(scope, decode_cursor(cursor, int))
    return await page(
        "procurement/deliveries/provider.html",
        form=form,
        waiting=await queries.to_answer(scope),
        part=sliced(rows, key=lambda row: row.id),
        **NAMES,
    )
