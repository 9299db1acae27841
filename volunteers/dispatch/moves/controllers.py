"""One shift of a plan, to be changed by hand; what a hard rule forbids is refused in words, the choice kept."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.assignments.tags import GREEN_TAG
from volunteers.dispatch import queries as plans
from volunteers.dispatch.locks.queries import locks_of
from volunteers.dispatch.moves import service, shift
from volunteers.dispatch.moves.forms import PutForm, SwapForm, TakeForm
from volunteers.dispatch.moves.rules import NobodyChosen
from volunteers.dispatch.offers.tags import OFFER_TAGS
from volunteers.dispatch.pages import crumbs
from volunteers.dispatch.review.controllers import shifts_path
from volunteers.dispatch.review.tags import STATE_TAGS
from volunteers.dispatch.rules import UNPUBLISHED
from volunteers.dispatch.tags import KEPT_TAG, REASON_NAMES

PLANNER = requires(Permission.DISPATCH_PLAN)
FOLDER = "volunteers/dispatch/moves"
PATH = "/dispatch/{run:uuid}/shifts/{reference:str}"
DONE = N_("已改。计划要重新批准才能发布。")


@get(PATH, guards=[PLANNER])
async def show_shift(run: FromPath[UUID], reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show who is on a shift, who could be, and what keeps others away."""
    return await _show(principal, run, reference)


@post(PATH + "/put", guards=[PLANNER])
async def put(
    request: Request[Any, Any, Any], run: FromPath[UUID], reference: FromPath[str], principal: CurrentPrincipal
) -> Response[Any]:
    """Put people on free seats."""
    form = await Form.read(request, PutForm)
    try:
        await service.put(principal, run, form.value.seats(reference), form.value.reason)
    except DomainError as refusal:
        return await _show(principal, run, reference, put_form=form.refused(refusal), refusal=refusal)
    return see_other(f"/dispatch/{run}/shifts/{reference}", DONE)


@post(PATH + "/take", guards=[PLANNER])
async def take(
    request: Request[Any, Any, Any], run: FromPath[UUID], reference: FromPath[str], principal: CurrentPrincipal
) -> Response[Any]:
    """Take people off their seats."""
    form = await Form.read(request, TakeForm)
    try:
        await service.take(principal, run, form.value.seats(reference), form.value.reason)
    except DomainError as refusal:
        return await _show(principal, run, reference, take_form=form.refused(refusal), refusal=refusal)
    return see_other(f"/dispatch/{run}/shifts/{reference}", DONE)


@get(PATH + "/swap", guards=[PLANNER])
async def swap_form(
    run: FromPath[UUID],
    reference: FromPath[str],
    principal: CurrentPrincipal,
    number: FromQuery[int],
    person: FromQuery[UUID],
) -> Response[str]:
    """Show with whom somebody could change seats."""
    return await _swap(principal, run, reference, Form.empty(SwapForm, number=number, person=person), number, person)


@post(PATH + "/swap", guards=[PLANNER])
async def swap(
    request: Request[Any, Any, Any], run: FromPath[UUID], reference: FromPath[str], principal: CurrentPrincipal
) -> Response[Any]:
    """Let two people change seats."""
    form = await Form.read(request, SwapForm)
    try:
        seats = form.value.seats(reference)
        if seats is None:
            raise NobodyChosen
        await service.swap(principal, run, *seats, form.value.reason)
    except DomainError as refusal:
        asked = form.refused(refusal).value
        return await _swap(principal, run, reference, form, asked.number, asked.person, refusal)
    return see_other(f"/dispatch/{run}/shifts/{reference}", DONE)


@post("/dispatch/{run:uuid}/undo", guards=[PLANNER])
async def undo(run: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Take the latest change back."""
    await service.undo(principal, run)
    return see_other(f"/dispatch/{run}#moves", N_("已撤销上一次改动。"))


async def _show(
    principal: Principal,
    run: UUID,
    reference: str,
    *,
    put_form: Form[PutForm] | None = None,
    take_form: Form[TakeForm] | None = None,
    refusal: DomainError | None = None,
) -> Response[str]:
    view = await plans.run_view(principal, run)
    found = await shift.planned_shift(run, reference)
    may_change = view.status in UNPUBLISHED
    return await page(
        f"{FOLDER}/shift.html",
        status=refusal.status if refusal else None,
        run=view,
        shift=found,
        may_change=may_change,
        candidates=await shift.candidates(principal, run, found) if may_change else {},
        put_form=put_form or Form.empty(PutForm),
        take_form=take_form or Form.empty(TakeForm),
        reasons=getattr(refusal, "reasons", ()),
        locks=await locks_of(principal, view.place_code, view.week_start),
        reason_names=REASON_NAMES,
        **_words(),
        crumbs=crumbs(
            view,
            Crumb(localized(found, "place"), shifts_path(view, found.place_code)),
            Crumb(localized(found, "title")),
        ),
    )


async def _swap(
    principal: Principal,
    run: UUID,
    reference: str,
    form: Form[SwapForm],
    number: int,
    person: UUID,
    refusal: DomainError | None = None,
) -> Response[str]:
    view = await plans.run_view(principal, run)
    found = await shift.planned_shift(run, reference)
    name = next((one.name for seats in found.seats for one in seats.people if one.person == person), "")
    return await page(
        f"{FOLDER}/swap.html",
        status=refusal.status if refusal else None,
        run=view,
        shift=found,
        form=form,
        number=number,
        person=person,
        name=name,
        partners=await shift.partners(principal, run, found, number, person),
        reasons=getattr(refusal, "reasons", ()),
        **_words(),
        crumbs=crumbs(view, Crumb(localized(found, "title"), f"/dispatch/{run}/shifts/{reference}"), Crumb(N_("对换"))),
    )


def _words() -> dict[str, Any]:
    return {"state_tags": STATE_TAGS, "green_tag": GREEN_TAG, "kept_tag": KEPT_TAG, "offer_tags": OFFER_TAGS}
