"""The two steps: a file comes in and every row is reported on; then all rows are stored, or the good ones.

What is stored is stored in one transaction together with the word that it is: a file is never stored halfway, nor
twice. The file is checked again before that, for what was free yesterday may be taken today.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from app.core import audit, clock, database, jobs, vault
from app.core.access import Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, NotFound
from app.core.state import advance
from app.imports import rules
from app.imports.cells import Cells
from app.imports.importers import Importer, Tick, importer_of, rows_of, unused
from app.imports.reading import read_sheet
from app.imports.reports import Fault, Report, report_on, with_late
from app.imports.rules import AT_ONCE, ImportEvent, ImportStatus, NothingGood, RowsRefused, Sheet

JOB = "app.work_on_imports"
KEPT = timedelta(days=1)
ASSUMED_LOST = timedelta(minutes=5)
_LOCKED = "SELECT * FROM file_import WHERE {which} FOR NO KEY UPDATE"


async def begin(principal: Principal, kind: str, file_name: str, content: bytes) -> UUID:
    """Take a file in and report on its rows, at once or, if it is long, by a worker; return what it is called."""
    importer = importer_of(kind)
    principal.scope(importer.permission)
    sheet = await asyncio.to_thread(read_sheet, content)
    rows_of(importer, sheet)
    at_once = len(sheet.rows) <= AT_ONCE
    async with transaction():
        public_id, import_id = await _keep(principal, importer, file_name, sheet)
        if not at_once:
            await jobs.enqueue(JOB, now=clock.now())
    if at_once:
        await check(principal, import_id)
    return public_id


async def check(principal: Principal, import_id: int) -> None:
    """Report on every row of a file that waits for it."""
    row = await database.fetch_one("SELECT * FROM file_import WHERE id = $1 AND status = 'checking'", import_id)
    if row is None:
        return
    importer, sheet = importer_of(row["kind"]), await _opened(row)

    async def tick(done: int) -> None:
        await database.execute("UPDATE file_import SET done_count = $2 WHERE id = $1", import_id, done)

    _, cells = await _checked(principal, importer, sheet, tick)
    report = report_on(cells, unused(importer, sheet.header))
    async with transaction():
        found = await database.fetch_one(_LOCKED.format(which="id = $1"), import_id)
        if found is not None and found["status"] == ImportStatus.CHECKING:
            await _report(found, ImportEvent.REPORT, report)


async def store(principal: Principal, public_id: UUID, *, only_good: bool) -> None:
    """Store a file's rows: the good ones, or all or none. Whether it worked stands on the import itself."""
    async with transaction():
        row = await _own(principal, public_id)
        principal.scope(importer_of(row["kind"]).permission)
        status = advance(rules.TRANSITIONS, ImportStatus(row["status"]), ImportEvent.STORE)
        at_once = row["row_count"] <= AT_ONCE
        await database.update_row("file_import", row["id"], {"status": status, "only_good": only_good})
        if not at_once:
            await jobs.enqueue(JOB, now=clock.now())
    if at_once:
        await finish(principal, row["id"])


async def finish(principal: Principal, import_id: int) -> None:
    """Write the rows of a file whose sender said so; a refusal is written down and nothing else."""
    try:
        async with transaction():
            row = await database.fetch_one(_LOCKED.format(which="id = $1"), import_id)
            if row is None or row["status"] != ImportStatus.STORING:
                return
            await _write(principal, row)
    except DomainError as refusal:
        async with transaction():
            row = await database.fetch_one(_LOCKED.format(which="id = $1"), import_id)
            if row is not None and row["status"] == ImportStatus.STORING:
                before = await report_of(row)
                report = msgspec.structs.replace(before, refusal=Fault.of(refusal.text()))
                await _report(row, ImportEvent.REFUSE, report)


async def discard(principal: Principal, public_id: UUID) -> None:
    """Throw a file away; nothing was written."""
    async with transaction():
        row = await _own(principal, public_id)
        if row["status"] != ImportStatus.STORING:  # a worker has it in hand
            await _discard(row)
            await audit.record(principal, "import.discarded", "file_import", row["id"])


async def waiting_imports() -> list[Row]:
    """Return long files that wait for a worker, and short ones whose process was lost on the way."""
    return await database.fetch(
        """SELECT id, account_id, status FROM file_import
           WHERE status IN ('checking', 'storing') AND (row_count > $1 OR created_at < $2) ORDER BY id""",
        *(AT_ONCE, clock.now() - ASSUMED_LOST),
    )


async def abandon(import_id: int) -> None:
    """Throw away a file whose sender may no longer do anything."""
    async with transaction():
        row = await database.fetch_one(_LOCKED.format(which="id = $1"), import_id)
        if row is not None and row["finished_at"] is None:
            await _discard(row)


async def forget_old() -> int:
    """Destroy the keys of files that have lain for a day; one that nobody decided on is discarded. Return how many."""
    async with transaction():
        rows = await database.fetch(
            """SELECT * FROM file_import WHERE created_at < $1 AND sheet_sealed IS NOT NULL
               ORDER BY id LIMIT 500 FOR NO KEY UPDATE SKIP LOCKED""",
            clock.now() - KEPT,
        )
        for row in rows:
            await (_forget(row) if row["finished_at"] else _discard(row))
    return len(rows)


async def sheet_of(row: Row) -> Sheet:
    """Return the table of a file that is still kept."""
    return await _opened(row)


async def report_of(row: Row) -> Report:
    """Return the report on a file, empty until it was checked and after it was forgotten."""
    if row["report_sealed"] is None:
        return Report({})
    key = await vault.subject_key(row["subject_key_id"])
    return msgspec.json.decode(key.open(row["report_sealed"]), type=Report)


async def _keep(principal: Principal, importer: Importer, file_name: str, sheet: Sheet) -> tuple[UUID, int]:
    key = await vault.new_subject_key()
    import_id = await database.insert_row(
        "file_import",
        {
            "kind": importer.kind,
            "file_name": file_name[:200] or "-",
            "account_id": principal.actor,
            "subject_key_id": key.id,
            "sheet_sealed": key.seal(msgspec.json.encode(sheet).decode()),
            "row_count": len(sheet.rows),
            "created_at": clock.now(),
        },
    )
    await audit.record(principal, "import.received", "file_import", import_id, rows=len(sheet.rows))
    public_id: UUID = await database.fetch_value("SELECT public_id FROM file_import WHERE id = $1", import_id)
    return public_id, import_id


async def _own(principal: Principal, public_id: UUID) -> Row:
    row = await database.fetch_one(_LOCKED.format(which="public_id = $1"), public_id)
    if row is None or row["account_id"] != principal.account_id:
        raise NotFound
    return row


async def _opened(row: Row) -> Sheet:
    if row["sheet_sealed"] is None:
        raise NotFound
    key = await vault.subject_key(row["subject_key_id"])
    return msgspec.json.decode(key.open(row["sheet_sealed"]), type=Sheet)


async def _checked(
    principal: Principal, importer: Importer, sheet: Sheet, tick: Tick
) -> tuple[Mapping[int, Any], Sequence[Cells]]:
    cells = rows_of(importer, sheet)
    values = await importer.check(principal, cells, tick)
    return values, cells


async def _write(principal: Principal, row: Row) -> None:
    importer, sheet = importer_of(row["kind"]), await _opened(row)
    values, cells = await _checked(principal, importer, sheet, _silent)
    report = report_on(cells, unused(importer, sheet.header))
    if report.rows and not row["only_good"]:
        raise RowsRefused(bad=len(report.rows))
    if not values:
        raise NothingGood
    late = await importer.store(principal, values, row["only_good"])
    if late and not row["only_good"]:
        raise RowsRefused(bad=len(late))
    report = with_late(report, late)
    stored = row["row_count"] - len(report.rows)
    await _report(row, ImportEvent.FINISH, report, stored_count=stored, finished_at=clock.now())
    await audit.record(principal, "import.stored", "file_import", row["id"], rows=stored, left_out=len(report.rows))


async def _report(row: Row, event: ImportEvent, report: Report, **more: Any) -> None:
    key = await vault.subject_key(row["subject_key_id"])
    said = {
        "status": advance(rules.TRANSITIONS, ImportStatus(row["status"]), event),
        "report_sealed": key.seal(msgspec.json.encode(report).decode()),
        "done_count": row["row_count"],
        "good_count": row["row_count"] - len(report.rows),
    }
    await database.update_row("file_import", row["id"], {**said, **more})


async def _discard(row: Row) -> None:
    status = advance(rules.TRANSITIONS, ImportStatus(row["status"]), ImportEvent.DISCARD)
    await database.update_row("file_import", row["id"], {"status": status, "finished_at": clock.now()})
    await _forget(row)


async def _forget(row: Row) -> None:
    await database.update_row("file_import", row["id"], {"sheet_sealed": None, "report_sealed": None})
    await vault.destroy(row["subject_key_id"])


async def _silent(_done: int) -> None:
    """Report no progress: inside the transaction nobody would see it."""
