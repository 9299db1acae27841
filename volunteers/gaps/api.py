"""Gaps for programs: shares by district or town, and the seats with their causes."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromQuery

from app.core import clock
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal
from app.web.pagination import decode_cursor, page_size, sliced
from volunteers.assignments.api import Instant, Reference
from volunteers.gaps import queries, rules
from volunteers.gaps.controllers import PLANS
from volunteers.gaps.queries import Gap
from volunteers.gaps.rules import Action, Cause


class AreaEntry(msgspec.Struct):
    """The required seats of a district or town, and how many nobody has taken."""

    place: Annotated[str, msgspec.Meta(examples=["330106"])]
    name_zh: Annotated[str, msgspec.Meta(examples=["西湖区"])]
    required: Annotated[int, msgspec.Meta(examples=[320])]
    missing: Annotated[int, msgspec.Meta(examples=[12])]
    percent: Annotated[int, msgspec.Meta(examples=[4])]


class GapEntry(msgspec.Struct):
    """A position that lacks people; the causes, what to mend first in front, and what can be done."""

    assignment: Reference
    position: Annotated[int, msgspec.Meta(ge=1, examples=[1])]
    place: Annotated[str, msgspec.Meta(examples=["330106109001"])]
    starts: Instant
    ends: Instant
    green: bool
    missing: Annotated[int, msgspec.Meta(ge=1, examples=[1])]
    causes: list[Cause]
    actions: list[Action]
    licensed_in_reach: Annotated[int, msgspec.Meta(examples=[14])]
    suitable: Annotated[int, msgspec.Meta(examples=[5])]
    free: Annotated[int, msgspec.Meta(examples=[2])]


@get("/gaps", guards=[PLANS], summary="Where people are missing")
async def list_areas(
    principal: CurrentPrincipal, place: FromQuery[str] = "", week: FromQuery[date | None] = None
) -> list[AreaEntry]:
    """Return districts, or the towns of a district, for the coming 14 days or the week of a day."""
    area = queries.area_of(principal, place)
    return [
        AreaEntry(part.code, part.name_zh, part.required, part.missing, part.percent)
        for part in await queries.areas(area, *rules.period(week, clock.now()))
    ]


@get("/gaps/seats", guards=[PLANS], summary="List seats that lack people, with causes")
async def list_seats(
    principal: CurrentPrincipal,
    place: FromQuery[str] = "",
    week: FromQuery[date | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[GapEntry]:
    """Return the gaps, the green channel first, then by time."""
    area, size = queries.area_of(principal, place), page_size(limit)
    after = decode_cursor(cursor, queries.GapKey)
    found = await queries.gaps(area, *rules.period(week, clock.now()), after, size + 1)
    return page_of(sliced(found, lambda gap: gap.key, size), _entry)


def _entry(gap: Gap) -> GapEntry:
    facts = gap.facts
    return GapEntry(
        *(gap.reference, gap.number, gap.place_code, gap.starts, gap.ends, gap.green, facts.missing),
        *(list(gap.causes), list(gap.actions), facts.licensed, facts.fit, facts.free),
    )
