"""Publishing one shift from a form, changing it, calling it off."""

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.assignments.desk.forms import (
    CancelForm,
    CapacityForm,
    DetailsForm,
    MoveForm,
    NewAssignmentForm,
    PositionForm,
)
from volunteers.assignments.desk.grounds import place_of, stations_of, training_options
from volunteers.assignments.desk.rows import PositionRows
from volunteers.assignments.desk.service import add_positions, change_details
from volunteers.assignments.queries import AssignmentPage, assignment_page
from volunteers.assignments.rules import AssignmentEvent, AssignmentStatus
from volunteers.assignments.service import change_status, publish_assignments
from volunteers.assignments.sign_ups.disruptions import cancel_assignment, reschedule, set_capacity
from volunteers.assignments.tags import WORDS

DESK = requires(Permission.ASSIGNMENT_PUBLISH)
GENDERS = {"F": N_("女性"), "M": N_("男性")}


@get("/station/new", guards=[DESK])
async def new_form(principal: CurrentPrincipal) -> Response[str]:
    """Show an empty shift."""
    return await _new(principal, Form.empty(NewAssignmentForm, insured=True), PositionRows([]))


@post("/station/new", guards=[DESK])
async def publish(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Publish the shift, or keep it as a draft; or show the form with one kind of seat more."""
    form, rows = await Form.read(request, NewAssignmentForm), await PositionRows.read(request)
    if rows.asked_for_more:
        return await _new(principal, form, rows, status=200)
    try:
        form.errors |= rows.errors
        asked = form.value
        place_id = await place_of(asked.station, asked.place, await stations_of(principal))
        [stored] = await publish_assignments(principal, [asked.assignment(place_id, rows.drafts)])
    except DomainError as refusal:
        return await _new(principal, form.refused(refusal), rows)
    said = N_("已存为草稿。") if asked.draft else N_("已发布，志愿者现在就能报名。")
    return see_other(f"/station/shifts/{stored.reference}", said)


@get("/station/shifts/{reference:str}/change", guards=[DESK])
async def change_form(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show what may still be changed."""
    return await _change(principal, reference)


@post("/station/shifts/{reference:str}/move", guards=[DESK])
async def move(reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Move the shift in time with everybody on it."""
    form = await Form.read(request, MoveForm)
    try:
        await reschedule(principal, reference, form.value.starts, form.value.ends)
    except DomainError as refusal:
        return await _change(principal, reference, move=form.refused(refusal))
    return see_other(f"/station/shifts/{reference}", N_("已改期，已报名的人收到了通知。"))


@post("/station/shifts/{reference:str}/capacity", guards=[DESK])
async def resize(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Change how many a position takes."""
    form = await Form.read(request, CapacityForm)
    try:
        await set_capacity(principal, reference, form.value.number, form.value.capacity)
    except DomainError as refusal:
        return await _change(principal, reference, capacity=form.refused(refusal))
    return see_other(f"/station/shifts/{reference}", N_("名额已更新。"))


@post("/station/shifts/{reference:str}/details", guards=[DESK])
async def reword(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Put the shift's title and what people are told into other words."""
    form = await Form.read(request, DetailsForm)
    try:
        await change_details(principal, reference, msgspec.structs.asdict(form.value))
    except DomainError as refusal:
        return await _change(principal, reference, details=form.refused(refusal))
    return see_other(f"/station/shifts/{reference}", N_("已保存。"))


@post("/station/shifts/{reference:str}/positions", guards=[DESK])
async def add_seats(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Add a kind of seat."""
    form = (await PositionRows.read(request)).rows[0]
    try:
        await add_positions(principal, [(reference, form.value.draft())])
    except DomainError as refusal:
        return await _change(principal, reference, position=form.refused(refusal))
    return see_other(f"/station/shifts/{reference}", N_("岗位已加上。"))


@post("/station/shifts/{reference:str}/cancel", guards=[DESK])
async def cancel(reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Redirect:
    """Call the shift off."""
    form = await Form.read(request, CancelForm)
    count = await cancel_assignment(principal, reference, form.value.reason)
    return see_other(f"/station/shifts/{reference}", N_("已取消，通知了 %(count)s 人。"), count=count)


@post("/station/shifts/{reference:str}/status/{event:str}", guards=[DESK])
async def move_on(reference: FromPath[str], event: FromPath[str], principal: CurrentPrincipal) -> Redirect:
    """Publish a draft, close sign-up, or open it again."""
    if event not in (AssignmentEvent.PUBLISH, AssignmentEvent.CLOSE, AssignmentEvent.REOPEN):
        raise NotFound
    await change_status(principal, reference, AssignmentEvent(event))
    return see_other(f"/station/shifts/{reference}", N_("已保存。"))


async def _new(
    principal: Principal, form: Form[NewAssignmentForm], rows: PositionRows, status: int | None = None
) -> Response[str]:
    stations = await stations_of(principal)
    return await page(
        "volunteers/assignments/new.html",
        form=form,
        status=status,
        rows=rows,
        station_options=[(station.id, localized(station, "name")) for station in stations.values()],
        genders=GENDERS,
        training_names=await training_options(),
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(N_("发布任务"))],
        **WORDS,
    )


async def _change(principal: Principal, reference: str, **forms: Form[Any]) -> Response[str]:
    found = await assignment_page(reference)
    principal.scope(Permission.ASSIGNMENT_PUBLISH).require_place(found.station_code)
    refused = next(iter(forms.values()), None)
    return await page(
        "volunteers/assignments/change.html",
        status=refused.status if refused else None,
        assignment=found,
        move=forms.get("move") or Form.of(MoveForm(found.starts, found.ends)),
        capacity=forms.get("capacity") or Form.empty(CapacityForm, number=1, capacity=found.positions[0].capacity),
        details=forms.get("details") or Form.of(_details(found)),
        position=forms.get("position") or Form.empty(PositionForm),
        genders=GENDERS,
        training_names=await training_options(),
        positions=[(position.number, localized(position, "role")) for position in found.positions],
        events=_events(found.status),
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(reference, f"/station/shifts/{reference}"), Crumb(N_("更改"))],
        **WORDS,
    )


def _details(found: AssignmentPage) -> DetailsForm:
    return DetailsForm(**{name: getattr(found, name) for name in DetailsForm.__struct_fields__})


def _events(status: AssignmentStatus) -> list[tuple[str, str]]:
    """Return what may be done about sign-up, with its label."""
    return {
        AssignmentStatus.DRAFT: [(AssignmentEvent.PUBLISH.value, N_("发布"))],
        AssignmentStatus.OPEN: [(AssignmentEvent.CLOSE.value, N_("截止报名"))],
        AssignmentStatus.CLOSED: [(AssignmentEvent.REOPEN.value, N_("重新开放报名"))],
    }.get(status, [])
