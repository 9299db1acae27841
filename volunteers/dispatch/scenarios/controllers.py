"""What if: a short form that is filled in already, the answer on one page, and publishing it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import WEEKDAYS, localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.places.queries import path_to
from volunteers.coverage import queries as coverage
from volunteers.coverage.rules import Level
from volunteers.coverage.wording import STATE_TAGS, promised
from volunteers.dispatch.pages import week_text
from volunteers.dispatch.scenarios import pictures, queries
from volunteers.dispatch.scenarios.forms import DISTRICT, ScenarioForm
from volunteers.dispatch.scenarios.publishing import publish_scenario
from volunteers.dispatch.scenarios.queries import ScenarioView
from volunteers.dispatch.scenarios.questions.service import ask
from volunteers.dispatch.scenarios.rules import Weight
from volunteers.dispatch.scenarios.wording import PERCENT_WORDS, kind_of, levers, named
from volunteers.dispatch.settings.tags import NAMES as SETTING_NAMES
from volunteers.dispatch.tags import REASON_NAMES

HOME = "/dispatch/scenarios"
PLANNER = requires(Permission.DISPATCH_PLAN)
FOLDER = "volunteers/dispatch/scenarios"
WEEKS_AHEAD = 4


@get(HOME + "/new", guards=[PLANNER])
async def new_scenario(
    principal: CurrentPrincipal, place: FromQuery[str], rule: FromQuery[UUID | None] = None
) -> Response[str]:
    """Show the question, filled in with what a coordinator would ask first."""
    district = place[:DISTRICT]
    principal.scope(Permission.DISPATCH_PLAN).require_place(district)
    rules = await coverage.rules_in_force(place)
    if not rules:
        raise NotFound
    first = next((one for one in rules if one.level is Level.VILLAGE), rules[0])
    chosen = next((one for one in rules if one.public_id == rule), first)
    monday = clock.week_start(clock.today()) + timedelta(weeks=1)
    form = Form.empty(
        ScenarioForm,
        rule=chosen.public_id,
        at=place[:9] if len(place) > DISTRICT else district,
        week=monday,
        people=2,
        credential=chosen.credentials_any[0],
        weekday=await queries.quietest_day(district, monday),
    )
    return await _form(form, district)


@post(HOME, guards=[PLANNER])
async def create_scenario(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Answer the question; a wrong one comes back as it was."""
    form = await Form.read(request, ScenarioForm)
    try:
        made = await ask(principal, form.value)
    except DomainError as refusal:
        refused = form.refused(refusal)
        if {"rule", "at"} & refused.errors.keys():
            raise  # no page of ours asks so
        district = str(refused.text("at"))[:DISTRICT]
        principal.scope(Permission.DISPATCH_PLAN).require_place(district)
        return await _form(refused, district)
    return see_other(f"{HOME}/{made.public_id}" if made.answered else f"{HOME}/questions/{made.public_id}")


@get(HOME + "/{scenario:uuid}", guards=[PLANNER])
async def show_scenario(scenario: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show what would be; once it is published, how the places stand by now."""
    view = await queries.scenario(principal, scenario)
    return await page(f"{FOLDER}/show.html", **await _shown(view))


@post(HOME + "/{scenario:uuid}/publication", guards=[requires(Permission.DISPATCH_PUBLISH)])
async def publish_scenario_page(scenario: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Make the shifts, ask those who exist, call for those who do not."""
    await publish_scenario(principal, scenario)
    return see_other(f"{HOME}/{scenario}", N_("已发布。有人答应，下面就变绿。"))


async def _form(form: Form[ScenarioForm], district: str) -> Response[str]:
    rule = await coverage.rule_by_id(UUID(str(form.text("rule"))))
    stations = await queries.stations_of(district)
    if not stations:
        raise NotFound
    return await page(
        f"{FOLDER}/new.html",
        form=form,
        rule=rule,
        promise=promised(rule),
        place=named(stations[0][1]),
        at_options=[(code, named(words)) for code, words in stations],
        week_options=[(monday.isoformat(), week_text(monday)) for monday in _weeks()],
        kind_options=[(kind, named(kind_of(kind))) for kind in rule.credentials_any],
        day_options=list(enumerate(WEEKDAYS)),
        weight_options=[(one.value, SETTING_NAMES[one.value]) for one in Weight],
        percent_options=list(PERCENT_WORDS.items()),
        whole_city=len(district) < DISTRICT,
        latest=await queries.latest(district),
        levers=levers,
        crumbs=await _crumbs(district, Crumb(N_("如果"))),
    )


async def _shown(view: ScenarioView) -> dict[str, Any]:
    rule = await coverage.rule_by_id(view.rule)
    now = await queries.standing_now(rule, view.place_code)
    red = await queries.red_now(rule) if view.run is not None else None
    here = sum(number for code, number in (red or {}).items() if code.startswith(view.place_code))
    names = await pictures.names_of(view)
    before, after = await pictures.maps(view, rule, red)
    trips = pictures.trips(view, now, names)
    return {
        "view": view,
        "rule": rule,
        "promise": promised(rule),
        "levers": levers(view),
        "week": week_text(view.week_start),
        "before": before,
        "after": after,
        "trips": trips,
        "lefts": pictures.lefts(view, now),
        "movers": await pictures.movers(view, names),
        "untouched": [names[one] for one in view.answer.untouched if one in names],
        "red_here": here,
        "waiting": sum(trip.state in pictures.STILL_OPEN for trip in trips),
        "asked": sum(not trip.is_new for trip in trips),
        "newcomers": sum(trip.is_new for trip in trips),
        "state_tags": STATE_TAGS,
        "reasons": REASON_NAMES,
        "crumbs": await _crumbs(view.place_code, Crumb(N_("如果"))),
    }


async def _crumbs(district: str, last: Crumb) -> list[Crumb]:
    above = await path_to(district)
    return [
        Crumb(N_("覆盖承诺"), "/coverage"),
        *(Crumb(localized(one, "name"), f"/coverage?place={one.code}") for one in above[1:]),
        last,
    ]


def _weeks() -> list[date]:
    monday = clock.week_start(clock.today())
    return [monday + timedelta(weeks=ahead) for ahead in range(WEEKS_AHEAD + 1)]
