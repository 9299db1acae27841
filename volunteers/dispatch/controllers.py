"""Planning a week by hand: ask for a plan, look at it, publish it."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_, Message
from app.web.components import Chart, Crumb, Series
from app.web.filters import day, localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.i18n import translate
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from volunteers.assignments.tags import GREEN_TAG
from volunteers.dispatch import queries, service
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.engine.instance import Vector
from volunteers.dispatch.forms import PlanForm
from volunteers.dispatch.publishing.service import publish_plan
from volunteers.dispatch.queries import GapKey, GapView, RunView
from volunteers.dispatch.record import queries as records
from volunteers.dispatch.record.words import ENDINGS, KIND_NAMES, log_chart, proofs
from volunteers.dispatch.rules import RunStatus
from volunteers.dispatch.settings import tags as setting_tags
from volunteers.dispatch.tags import REASON_NAMES, tag_of

WEEKS_AHEAD = 5
SECONDS = {10: N_("10 秒"), 30: N_("30 秒"), 60: N_("1 分钟"), 300: N_("5 分钟")}
UNDERWAY = frozenset({RunStatus.QUEUED, RunStatus.SOLVING})
STARTING_SECONDS = 20
"""How long a run may lie in the queue and be read in, on top of its time limit."""
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
) -> Response[Any]:
    """Show how far a run is, then what it found."""
    view = await queries.run_view(principal, run)
    shown: dict[str, Any] = {"run": view, "tag_of_run": tag_of(view), "crumbs": _crumbs(view)}
    if view.status in UNDERWAY:
        step = await records.latest_step(run)
        return await page("volunteers/dispatch/underway.html", **shown, **_progress(view), step=step)
    if request.headers.get("hx-target") == "progress":
        return Response("", headers={"HX-Refresh": "true"})
    if view.vector is None:
        return await page("volunteers/dispatch/failed.html", **shown)
    return await page("volunteers/dispatch/run.html", **shown, **await _result(view, cursor))


@post("/dispatch/{run:uuid}/publication", guards=[requires(Permission.DISPATCH_PUBLISH)])
async def publish(run: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Send everybody the plan names."""
    done = await publish_plan(principal, run)
    said = N_("计划已发布：派出 %(sent)s 人次，保留 %(kept)s 人次，没有派成 %(refused)s 人次。")
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


async def _result(view: RunView, cursor: str | None) -> dict[str, Any]:
    gaps = await queries.gaps_of(view.public_id, decode_cursor(cursor, tuple[bool, bool, datetime, str, int]))
    causes = await queries.gap_causes(view.public_id)
    record, log = await records.record_of(view.public_id), await records.log_of(view.public_id)
    return {
        "record": record,
        "kind_names": KIND_NAMES,
        "proofs": proofs(view.vector or (), record.bounds),
        "ending": ENDINGS.get(record.solver_status),
        "log": log_chart(log) if log else None,
        "setting_names": setting_tags.NAMES,
        "level_names": setting_tags.LEVEL_NAMES,
        "figures": await queries.run_figures(view.public_id),
        "vector": Vector(*(view.vector or ())),
        "greedy": Vector(*view.greedy_vector) if view.greedy_vector else None,
        "part": sliced(gaps, gap_key),
        "causes": _chart(causes) if causes else None,
        "green_tag": GREEN_TAG,
        "reason_names": REASON_NAMES,
        "over": view.week_start + timedelta(days=7) <= clock.today(),
    }


def gap_key(gap: GapView) -> GapKey:
    """Return where a gap stands in the list."""
    return gap.held, not gap.green, gap.starts, gap.reference, gap.number


def week_text(monday: date) -> str:
    """Write a week by its first and last day."""
    last = monday + timedelta(days=6)
    return translate(Message(N_("%(first)s 至 %(last)s"), {"first": day(monday), "last": day(last)}))


def _progress(view: RunView) -> dict[str, Any]:
    waited = int((clock.now() - view.created_at).total_seconds())
    return {"waited": max(0, waited), "expected": view.time_limit_s + STARTING_SECONDS}


def _chart(causes: list[tuple[str, int]]) -> Chart:
    names = [REASON_NAMES[Refusal(reason)] for reason, _ in causes]
    seats = [Series(N_("空位"), [count for _, count in causes])]
    return Chart("row", N_("空位为什么空着"), names, seats, N_("个"))


def _crumbs(view: RunView) -> list[Crumb]:
    return [Crumb(N_("排班"), "/dispatch"), Crumb(f"{localized(view, 'place')} · {week_text(view.week_start)}")]


def _weeks() -> list[date]:
    monday = clock.week_start(clock.today())
    return [monday + timedelta(weeks=ahead) for ahead in range(WEEKS_AHEAD)]
