"""The map of coverage for everybody, down to the village; whoever plans there also reads why nobody comes."""

import asyncio
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery, HeaderParameter

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.text import N_, Message
from app.imports.controllers import as_file
from app.imports.writing import FileFormat, written
from app.web.components import Crumb
from app.web.filters import WEEKDAYS, localized, number
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.i18n import gettext
from app.web.map_svg import Picture
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from marketplace.places.district_map import Figure, district_map
from marketplace.places.names import city
from marketplace.places.queries import path_to
from marketplace.places.rules import LEVEL_BY_LENGTH
from volunteers.coverage import queries
from volunteers.coverage.causes.queries import causes
from volunteers.coverage.days.forms import VisitDayForm
from volunteers.coverage.days.queries import visit_days
from volunteers.coverage.days.service import say_visit_day
from volunteers.coverage.following import Version, head_now, version_now
from volunteers.coverage.queries import AreaStatus, PlaceStatus, RuleView
from volunteers.coverage.rules import Colour, Level
from volunteers.coverage.wording import COLOUR_NAMES, STATE_TAGS, promised, sentence
from volunteers.dispatch.tags import REASON_NAMES

HOME = "/coverage"
PLANS = requires(Permission.DISPATCH_PLAN)
SHOWN = 20
TIP = N_("%(district)s：%(places)s 个里 %(red)s 个没人去")
COVERED = Figure(0, Message(N_("%(district)s：都见过，或有人要去")))
KEY = ((0, N_("没有")), (1, N_("少")), (2, N_("较少")), (3, N_("较多")), (4, N_("最多")))
HEADER = (
    *(
        N_("地区代码"),
        N_("乡镇街道"),
        N_("地点"),
        N_("状态"),
        N_("上次见到"),
        N_("最晚哪天"),
        N_("有人要来"),
        N_("请了人"),
    ),
    N_("空着的班次"),
)
WORDS = {"state_tags": STATE_TAGS, "colour_names": COLOUR_NAMES, "promised": promised}


@get(HOME, guards=[public])
async def coverage(
    principal: CurrentPrincipal,
    place: FromQuery[str] = "",
    rule: FromQuery[UUID | None] = None,
    colour: FromQuery[Colour | None] = None,
    cursor: FromQuery[str | None] = None,
    seen: Annotated[str, HeaderParameter(name="if-none-match")] = "",
) -> Response[Any]:
    """Say in one sentence how many have seen nobody yet; show districts or towns, and the places, the worst first.

    An open page asks again with the version it shows: 204 if nothing was recorded since, one line if nothing changed.
    """
    area = _area(place)
    rules = await queries.rules_in_force(area)
    plans = _plans(principal, area)
    shown = {"area": area, "rules": rules, "plans": plans, "crumbs": await _crumbs(area), **WORDS}
    if not rules:
        return await page("volunteers/coverage/none.html", **shown)
    chosen = _chosen(rules, rule)
    version, renewal = await head_now(), _query(chosen, area, colour, cursor)
    if seen:
        known = Version.read(seen)
        if known.head == version.head:
            return Response(None, status_code=204)
        version = await version_now(chosen, area, version)
        if known.standing == version.standing:
            return await page("volunteers/coverage/renewal.html", version=version, renewal=renewal)
    parts = await queries.areas(chosen, area)
    after = decode_cursor(cursor, queries.PlaceKey)
    found = sliced(await queries.places(chosen, area, colour, after, SHOWN + 1), lambda one: one.key, SHOWN)
    red = [one for one in found.items if one.colour is Colour.RED]
    return await page(
        "volunteers/coverage/map.html",
        rule=chosen,
        sentence=sentence(chosen, *(number(sum(count)) for count in (_places(parts), _red(parts)))),
        parts=parts,
        picture=await _picture(parts, chosen) if area == city()[0] else None,
        key=KEY,
        part=found,
        colour=colour,
        choices=await _choices(area, parts),
        rule_options={one.public_id: promised(one) for one in rules},
        causes=await causes(chosen, red) if plans and red and area != city()[0] else {},
        reasons=REASON_NAMES,
        version=version,
        renewal=renewal,
        **shown,
    )


@get("/coverage/export", guards=[public])
async def export(
    place: FromQuery[str] = "",
    rule: FromQuery[UUID | None] = None,
    colour: FromQuery[Colour | None] = None,
    format: FromQuery[FileFormat] = "csv",
) -> Response[bytes]:
    """Hand out how each place stands, without a word about people."""
    area = _area(place)
    rules = await queries.rules_in_force(area)
    found = await queries.places(_chosen(rules, rule), area, colour) if rules else []
    lines = [_line(one) for one in found]
    content = await asyncio.to_thread(written, format, [gettext(name) for name in HEADER], lines)
    return as_file(content, f"{gettext(N_('覆盖承诺'))}-{area}-{clock.today()}.{format}", format)


@get("/coverage/{code:str}", guards=[public])
async def place_page(code: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show what a village or town is promised, when somebody last came, and what is planned."""
    return await _place(principal, code)


@post("/coverage/{code:str}/day", guards=[PLANS])
async def say_day(code: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Say when the place is best visited."""
    form = await Form.read(request, VisitDayForm)
    try:
        await say_visit_day(principal, code, form.value.said())
    except DomainError as refusal:
        return await _place(principal, code, form.refused(refusal))
    return see_other(f"{HOME}/{code}", N_("记下了，以后的班次排在这一天。"))


async def _place(principal: Principal, code: str, form: Form[VisitDayForm] | None = None) -> Response[str]:
    if len(code) not in (9, 12):
        raise NotFound
    path = await path_to(code)
    plans = _plans(principal, code)
    found, why = [], {}
    for rule in await queries.rules_in_force(code):
        status = await queries.place_status(rule, code)
        if status is not None:
            found.append((rule, status))
            if plans and status.colour is Colour.RED:
                why[rule.id] = (await causes(rule, [status]))[code]
    usual = (await visit_days([path[-1].id])).get(path[-1].id)
    return await page(
        "volunteers/coverage/place.html",
        form=form or _day_form(usual),
        place=path[-1],
        found=found,
        causes=why,
        usual=usual,
        weekdays=WEEKDAYS,
        plans=plans,
        reasons=REASON_NAMES,
        crumbs=[*await _crumbs(code[:-3]), Crumb(localized(path[-1], "name"))],
        **WORDS,
    )


def _day_form(usual: Any) -> Form[VisitDayForm]:
    return Form.empty(VisitDayForm, **(VisitDayForm.fields(usual) if usual else {}))


def _area(asked: str) -> str:
    return asked if len(asked) in LEVEL_BY_LENGTH and asked.isdigit() else city()[0]


def _plans(principal: Principal, area: str) -> bool:
    """Tell whether the person plans there: only they read numbers of people."""
    can = Permission.DISPATCH_PLAN
    return principal.can(can) and principal.scope(can).covers_place(area)


def _chosen(rules: list[RuleView], asked: UUID | None) -> RuleView:
    """Return the rule asked for; otherwise the first for villages, or the first of all."""
    villages = next((rule for rule in rules if rule.level is Level.VILLAGE), rules[0])
    return next((rule for rule in rules if rule.public_id == asked), villages)


def _query(rule: RuleView, area: str, colour: Colour | None, cursor: str | None) -> str:
    """Return what the open page asks again for."""
    asked = {"rule": rule.public_id, "place": area, "colour": colour, "cursor": cursor}
    return urlencode({name: value for name, value in asked.items() if value})


def _places(parts: list[AreaStatus]) -> list[int]:
    return [part.places for part in parts]


def _red(parts: list[AreaStatus]) -> list[int]:
    return [part.red for part in parts]


async def _picture(parts: list[AreaStatus], rule: RuleView) -> Picture:
    figures = {
        part.code: Figure(part.red, Message(TIP, {"places": part.places, "red": part.red}))
        for part in parts
        if part.red
    }
    return await district_map(figures, COVERED, link=f"{HOME}?rule={rule.public_id}&place=")


async def _choices(area: str, parts: list[AreaStatus]) -> list[tuple[str, str]]:
    """Return the places to choose from: those above, this one, and its parts that have parts of their own."""
    above = [(one.code, localized(one, "name")) for one in (await path_to(area))[1:]]
    return [*above, *((part.code, localized(part, "name")) for part in parts if len(part.code) < 12)]


async def _crumbs(area: str) -> list[Crumb]:
    above = await path_to(area)
    return [
        Crumb(N_("覆盖承诺"), HOME),
        *(Crumb(localized(one, "name"), f"{HOME}?place={one.code}") for one in above[1:]),
    ]


def _line(one: PlaceStatus) -> list[Any]:
    def day(value: Any) -> Any:
        return clock.local(value).date() if value else ""

    return [
        *(one.code, localized(one, "town"), localized(one, "name"), gettext(STATE_TAGS[one.state].label)),
        *(one.last_visit or "", one.due, day(one.coming_at), day(one.asked_at), day(one.open_at)),
    ]
