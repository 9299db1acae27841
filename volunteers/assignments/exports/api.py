"""The same file for programs."""

from datetime import date

from litestar import Response, get
from litestar.params import FromQuery

from app.core.access import Permission
from app.imports.writing import FileFormat
from app.web.guards import CurrentPrincipal, requires
from volunteers.assignments.exports.controllers import exported


@get(
    "/assignments/export",
    guards=[requires(Permission.ASSIGNMENT_PUBLISH)],
    summary="Export assignments as CSV or XLSX",
    media_type="text/csv",
)
async def export_assignments(
    principal: CurrentPrincipal,
    since: FromQuery[date | None] = None,
    until: FromQuery[date | None] = None,
    station: FromQuery[int | None] = None,
    format: FromQuery[FileFormat] = "csv",
) -> Response[bytes]:
    """Hand out a row for each kind of seat; the file can be changed and handed in to ``/imports/assignments``."""
    return await exported(principal, since, until, station, format)
