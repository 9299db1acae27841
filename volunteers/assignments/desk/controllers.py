"""Publishing one shift from a form, changing it, calling it off."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError, InvalidInput, NotFound
from app.core.text import N_, Message
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.places.queries import StationView, find_places, path_to, stations_in
from volunteers.assignments.desk.forms import CancelForm, CapacityForm, MoveForm, NewAssignmentForm
from volunteers.assignments.queries import assignment_page
from volunteers.assignments.rules import AssignmentEvent, AssignmentStatus
from volunteers.assignments.service import change_status, publish_assignments
from volunteers.assignments.sign_ups.disruptions import cancel_assignment, reschedule, set_capacity
from volunteers.assignments.tags import WORDS

DESK = requires(Permission.ASSIGNMENT_PUBLISH)
GENDERS = {"F": N_("女性"), "M": N_("男性")}
MATCHES = 40


@get("/station/new", guards=[DESK])
async def new_form(principal: CurrentPrincipal) -> Response[str]:
    """Show an empty shift."""
    return await _new(principal, Form.empty(NewAssignmentForm, insured=True))


@post("/station/new", guards=[DESK])
async def publish(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Publish the shift, or keep it as a draft."""
    form = await Form.read(request, NewAssignmentForm)
    try:
        asked = form.value
        place_id = await _place(asked, await _stations(principal))
        [stored] = await publish_assignments(principal, [asked.assignment(place_id)])
    except DomainError as refusal:
        return await _new(principal, form.refused(refusal))
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


async def _new(principal: Principal, form: Form[NewAssignmentForm]) -> Response[str]:
    stations = await _stations(principal)
    return await page(
        "volunteers/assignments/new.html",
        form=form,
        station_options=[(station.id, localized(station, "name")) for station in stations.values()],
        genders=GENDERS,
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
        positions=[(position.number, localized(position, "role")) for position in found.positions],
        events=_events(found.status),
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(reference, f"/station/shifts/{reference}"), Crumb(N_("更改"))],
        **WORDS,
    )


def _events(status: AssignmentStatus) -> list[tuple[str, str]]:
    """Return what may be done about sign-up, with its label."""
    return {
        AssignmentStatus.DRAFT: [(AssignmentEvent.PUBLISH.value, N_("发布"))],
        AssignmentStatus.OPEN: [(AssignmentEvent.CLOSE.value, N_("截止报名"))],
        AssignmentStatus.CLOSED: [(AssignmentEvent.REOPEN.value, N_("重新开放报名"))],
    }.get(status, [])


async def _stations(principal: Principal) -> dict[int, StationView]:
    """Return the open stations that the person publishes for, by id."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    return {station.id: station for code in scope.place_codes for station in await stations_in(code) if station.open}


async def _place(asked: NewAssignmentForm, stations: dict[int, StationView]) -> int:
    """Return the id of the place: the typed one below the station's own, or the station's own."""
    station = stations.get(asked.station)
    if station is None:
        raise InvalidInput({"station": Message(N_("请选择负责这个地点的站点。"))})
    wanted = asked.place.strip()
    if not wanted:
        return (await path_to(station.place_code))[-1].id
    near = [place for place in await find_places(wanted, MATCHES) if place.code.startswith(station.place_code)]
    exact = [place for place in near if wanted in (place.name_zh, place.name_en)] or near
    if len(exact) != 1:
        msgid = N_("这个站点下没有叫这个名字的地方。") if not exact else N_("有几个同名的地方，请写全称。")
        raise InvalidInput({"place": Message(msgid)})
    return exact[0].id
