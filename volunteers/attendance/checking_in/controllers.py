"""The volunteer's page of the day with its code, and the station's page that takes it."""

import hashlib
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.settings import settings
from app.core.text import N_
from app.web import qr
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.headers import SECURITY
from app.web.pages import page, see_other
from volunteers.assignments.tags import WORDS
from volunteers.attendance.checking_in import queries, service
from volunteers.attendance.checking_in.forms import CodeForm
from volunteers.attendance.checking_in.rules import Moment

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
CONFIRMS = requires(Permission.ATTENDANCE_CONFIRM)
DESK = "/station/check-in"
CAMERA = dict(SECURITY)["permissions-policy"].replace("camera=()", "camera=(self)")


@get("/my/assignments/{public_id:uuid}/today", guards=[VOLUNTEER])
async def today(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show everything for the day of a shift, its code big."""
    day = await queries.my_day(principal, public_id)
    code = queries.code_of(day)
    address = f"{settings().public_url}{DESK}?c={day.public_id}."
    return await page(
        "volunteers/attendance/checking_in/today.html",
        code=code,
        address=address,
        picture=qr.svg(address + code.digits) if code else "",
        crumbs=[Crumb(N_("我的任务"), "/my/assignments"), Crumb(N_("当天"))],
        **_standing(day),
        **WORDS,
    )


@get("/my/assignments/{public_id:uuid}/today/now", guards=[VOLUNTEER])
async def today_now(public_id: FromPath[UUID], principal: CurrentPrincipal, seen: FromQuery[str] = "") -> Response[Any]:
    """Return how the shift stands, or nothing if it stands as the page has it."""
    standing = _standing(await queries.my_day(principal, public_id))
    if seen == standing["print"]:
        return Response(None, status_code=204)
    return await page("volunteers/attendance/checking_in/standing.html", **standing)


@get(DESK, guards=[CONFIRMS])
async def desk(
    principal: CurrentPrincipal, c: FromQuery[str] = "", seen: FromQuery[UUID | None] = None
) -> Response[str]:
    """Show where the station types or scans codes; a scanned one waits for a tap."""
    form = Form.empty(CodeForm, code=c)
    whose = None
    if c:
        try:
            whose = await queries.whose_code(principal, c)
        except DomainError as refusal:
            form = Form.empty(CodeForm).refused(refusal)
    return await _desk(principal, form, whose=whose, done=await _one(principal, seen))


@post(DESK, guards=[CONFIRMS])
async def check(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Take a code."""
    form = await Form.read(request, CodeForm)
    try:
        checked = await service.check_by_code(principal, form.value.code)
    except DomainError as refusal:
        return await _desk(principal, form.refused(refusal))
    return _seen(checked)


@post("/station/sign-ups/{public_id:uuid}/check-in", guards=[CONFIRMS])
async def came(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Say by a tap on the name that somebody came."""
    return _seen(await service.check_by_name(principal, public_id, Moment.IN))


@post("/station/sign-ups/{public_id:uuid}/check-out", guards=[CONFIRMS])
async def went(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Say by a tap on the name that somebody went."""
    return _seen(await service.check_by_name(principal, public_id, Moment.OUT))


def _seen(checked: service.Checked) -> Redirect:
    return see_other(f"{DESK}?seen={checked.sign_up}")


async def _one(principal: Principal, seen: UUID | None) -> queries.Expected | None:
    return await queries.expected_one(principal, seen) if seen else None


async def _desk(
    principal: Principal,
    form: Form[CodeForm],
    whose: queries.Expected | None = None,
    done: queries.Expected | None = None,
) -> Response[str]:
    answer = await page(
        "volunteers/attendance/checking_in/desk.html",
        form=form,
        whose=whose,
        done=done,
        expected=await queries.expected_now(principal),
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(N_("签到"))],
        **WORDS,
    )
    answer.headers["permissions-policy"] = CAMERA
    return answer


def _standing(day: queries.Day) -> dict[str, Any]:
    told = repr((day.status, day.arrived_at, day.left_at))
    return {"day": day, "print": hashlib.sha256(told.encode()).hexdigest()[:12]}
