"""Planning a week by hand: ask for a plan, look at it, publish it."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from volunteers.dispatch import queries, service
from volunteers.dispatch.forms import PlanForm
from volunteers.dispatch.pages import crumbs, week_text
from volunteers.dispatch.publishing.service import publish_plan
from volunteers.dispatch.queries import RunView
from volunteers.dispatch.record import queries as records
from volunteers.dispatch.record.words import KIND_NAMES
from volunteers.dispatch.review.overview import overview
from volunteers.dispatch.review.rules import GapCause
from volunteers.dispatch.rules import RunStatus
from volunteers.dispatch.tags import tag_of

WEEKS_AHEAD = 5
SECONDS = {10: N_("10 秒"), 30: N_("30 秒"), 60: N_("1 分钟"), 300: N_("5 分钟")}
UNDERWAY = frozenset({RunStatus.QUEUED, RunStatus.SOLVING})
STARTING_SECONDS = 20
"""How long a run may lie in the queue and be read in, on top of its time limit."""
SENT = N_("计划已发布：派出 %(sent)s 人次，保留 %(kept)s 人次，没有派成 %(refused)s 人次。")
ASKED = N_("计划已发布：邀请 %(sent)s 人次，保留 %(kept)s 人次，没有派成 %(refused)s 人次。答复会陆续显示在这里。")
PLANNER = requires(Permission.DISPATCH_PLAN)


@get("/dispatch", guards=[PLANNER])
async def runs(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """List the plans of one's places, and ask for another."""
    monday = clock.week_start(clock.today()) + timedelta(weeks=1)
    return await _list(principal, Form.empty(PlanForm, week=monday), cursor)


@post("/dispatch", guards=[PLANNER])
async def plan(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Ask for a plan; the page of the run follows it."""
    form = await Form.read(request, PlanForm)
    try:
        asked = form.value
        run = await service.plan_week(principal, asked.place, clock.week_start(asked.week), asked.seconds)
    except DomainError as refusal:
        return await _list(principal, form.refused(refusal))
    return see_other(f"/dispatch/{run}")


@get("/dispatch/{run:uuid}", guards=[PLANNER])
async def show(
    request: Request[Any, Any, Any],
    run: FromPath[UUID],
    principal: CurrentPrincipal,
    cursor: FromQuery[str | None] = None,
    cause: FromQuery[GapCause | None] = None,
) -> Response[Any]:
    """Show how far a run is, then what it found."""
    view = await queries.run_view(principal, run)
    shown: dict[str, Any] = {"run": view, "tag_of_run": tag_of(view), "crumbs": crumbs(view)}
    if view.status in UNDERWAY:
        step = await records.latest_step(run)
        return await page("volunteers/dispatch/underway.html", **shown, **_progress(view), step=step)
    if request.headers.get("hx-target") == "progress":
        return Response("", headers={"HX-Refresh": "true"})
    if view.vector is None:
        return await page("volunteers/dispatch/failed.html", **shown)
    return await page("volunteers/dispatch/run.html", **shown, **await overview(principal, view, cursor, cause))


@post("/dispatch/{run:uuid}/publication", guards=[requires(Permission.DISPATCH_PUBLISH)])
async def publish(run: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Ask everybody an approved plan names, or send them."""
    done = await publish_plan(principal, run)
    said = ASKED if done.asked else SENT
    kind = "wait" if done.refused else "done"
    return see_other(f"/dispatch/{run}", said, kind, sent=done.sent, kept=done.kept, refused=done.refused)


async def _list(principal: Principal, form: Form[PlanForm], cursor: str | None = None) -> Response[str]:
    found = await queries.runs(principal, decode_cursor(cursor, tuple[datetime, UUID]))
    places = await queries.plannable_places(principal)
    if len(places) == 1 and not form.text("place"):
        form.texts["place"] = places[0].code
    return await page(
        "volunteers/dispatch/list.html",
        form=form,
        part=sliced(found, lambda row: (row.created_at, row.public_id)),
        place_options=[(place.code, localized(place, "name")) for place in places],
        week_options=[(monday.isoformat(), week_text(monday)) for monday in _weeks()],
        second_options=SECONDS,
        tag_of=tag_of,
        kind_names=KIND_NAMES,
    )


def _progress(view: RunView) -> dict[str, Any]:
    waited = int((clock.now() - view.created_at).total_seconds())
    return {"waited": max(0, waited), "expected": view.time_limit_s + STARTING_SECONDS}


def _weeks() -> list[date]:
    monday = clock.week_start(clock.today())
    return [monday + timedelta(weeks=ahead) for ahead in range(WEEKS_AHEAD)]
