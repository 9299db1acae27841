"""The list of open assignments and an assignment's page, for everybody; signing up with one tap."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import day, localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, page_size, sliced
from marketplace.places.queries import path_to
from marketplace.products import areas
from volunteers.assignments import queries
from volunteers.assignments.forms import ListForm
from volunteers.assignments.queries import AssignmentPage
from volunteers.assignments.rules import AssignmentStatus
from volunteers.assignments.sign_ups.queries import MySignUp, SeatAnswer, my_sign_up_for, why_not
from volunteers.assignments.sign_ups.rules import SignUpRefused
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.assignments.tags import WORDS, head_start
from volunteers.assignments.waiting.queries import lines_of
from volunteers.people.queries import own_person_id

WEEKS_AHEAD = 5


@get("/assignments", guards=[public])
async def assignments(
    request: Request[Any, Any, Any],
    principal: CurrentPrincipal,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Response[str]:
    """List what one can sign up for; a volunteer may narrow it to what suits them."""
    asked = Form.from_query(request, ListForm).value
    person_id = await own_person_id(principal)
    size = page_size(limit)
    after = decode_cursor(cursor, tuple[datetime, int])
    rows = await queries.open_assignments(asked.asked(person_id), after, size + 1)
    choices = await areas.city_and_districts()
    if asked.place and asked.place not in {area.code for area in choices}:
        choices += await areas.areas_named([asked.place])
    return await page(
        "volunteers/assignments/list.html",
        asked=asked,
        part=sliced(rows, lambda row: (row.starts, row.id), size),
        place_options=[(area.code, localized(area, "name")) for area in choices if len(area.code) > 4],
        week_options=[(monday.isoformat(), day(monday)) for monday in _weeks()],
        joined=person_id is not None,
        **WORDS,
    )


@get("/assignments/{reference:str}", guards=[public])
async def assignment(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one assignment, what it asks for, and to a volunteer why it may not be theirs."""
    return await _show(reference, principal)


@post("/assignments/{reference:str}/{number:int}/sign-up", guards=[requires(Permission.ASSIGNMENT_SIGN_UP)])
async def take_seat(reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal) -> Response[Any]:
    """Sign up for a position with one tap."""
    position_id = await queries.position_id(reference, number)
    try:
        await sign_up(principal, position_id)
    except SignUpRefused as refusal:
        return await _show(reference, principal, refusal)
    return see_other(f"/assignments/{reference}", N_("报名成功。时间、地点和注意事项都在这一页。"))


async def _show(reference: str, principal: Principal, refusal: SignUpRefused | None = None) -> Response[str]:
    found = await queries.assignment_page(reference)
    answerable = _answers_for(principal, found)
    if found.status is AssignmentStatus.DRAFT and not answerable:
        raise NotFound
    person_id = await own_person_id(principal)
    joined = person_id is not None
    mine = await my_sign_up_for(principal, found.id) if joined else None
    return await page(
        "volunteers/assignments/show.html",
        status=refusal.status if refusal else None,
        refusal=refusal,
        assignment=found,
        head_start=head_start(found.regulars_until) if found.status is AssignmentStatus.OPEN else None,
        places=(await path_to(found.place_code))[1:],
        mine=mine,
        joined=joined,
        answers=await _answers(principal, found, mine) if joined else {},
        lines=await lines_of(found.id, person_id),
        answerable=answerable,
        started=found.starts <= clock.now(),
        sign_in=f"/sign-in?next={quote(f'/assignments/{reference}')}",
        crumbs=[Crumb(N_("做志愿"), "/assignments"), Crumb(found.reference)],
        **WORDS,
    )


async def _answers(principal: Principal, found: AssignmentPage, mine: MySignUp | None) -> dict[int, SeatAnswer]:
    if mine or not principal.can(Permission.ASSIGNMENT_SIGN_UP):
        return {}
    return {answer.position_id: answer for answer in await why_not(principal, found.reference)}


def _answers_for(principal: Principal, found: AssignmentPage) -> bool:
    """Tell whether the person publishes for, or confirms at, the assignment's station."""
    return any(
        principal.can(permission) and principal.scope(permission).covers_place(found.station_code)
        for permission in (Permission.ASSIGNMENT_PUBLISH, Permission.ATTENDANCE_CONFIRM)
    )


def _weeks() -> list[date]:
    monday = clock.week_start(clock.today())
    return [monday + timedelta(weeks=ahead) for ahead in range(WEEKS_AHEAD)]
