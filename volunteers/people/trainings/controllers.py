"""Trainings for everybody, with one's own; a station's page to define one and to record many people at once."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from marketplace.places.queries import stations_in
from volunteers.people.trainings import queries, service
from volunteers.people.trainings.forms import CompletionsForm, RevokeForm, TrainingForm
from volunteers.people.trainings.rules import TrainingEvent, TrainingStatus
from volunteers.people.trainings.tags import OWN_TAGS, STATUS_TAGS

DESK = requires(Permission.ASSIGNMENT_PUBLISH)
FOLDER = "volunteers/people/trainings"
TAGS = {"status_tags": STATUS_TAGS, "own_tags": OWN_TAGS}


@get("/trainings", guards=[public])
async def trainings(principal: CurrentPrincipal) -> Response[str]:
    """List what one can learn, and what one has completed."""
    return await page(
        f"{FOLDER}/list.html",
        rows=await queries.offered(principal),
        crumbs=[Crumb(N_("做志愿"), "/assignments"), Crumb(N_("培训"))],
        **TAGS,
    )


@get("/trainings/{reference:str}", guards=[public])
async def training(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one training and how to take it."""
    found = await queries.training(principal, reference)
    return await page(
        f"{FOLDER}/show.html",
        training=found,
        answerable=_answers_for(principal, found.station_code),
        crumbs=[Crumb(N_("培训"), "/trainings"), Crumb(reference)],
        **TAGS,
    )


@get("/station/trainings", guards=[DESK])
async def desk(principal: CurrentPrincipal) -> Response[str]:
    """Show the station's trainings and a form for one more."""
    return await _desk(principal, Form.empty(TrainingForm))


@post("/station/trainings", guards=[DESK])
async def define(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Define a training."""
    form = await Form.read(request, TrainingForm)
    try:
        reference = await service.define(principal, form.value.draft())
    except DomainError as refusal:
        return await _desk(principal, form.refused(refusal))
    return see_other(f"/station/trainings/{reference}", N_("培训已发布。发布任务时可以选它作为要求。"))


@get("/station/trainings/{reference:str}", guards=[DESK])
async def record_form(
    reference: FromPath[str], principal: CurrentPrincipal, q: FromQuery[str | None] = None
) -> Response[str]:
    """Show who completed the training and who may be recorded."""
    return await _record(principal, reference, Form.empty(CompletionsForm, completed_on=clock.today()), q or "")


@post("/station/trainings/{reference:str}", guards=[DESK])
async def record(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Record everybody who was ticked."""
    form = await Form.read(request, CompletionsForm)
    try:
        asked = form.value
        count = await service.record_completions(principal, reference, asked.people, asked.completed_on)
    except DomainError as refusal:
        return await _record(principal, reference, form.refused(refusal), "")
    return see_other(f"/station/trainings/{reference}", N_("已记录 %(count)s 人完成培训，并通知了他们。"), count=count)


@post("/station/trainings/{reference:str}/status/{event:str}", guards=[DESK])
async def move_on(reference: FromPath[str], event: FromPath[str], principal: CurrentPrincipal) -> Redirect:
    """Hold the training no more, or again."""
    if event not in tuple(TrainingEvent):
        raise NotFound
    await service.move_on(principal, reference, TrainingEvent(event))
    return see_other(f"/station/trainings/{reference}", N_("已保存。"))


@post("/station/trainings/{reference:str}/revoke/{completion:uuid}", guards=[DESK])
async def revoke(
    reference: FromPath[str], completion: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Take one completion back."""
    form = await Form.read(request, RevokeForm)
    await service.revoke_completion(principal, completion, form.value.reason)
    return see_other(f"/station/trainings/{reference}", N_("已撤销，本人会收到原因。"))


def _answers_for(principal: Principal, place_code: str) -> bool:
    permission = Permission.ASSIGNMENT_PUBLISH
    return principal.can(permission) and principal.scope(permission).covers_place(place_code)


async def _desk(principal: Principal, form: Form[TrainingForm]) -> Response[str]:
    codes = principal.scope(Permission.ASSIGNMENT_PUBLISH).place_codes
    stations = [one for code in codes for one in await stations_in(code) if one.open]
    return await page(
        f"{FOLDER}/desk.html",
        status=form.status if form.refusal else None,
        rows=await queries.held_by_stations(principal),
        form=form,
        station_options=[(one.id, localized(one, "name")) for one in stations],
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(N_("培训"))],
        **TAGS,
    )


async def _record(principal: Principal, reference: str, form: Form[CompletionsForm], name: str) -> Response[str]:
    found = await queries.training(principal, reference)
    principal.scope(Permission.ASSIGNMENT_PUBLISH).require_place(found.station_code)
    ended = found.status is TrainingStatus.ENDED
    return await page(
        f"{FOLDER}/record.html",
        status=form.status if form.refusal else None,
        training=found,
        form=form,
        ticked=[str(one) for one in form.text("people")],
        name=name,
        waiting=await queries.trainees(principal, reference, name, completed=False),
        done=await queries.trainees(principal, reference, name, completed=True),
        event=(TrainingEvent.REOPEN, N_("重新举办")) if ended else (TrainingEvent.END, N_("停止举办")),
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(N_("培训"), "/station/trainings"), Crumb(reference)],
        **TAGS,
    )
