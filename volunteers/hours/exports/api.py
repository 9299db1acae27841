"""Hours for the national platform, for programs."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal
from app.web.pagination import decode_cursor, page_size, sliced
from volunteers.assignments.api import Instant
from volunteers.hours.exports import queries, service
from volunteers.hours.exports.controllers import STAFF, file_of
from volunteers.hours.exports.forms import ExportForm
from volunteers.hours.exports.queries import Run
from volunteers.hours.exports.rules import Encoding

Day = Annotated[date, msgspec.Meta(examples=["2026-11-01"])]
Count = Annotated[int, msgspec.Meta(ge=0, examples=[42])]


class ExportCreated(msgspec.Struct):
    """The id of a run; its file lies at /api/v1/hours-exports/{id}/file."""

    id: UUID


class ExportEntry(msgspec.Struct):
    """A run: records that were new, and corrections of those handed in before."""

    id: UUID
    from_day: Day
    until_day: Day
    encoding: Encoding
    full_numbers: bool
    made_at: Instant
    new: Count
    corrections: Count


@post("/hours-exports", guards=[STAFF], summary="Export hours for the national platform")
async def create_export(data: JSONBody[ExportForm], principal: CurrentPrincipal) -> ExportCreated:
    """Take what the platform does not have yet; full identity numbers are for who may reveal them."""
    made = await service.export(principal, data.from_day, data.until_day, data.encoding, full_numbers=data.full_numbers)
    return ExportCreated(made)


@get("/hours-exports", guards=[STAFF], summary="List exports of hours")
async def list_exports(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[ExportEntry]:
    """Return the runs of the caller's places, the newest first."""
    size = page_size(limit)
    rows = await queries.runs(principal, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, lambda row: row.id, size), _entry)


@post("/hours-exports/{public_id:uuid}/file", guards=[STAFF], status_code=200, summary="Read a file of hours")
async def read_export(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[bytes]:
    """Return a run's file as CSV; that somebody did is on record."""
    return await file_of(principal, public_id)


def _entry(row: Run) -> ExportEntry:
    return ExportEntry(
        *(row.public_id, row.from_day, row.until_day, row.encoding, row.full_numbers, row.made_at),
        *(row.new, row.corrections),
    )
