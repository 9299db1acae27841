"""Handing out assignments as a file: every column of an import, and what has become of it."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from app.core import clock
from app.core.access import Permission
from app.core.text import N_
from app.imports.controllers import as_file
from app.imports.writing import FileFormat, written
from app.web.guards import CurrentPrincipal, requires
from app.web.i18n import gettext
from volunteers.assignments.exports.queries import SeatRow, seat_rows
from volunteers.assignments.imports.wording import EXPORTED, GENDERS
from volunteers.assignments.rules import COMPENSATION_NAMES, KIND_NAMES, SIGN_UP_MODE_NAMES, STATUS_NAMES
from volunteers.people.credentials.rules import KIND_NAMES as CREDENTIAL_NAMES
from volunteers.people.rules import LANGUAGE_NAMES, SKILL_NAMES

WEEKS = 4
YES, NO = N_("是"), N_("否")


@get("/station/export", guards=[requires(Permission.ASSIGNMENT_PUBLISH)])
async def export(
    principal: CurrentPrincipal,
    since: FromQuery[date | None] = None,
    until: FromQuery[date | None] = None,
    station: FromQuery[int | None] = None,
    format: FromQuery[FileFormat] = "xlsx",
) -> Response[bytes]:
    """Hand out the assignments of some days, a row for each kind of seat."""
    return await exported(principal, since, until, station, format)


async def exported(
    principal: CurrentPrincipal, since: date | None, until: date | None, station: int | None, file_format: FileFormat
) -> Response[bytes]:
    """Return the file, for pages and for programs."""
    first = since or clock.today()
    last = max(first, until or first + timedelta(weeks=WEEKS))
    rows = await seat_rows(principal, first, last, station)
    header, lines = [gettext(name) for name in EXPORTED], _lines(rows)
    content = await asyncio.to_thread(written, file_format, header, lines)
    return as_file(content, f"{gettext(N_('任务'))}-{first}-{last}.{file_format}", file_format)


def _lines(rows: Sequence[SeatRow]) -> list[list[Any]]:
    numbers: dict[str, int] = {}
    return [_line(row, numbers.setdefault(row.reference, len(numbers) + 1)) for row in rows]


def _line(row: SeatRow, number: int) -> list[Any]:
    starts, ends = clock.local(row.starts), clock.local(row.ends)
    return [
        *(row.reference, _named(STATUS_NAMES, row.status), row.title_zh, row.title_en, _named(KIND_NAMES, row.kind)),
        *(row.station_zh, "" if row.place_is_station else row.place_zh, starts.date(), starts.time(), ends.time()),
        *(_named(COMPENSATION_NAMES, row.compensation), _yes(row.insured)),
        *(_named(SIGN_UP_MODE_NAMES, row.sign_up_mode), row.regulars_until, _yes(row.green)),
        *(row.role_zh, row.role_en, row.capacity, row.minimum, row.booked),
        *(_all(CREDENTIAL_NAMES, row.credentials_any), _all(SKILL_NAMES, row.skills_all)),
        *(_all(LANGUAGE_NAMES, row.languages_all), _named(GENDERS, row.gender or "")),
        gettext(N_("、")).join(row.trainings_all),
        *(row.contact_name, row.contact_phone, row.meeting_point_zh, row.questions_zh, row.limits_zh),
        *(row.briefing_zh, number),
    ]


def _named(names: Mapping[Any, str], code: str) -> str:
    return gettext(names[code]) if code in names else code


def _all(names: Mapping[Any, str], codes: Sequence[str]) -> str:
    return gettext(N_("、")).join(_named(names, code) for code in codes)


def _yes(value: bool) -> str:
    return gettext(YES if value else NO)
