"""The desk for programs: change an assignment's words and seats, copy days, change many at once."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get, patch, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web import i18n
from app.web.guards import CurrentPrincipal, requires
from volunteers.assignments.api import Instant, NewPositionBody, PublishedBody, Reference, Title
from volunteers.assignments.desk.bulk.service import BulkAction, Change, change_many
from volunteers.assignments.desk.copies import service as copies
from volunteers.assignments.desk.copies.service import Copy, Span
from volunteers.assignments.desk.service import add_positions, change_details
from volunteers.assignments.rules import SignUpMode

DESK = requires(Permission.ASSIGNMENT_PUBLISH)
Day = Annotated[date, msgspec.Meta(examples=["2026-11-30"])]
Station = Annotated[int, msgspec.Meta(gt=0, examples=[12])]
Words = Annotated[str, msgspec.Meta(max_length=20_000)] | msgspec.UnsetType


class DetailsBody(msgspec.Struct):
    """What may change while people are signed up; what is left out stays as it is."""

    title_zh: Title | msgspec.UnsetType = msgspec.UNSET
    title_en: Words = msgspec.UNSET
    sign_up_mode: SignUpMode | msgspec.UnsetType = msgspec.UNSET
    regulars_until: Instant | msgspec.UnsetType | None = msgspec.UNSET
    contact_name: Words = msgspec.UNSET
    contact_phone: Words = msgspec.UNSET
    meeting_point_zh: Words = msgspec.UNSET
    meeting_point_en: Words = msgspec.UNSET
    questions_zh: Words = msgspec.UNSET
    questions_en: Words = msgspec.UNSET
    limits_zh: Words = msgspec.UNSET
    limits_en: Words = msgspec.UNSET
    briefing_zh: Words = msgspec.UNSET
    briefing_en: Words = msgspec.UNSET


class BulkBody(msgspec.Struct):
    """One change for many assignments."""

    references: list[Reference]
    action: BulkAction
    minutes: Annotated[int, msgspec.Meta(ge=-40_320, le=40_320, examples=[30])] = 0
    number: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    capacity: Annotated[int, msgspec.Meta(ge=1, le=200)] = 1
    reason: Annotated[str, msgspec.Meta(max_length=200)] = ""
    all_or_none: bool = False


class BulkDoneBody(msgspec.Struct):
    """What was done, and by reference why not for the others."""

    done: list[Reference]
    refused: dict[str, str]


class CopyBody(msgspec.Struct):
    """What copying makes of an assignment: new, there (already) or past."""

    reference: Reference
    title_zh: Title
    starts: Instant
    ends: Instant
    state: Annotated[str, msgspec.Meta(examples=["new"])]

    @classmethod
    def of(cls, copy: Copy) -> "CopyBody":
        """Return what a program sees of it."""
        return cls(copy.reference, copy.draft.title_zh, copy.draft.starts, copy.draft.ends, copy.state)


class CopyDaysBody(msgspec.Struct):
    """Which days at a station come again from which day on; only what is listed, or all that is new."""

    station: Station
    first: Day
    to: Day
    days: Annotated[int, msgspec.Meta(ge=1, le=7)] = 7
    references: list[Reference] = []


@patch("/assignments/{reference:str}", guards=[DESK], summary="Put an assignment in other words")
async def change_assignment(
    reference: FromPath[str], data: JSONBody[DetailsBody], principal: CurrentPrincipal
) -> PublishedBody:
    """Change title, sign-up mode and what people are told."""
    await change_details(principal, reference, msgspec.to_builtins(data))
    return PublishedBody(reference)


@post("/assignments/{reference:str}/positions", guards=[DESK], summary="Add kinds of seats")
async def add_assignment_positions(
    reference: FromPath[str], data: JSONBody[list[NewPositionBody]], principal: CurrentPrincipal
) -> PublishedBody:
    """Add kinds of seats to an assignment, all of them or none."""
    await add_positions(principal, [(reference, body.draft()) for body in data])
    return PublishedBody(reference)


@post("/assignments/bulk", guards=[DESK], summary="Change many assignments at once")
async def bulk_change(data: JSONBody[BulkBody], principal: CurrentPrincipal) -> BulkDoneBody:
    """Move in time, resize, close, open or call off many assignments; refusals are named one by one."""
    change = Change(data.action, data.minutes, data.number, data.capacity, data.reason)
    result = await change_many(principal, data.references, change, all_or_none=data.all_or_none)
    return BulkDoneBody(list(result.done), {key: i18n.translate(said) for key, said in result.refused.items()})


@get("/assignments/copies", guards=[DESK], summary="Preview a copy of some days")
async def preview_copies(
    principal: CurrentPrincipal,
    station: FromQuery[Station],
    first: FromQuery[Day],
    to: FromQuery[Day],
    days: FromQuery[int] = 7,
) -> list[CopyBody]:
    """Show what copying some days at a station would make."""
    return [CopyBody.of(copy) for copy in await copies.preview(principal, Span(station, first, days, to))]


@post("/assignments/copies", guards=[DESK], summary="Copy some days")
async def copy_days(data: JSONBody[CopyDaysBody], principal: CurrentPrincipal) -> list[PublishedBody]:
    """Make the assignments of some days again; what is there by now is not made twice."""
    span = Span(data.station, data.first, data.days, data.to)
    wanted = data.references or [copy.reference for copy in await copies.preview(principal, span)]
    return [PublishedBody(made.reference) for made in await copies.copy_days(principal, span, wanted)]
