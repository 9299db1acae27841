"""Reading a file on its way in, for the person who sent it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Principal
from app.core.errors import NotFound
from app.core.text import Message
from app.imports import service
from app.imports.rules import ImportStatus, Sheet


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be stored, and all that is wrong with it."""

    number: int
    problems: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class ImportView:
    """A file with how far it has come and what is wrong with it."""

    public_id: UUID
    kind: str
    file_name: str
    status: ImportStatus
    row_count: int
    done_count: int
    good_count: int
    stored_count: int
    created_at: datetime
    finished_at: datetime | None
    kept: bool
    bad_rows: tuple[BadRow, ...]
    unused: tuple[str, ...]
    refusal: Message | None

    @property
    def working(self) -> bool:
        """Tell whether somebody is at it right now."""
        return self.status in (ImportStatus.CHECKING, ImportStatus.STORING)


async def import_view(principal: Principal, public_id: UUID) -> ImportView:
    """Return one of the person's own imports."""
    row = await _own(principal, public_id)
    report = await service.report_of(row)
    same = ("public_id", "kind", "file_name", "row_count", "done_count", "good_count", "stored_count")
    return ImportView(
        **{name: row[name] for name in (*same, "created_at", "finished_at")},
        status=ImportStatus(row["status"]),
        kept=row["sheet_sealed"] is not None,
        bad_rows=tuple(
            BadRow(number, tuple(fault.message for fault in faults)) for number, faults in sorted(report.rows.items())
        ),
        unused=report.unused,
        refusal=report.refusal.message if report.refusal else None,
    )


async def bad_sheet(principal: Principal, public_id: UUID) -> Sheet:
    """Return the file's own header and just its bad rows, as they were handed in: to mend and send again."""
    row = await _own(principal, public_id)
    sheet, report = await service.sheet_of(row), await service.report_of(row)
    return Sheet(sheet.header, tuple(one for one in sheet.rows if one.number in report.rows))


async def _own(principal: Principal, public_id: UUID) -> database.Row:
    row = await database.fetch_one(
        "SELECT * FROM file_import WHERE public_id = $1 AND account_id = $2", public_id, principal.account_id
    )
    if row is None:
        raise NotFound
    return row
