"""The station's day and week: who is coming, and one tap to say who came."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core import clock
from app.core.access import Permission
from app.core.errors import InvalidInput
from app.core.text import N_, Message
from app.web.components import Crumb
from app.web.filters import WEEKDAYS
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.assignments.sign_ups.rules import SignUpStatus
from volunteers.assignments.tags import WORDS
from volunteers.attendance import queries
from volunteers.attendance.queries import ShiftPerson, StationShift
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import Confirmed, confirm_attendance

STAFF = requires(Permission.ATTENDANCE_CONFIRM, Permission.ASSIGNMENT_PUBLISH)
CONFIRMS = requires(Permission.ATTENDANCE_CONFIRM)
LOOK_BACK = timedelta(days=60)
MOST_SHIFTS = 200
EXPECTED = (SignUpStatus.CONFIRMED, SignUpStatus.CHECKED_IN)


@get("/station", guards=[STAFF])
async def station(principal: CurrentPrincipal, day: FromQuery[date | None] = None) -> Response[str]:
    """Show one day's shifts with their people, and the week around it."""
    chosen = day or clock.today()
    first = clock.at_local(chosen, time.min)
    shifts = await queries.station_shifts(principal, first, first + timedelta(days=1), limit=MOST_SHIFTS)
    monday = clock.week_start(chosen)
    return await page(
        "volunteers/attendance/station.html",
        day=chosen,
        shifts=shifts,
        cut=len(shifts) == MOST_SHIFTS,
        week=await queries.week_counts(principal, monday),
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
        weekdays=WEEKDAYS,
        **WORDS,
    )


@get("/station/unconfirmed", guards=[CONFIRMS])
async def unconfirmed(principal: CurrentPrincipal) -> Response[str]:
    """Show everything that is over and that nobody has confirmed, oldest first."""
    now = clock.now()
    shifts = await queries.station_shifts(principal, now - LOOK_BACK, now, unconfirmed_only=True, limit=MOST_SHIFTS)
    return await page(
        "volunteers/attendance/unconfirmed.html",
        shifts=[shift for shift in shifts if shift.ends <= now],
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(N_("待确认"))],
        **WORDS,
    )


@get("/station/shifts/{reference:str}", guards=[STAFF])
async def shift(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one shift: who is on it, and what the station may still do about it."""
    found = await queries.station_shift(principal, reference)
    now = clock.now()
    return await page(
        "volunteers/attendance/shift.html",
        shift=found,
        started=found.starts <= now,
        over=found.ends <= now,
        crumbs=[Crumb(N_("站点"), f"/station?day={clock.local(found.starts).date()}"), Crumb(found.reference)],
        **WORDS,
    )


@post("/station/shifts/{reference:str}/attendance", guards=[CONFIRMS])
async def confirm(reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Redirect:
    """Confirm who came: everybody with one tap, or those who were ticked, with their times."""
    found = await queries.station_shift(principal, reference)
    sent = await request.form()
    ticked = {str(value) for key, value in sent.multi_items() if key == "present"}
    typed = {key: str(value) for key, value in sent.multi_items()}
    presences = [
        _presence(found, person, "everybody" in typed or str(person.public_id) in ticked, typed)
        for person in found.people
        if person.status in EXPECTED
    ]
    back = "/station/unconfirmed" if typed.get("back") == "unconfirmed" else f"/station/shifts/{reference}"
    return see_other(back, *_said(await confirm_attendance(principal, presences)))


def _presence(found: StationShift, person: ShiftPerson, came: bool, typed: Mapping[str, str]) -> Presence:
    if not came:
        return Presence(person.public_id, Outcome.ABSENT)
    return Presence(
        person.public_id,
        Outcome.ATTENDED,
        _typed_time(found, typed, "arrived", person.public_id),
        _typed_time(found, typed, "left", person.public_id),
        people_served=int(served) if (served := typed.get(f"served-{person.public_id}", "")).isdigit() else None,
    )


def _typed_time(found: StationShift, typed: Mapping[str, str], which: str, person: UUID) -> datetime | None:
    text = typed.get(f"{which}-{person}", "").strip()
    if not text:
        return None
    try:
        at = clock.at_local(clock.local(found.starts).date(), time.fromisoformat(text))
    except ValueError:
        raise InvalidInput({"times": Message(N_("请按“09:05”的样子填写时间。"))}) from None
    past_midnight = which == "left" and at <= found.starts
    return at + timedelta(days=1) if past_midnight else at


def _said(result: Confirmed) -> tuple[Message, str]:
    """Return what to tell after a confirmation, and in which tone."""
    count = len(result.attendance_ids)
    if not result.refused:
        return Message(N_("已确认 %(count)s 人。"), {"count": count}), "done"
    first = next(iter(result.refused.values())).text()
    values = {"count": count, "refused": len(result.refused), "reason": first}
    return Message(N_("已确认 %(count)s 人，另有 %(refused)s 人没有确认：%(reason)s"), values), "need"
