"""Ratings for programs: one's own thanks, and the station's list with its decisions."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import decode_cursor, page_size, sliced
from volunteers.assignments.api import Instant, Reference
from volunteers.thanks import queries, service
from volunteers.thanks.forms import Reason, Stars
from volunteers.thanks.queries import StationThanks
from volunteers.thanks.rules import ThanksEvent, ThanksStatus
from volunteers.thanks.station import STAFF

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
Words = Annotated[str, msgspec.Meta(examples=["讲得很清楚，谢谢！"])]


class ThanksEntry(msgspec.Struct):
    """What a resident said about one of the caller's shifts; nobody checked who they are."""

    assignment: Reference
    stars: Stars
    words: Words
    said_at: Instant


class MyThanks(msgspec.Struct):
    """The caller's ratings: how many, their sum (divide for the average), and the latest words."""

    ratings: Annotated[int, msgspec.Meta(examples=[12])]
    stars_in_all: Annotated[int, msgspec.Meta(examples=[57])]
    thanks: list[ThanksEntry]


class StationThanksEntry(msgspec.Struct):
    """What a resident said at a station, and whether the words are shown."""

    id: UUID
    assignment: Reference
    status: ThanksStatus
    stars: Stars
    words: Words
    said_at: Instant
    reason: Reason


class ModerationBody(msgspec.Struct):
    """Hide or show words, and why."""

    event: ThanksEvent
    reason: Reason


class ModerationResult(msgspec.Struct):
    """How the words stand now."""

    status: ThanksStatus


@get("/thanks", guards=[VOLUNTEER], summary="List one's thanks")
async def list_thanks(principal: CurrentPrincipal) -> MyThanks:
    """Return what residents said about the caller's shifts, the newest first."""
    figures, rows = await queries.my_figures(principal), await queries.my_thanks(principal)
    entries = [ThanksEntry(row.reference, row.stars, row.words, row.said_at) for row in rows]
    return MyThanks(figures.count, figures.total, entries)


@get("/station-thanks", guards=[STAFF], summary="List what residents said at one's stations")
async def list_station_thanks(
    principal: CurrentPrincipal,
    status: FromQuery[ThanksStatus | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[StationThanksEntry]:
    """Return words with their stars, the newest first, hidden ones with the reason."""
    size = page_size(limit)
    rows = await queries.station_thanks(principal, status, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, lambda row: row.id, size), _entry)


@post("/station-thanks/{public_id:uuid}/decisions", guards=[STAFF], summary="Hide or show words")
async def decide_thanks(
    public_id: FromPath[UUID], data: JSONBody[ModerationBody], principal: CurrentPrincipal
) -> ModerationResult:
    """Write a decision about words, which is kept with its reason."""
    return ModerationResult(await service.moderate(principal, public_id, data.event, data.reason))


def _entry(row: StationThanks) -> StationThanksEntry:
    return StationThanksEntry(
        *(row.public_id, row.reference, row.status, row.stars, row.words, row.said_at, row.reason)
    )
