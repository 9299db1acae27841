"""The page from which hours go to the national volunteer platform, and its files."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.settings import settings
from app.core.text import N_
from app.imports.controllers import as_file
from app.imports.writing import written
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.i18n import speaking, translate
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from app.web.slots import Fill
from volunteers.hours.exports import queries, rules, service
from volunteers.hours.exports.forms import ExportForm
from volunteers.hours.exports.rules import COLUMN_NAMES, ENCODING_NAMES, Encoding, PlatformColumn

STAFF = requires(Permission.ATTENDANCE_CONFIRM, Permission.ASSIGNMENT_PUBLISH)
HOME = "/station/hours-exports"


@get(HOME, guards=[STAFF])
async def exports(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show what the platform lacks, ask for the days, list the files that were made."""
    today = clock.today()
    return await _page(principal, Form.of(ExportForm(date(today.year, 1, 1), today)), cursor)


@post(HOME, guards=[STAFF])
async def create(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Make a file of what is new."""
    form = await Form.read(request, ExportForm)
    try:
        asked = form.value
        await service.export(
            principal, asked.from_day, asked.until_day, asked.encoding, full_numbers=asked.full_numbers
        )
    except DomainError as refusal:
        return await _page(principal, form.refused(refusal))
    return see_other(HOME, N_("文件做好了，可以下载。这些记录不会再导出第二次。"))


@post("/station/hours-exports/{public_id:uuid}/file", guards=[STAFF])
async def download(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[bytes]:
    """Hand out a file; that somebody did is on record."""
    return await file_of(principal, public_id)


async def file_of(principal: Principal, public_id: UUID) -> Response[bytes]:
    """Return a run's file, for pages and for programs: its words are Chinese whoever asks, as the platform's are."""
    run, lines = await service.lines(principal, public_id)
    columns = rules.columns_of(settings().platform_columns)
    with speaking("zh"):
        header = [translate(COLUMN_NAMES[column]) for column in columns]
        rows = [_line(line, columns) for line in lines]
        name = translate(N_("志愿服务时长"))
    content = await asyncio.to_thread(written, "csv", header, rows)
    encoding = Encoding(run["encoding"])
    answer = as_file(rules.encoded(content, encoding), f"{name}-{run['from_day']}-{run['until_day']}.csv", "csv")
    answer.media_type = f"text/csv; charset={'gb18030' if encoding is Encoding.GB18030 else 'utf-8'}"
    return answer


async def at_station(principal: Principal, *_day: Any) -> Fill | None:
    """Fill ``station.aside``: the way to the page."""
    return Fill("volunteers/hours/exports/link.html") if principal.can(Permission.ATTENDANCE_CONFIRM) else None


def _line(line: dict[str, Any], columns: tuple[PlatformColumn, ...]) -> list[str]:
    came, went = line["arrived_at"] or line["starts"], line["left_at"]
    starts = clock.local(came)
    said = {
        PlatformColumn.NAME: line["name"],
        PlatformColumn.ID_TYPE: translate(rules.ID_CARD) if line["id_number"] else "",
        PlatformColumn.ID_NUMBER: line["id_number"],
        PlatformColumn.PROJECT: line["title_zh"],
        PlatformColumn.REFERENCE: line["reference"],
        PlatformColumn.DATE: f"{starts:%Y-%m-%d}",
        PlatformColumn.FROM: f"{starts:%H:%M}",
        PlatformColumn.UNTIL: f"{clock.local(went):%H:%M}" if went else "",
        PlatformColumn.HOURS: rules.hours(line["minutes"]),
        PlatformColumn.PLACE: line["place_zh"],
        PlatformColumn.ORGANIZER: line["station_zh"],
        PlatformColumn.CONFIRMER: line["confirmer"],
        PlatformColumn.KIND: translate(rules.NEW if line["number"] == 1 else rules.CORRECTION),
        PlatformColumn.HOURS_BEFORE: rules.hours(line["minutes_before"]) if line["number"] > 1 else "",
    }
    return [said[column] for column in columns]


async def _page(principal: Principal, form: Form[ExportForm], cursor: str | None = None) -> Response[str]:
    today = clock.today()
    rows = await queries.runs(principal, decode_cursor(cursor, int), PAGE + 1)
    return await page(
        "volunteers/hours/exports/list.html",
        form=form,
        pending=await queries.pending(principal, date(today.year, 1, 1), today),
        part=sliced(rows, key=lambda row: row.id),
        encodings=ENCODING_NAMES,
        columns=[COLUMN_NAMES[column] for column in rules.columns_of(settings().platform_columns)],
        crumbs=[Crumb(N_("站点"), "/station"), Crumb(N_("导出志愿时长"))],
    )
