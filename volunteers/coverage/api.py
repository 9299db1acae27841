"""Coverage for programs: rules, how districts and places stand, and for planners why nobody comes."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.core.errors import NotFound
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, public
from app.web.pagination import decode_cursor, page_size, sliced
from volunteers.assignments.api import Instant
from volunteers.assignments.rules import Compensation, Kind
from volunteers.coverage import queries
from volunteers.coverage.causes.queries import Cause, causes
from volunteers.coverage.controllers import PLANS
from volunteers.coverage.days.forms import VisitDayForm
from volunteers.coverage.days.service import say_visit_day
from volunteers.coverage.queries import PlaceStatus, RuleView
from volunteers.coverage.rules import Colour, Every, Level, State
from volunteers.coverage.standing import service
from volunteers.coverage.standing.forms import EndForm, RuleForm
from volunteers.people.credentials.rules import CredentialKind

PlaceCode = Annotated[str, msgspec.Meta(examples=["330127"])]
Count = Annotated[int, msgspec.Meta(examples=[23])]
Day = Annotated[date, msgspec.Meta(examples=["2026-11-30"])]
MOST_CAUSES = 50


class RuleEntry(msgspec.Struct):
    """What is promised to each place of a level, by whom and why."""

    id: UUID
    place: PlaceCode
    level: Level
    credentials_any: list[CredentialKind]
    kind: Kind | None
    every: Every
    days: int | None
    minutes: Annotated[int, msgspec.Meta(examples=[150])]
    alert_days: Annotated[int, msgspec.Meta(examples=[10])]
    lead_days: Annotated[int, msgspec.Meta(examples=[14])]
    compensation: Compensation
    insured: bool
    valid_from: Day
    valid_until: date | None
    document: str
    reason: Annotated[str, msgspec.Meta(examples=["每个村社都有法律顾问"])]
    stated_by: Annotated[str, msgspec.Meta(examples=["王晓梅"])]


class RuleCreated(msgspec.Struct):
    """The id of a rule."""

    id: UUID


class AreaEntry(msgspec.Struct):
    """How the places of a district or town stand."""

    place: PlaceCode
    name_zh: Annotated[str, msgspec.Meta(examples=["淳安县"])]
    places: Annotated[int, msgspec.Meta(examples=[361])]
    red: Count
    amber: Count
    green: Count
    seen: Count


class PlaceEntry(msgspec.Struct):
    """How one place stands: when somebody last came, by when the next visit is due, what is planned."""

    place: Annotated[str, msgspec.Meta(examples=["330127100201"])]
    name_zh: Annotated[str, msgspec.Meta(examples=["城东村"])]
    state: State
    colour: Colour
    last_visit: date | None
    due: Day
    coming: Instant | None
    asked: Instant | None
    open: Instant | None


class CauseEntry(msgspec.Struct):
    """Who could come to a place on the shift that is looked at; without an assignment that shift is only possible."""

    place: Annotated[str, msgspec.Meta(examples=["330127100201"])]
    assignment: str | None
    starts: Instant
    ends: Instant
    own_day: Annotated[bool, msgspec.Meta(description="It lies on the place's market day or usual day.")]
    qualified: Annotated[int, msgspec.Meta(examples=[2])]
    free: Annotated[int, msgspec.Meta(examples=[0])]
    refused: Annotated[dict[str, int], msgspec.Meta(examples=[{"availability": 2}])]


@get("/coverage/rules", guards=[public], summary="List what places are promised")
async def list_rules(principal: CurrentPrincipal, place: FromQuery[str] = "") -> list[RuleEntry]:
    """Return the rules that hold in a place or below it; those that have ended come last; planners read by whom."""
    entries = [_rule(rule) for rule in await queries.all_rules(place)]
    if principal.can(Permission.DISPATCH_PLAN):
        return entries
    return [msgspec.structs.replace(entry, stated_by="") for entry in entries]


@post("/coverage/rules", guards=[PLANS], summary="Promise something to places")
async def set_rule(data: JSONBody[RuleForm], principal: CurrentPrincipal) -> RuleCreated:
    """Promise a visit in each period to everything of a level below a place."""
    return RuleCreated(await service.set_rule(principal, data))


@post("/coverage/rules/{public_id:uuid}/end", guards=[PLANS], status_code=204, summary="End a rule")
async def end_rule(public_id: FromPath[UUID], data: JSONBody[EndForm], principal: CurrentPrincipal) -> None:
    """Say until when a rule holds."""
    await service.end_rule(principal, public_id, data.last_day, data.reason)


@get("/coverage/rules/{public_id:uuid}/areas", guards=[public], summary="How districts or towns stand")
async def list_areas(public_id: FromPath[UUID], place: FromQuery[str] = "3301") -> list[AreaEntry]:
    """Return how the parts of a place stand under a rule."""
    rule = await _in_force(public_id)
    return [
        AreaEntry(part.code, part.name_zh, part.places, part.red, part.amber, part.green, part.seen)
        for part in await queries.areas(rule, place)
    ]


@get("/coverage/rules/{public_id:uuid}/places", guards=[public], summary="How places stand")
async def list_places(
    public_id: FromPath[UUID],
    place: FromQuery[str] = "",
    colour: FromQuery[Colour | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[PlaceEntry]:
    """Return how each place below another stands, the worst first."""
    rule, size = await _in_force(public_id), page_size(limit)
    rows = await queries.places(rule, place, colour, decode_cursor(cursor, queries.PlaceKey), size + 1)
    return page_of(sliced(rows, lambda row: row.key, size), _place)


@get("/coverage/rules/{public_id:uuid}/causes", guards=[PLANS], summary="Why nobody comes")
async def list_causes(
    public_id: FromPath[UUID], place: FromQuery[str], principal: CurrentPrincipal
) -> list[CauseEntry]:
    """Return for the red places below another who could come and who of them is free, the first fifty."""
    principal.scope(Permission.DISPATCH_PLAN).require_place(place)
    rule = await _in_force(public_id)
    red = await queries.places(rule, place, Colour.RED, None, MOST_CAUSES)
    found = await causes(rule, red)
    return [_cause(one.code, found[one.code]) for one in red]


@post("/coverage/days/{code:str}", guards=[PLANS], status_code=204, summary="Say when a place is best visited")
async def say_day(code: FromPath[str], data: JSONBody[VisitDayForm], principal: CurrentPrincipal) -> None:
    """Say its market day or usual day; shifts made from then on keep to it."""
    await say_visit_day(principal, code, data.said())


async def _in_force(public_id: UUID) -> RuleView:
    rule = await queries.rule_by_id(public_id)
    if rule not in await queries.rules_in_force(rule.place_code):
        raise NotFound
    return rule


def _rule(rule: RuleView) -> RuleEntry:
    names = [name for name in RuleEntry.__struct_fields__ if hasattr(rule, name) and name not in ("id", "days")]
    said = {name: getattr(rule, name) for name in names if name != "credentials_any"}
    return RuleEntry(
        id=rule.public_id, place=rule.place_code, credentials_any=list(rule.credentials_any), every=rule.rhythm.every,
        days=rule.rhythm.days, **said,
    )  # fmt: skip


def _place(one: PlaceStatus) -> PlaceEntry:
    return PlaceEntry(
        *(one.code, one.name_zh, one.state, one.colour, one.last_visit, one.due),
        *(one.coming_at, one.asked_at, one.open_at),
    )


def _cause(code: str, cause: Cause) -> CauseEntry:
    opening, counted = cause.opening, cause.counted
    return CauseEntry(
        *(code, opening.reference, opening.starts, opening.ends, opening.on_own_day),
        *(counted.qualified, counted.free, {why.value: count for why, count in counted.refused.items()}),
    )
