"""Looking at a plan shift by shift and person by person, and approving it."""

from datetime import date, datetime
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import day as day_text
from app.web.filters import localized
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from marketplace.places.queries import path_to
from volunteers.assignments.tags import GREEN_TAG
from volunteers.dispatch import queries as plans
from volunteers.dispatch.pages import crumbs, plan_text
from volunteers.dispatch.queries import RunView
from volunteers.dispatch.review import approving, difference, queries
from volunteers.dispatch.review.rules import Change
from volunteers.dispatch.review.tags import CHANGE_TAGS, STATE_TAGS

PLANNER = requires(Permission.DISPATCH_PLAN)
PUBLISHER = requires(Permission.DISPATCH_PUBLISH)
FOLDER = "volunteers/dispatch/review"


@post("/dispatch/{run:uuid}/approval", guards=[PUBLISHER])
async def approve(run: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Approve a plan as it stands."""
    await approving.approve_plan(principal, run)
    return see_other(f"/dispatch/{run}", N_("已批准。发布后才会通知要去的人。"))


@post("/dispatch/{run:uuid}/reopening", guards=[PLANNER])
async def reopen(run: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Take the approval back to change the plan."""
    await approving.reopen_plan(principal, run)
    return see_other(f"/dispatch/{run}", N_("已收回批准，可以再改。"))


@get("/dispatch/{run:uuid}/shifts", guards=[PLANNER])
async def shifts(
    run: FromPath[UUID],
    principal: CurrentPrincipal,
    place: FromQuery[str] = "",
    day: FromQuery[date | None] = None,
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """List the shifts of a place and day with how many people they have."""
    view = await plans.run_view(principal, run)
    code = place if place.startswith(view.place_code) else view.place_code
    found = await queries.shifts_of(run, code, day, decode_cursor(cursor, queries.ShiftKey))
    name = localized((await path_to(code))[-1], "name")
    return await page(
        f"{FOLDER}/shifts.html",
        run=view,
        title=f"{name} · {day_text(day, weekday=True)}" if day else name,
        plan=plan_text(view),
        part=sliced(found, shift_key),
        state_tags=STATE_TAGS,
        green_tag=GREEN_TAG,
        crumbs=crumbs(view, Crumb(N_("班次"))),
    )


@get("/dispatch/{run:uuid}/difference", guards=[PLANNER])
async def changed(
    run: FromPath[UUID], principal: CurrentPrincipal, change: FromQuery[Change | None] = None
) -> Response[str]:
    """Say by name whom the plan sends anew, elsewhere, or not any more, beside the plan in force."""
    view = await plans.run_view(principal, run)
    base = await difference.base_of(run)
    people = await difference.difference(run, base)
    counts = difference.counted(people)
    shown = change or next((kind for kind in Change if counts[kind]), Change.NEW)
    return await page(
        f"{FOLDER}/difference.html",
        run=view,
        plan=plan_text(view),
        base=base,
        counts=counts,
        shown=shown,
        people=[one for one in people if one.change is shown],
        change_tags=CHANGE_TAGS,
        crumbs=crumbs(view, Crumb(N_("和现在的计划比"))),
    )


def shifts_path(run: RunView, place_code: str) -> str:
    """Return where the shifts of a place are listed."""
    return f"/dispatch/{run.public_id}/shifts?place={place_code}"


def shift_key(row: queries.ShiftCover) -> tuple[datetime, str]:
    """Return where a shift stands in the list."""
    return row.starts, row.reference
