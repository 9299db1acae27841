"""Handing in a file, reading the report on it, and saying what becomes of its rows."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core.access import Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.imports import queries, service
from app.imports.forms import StoreForm, UploadForm
from app.imports.importers import Importer, importer_of
from app.imports.rules import MOST_BYTES, MOST_ROWS, STATUS_NAMES, FileIsEmpty, ImportStatus
from app.imports.writing import MEDIA_TYPES, FileFormat, written
from app.web import i18n
from app.web.components import Crumb, Tag
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, signed_in
from app.web.pages import page, see_other, to_save

SHOWN = 200
TAGS = {
    ImportStatus.CHECKING: Tag("wait", STATUS_NAMES[ImportStatus.CHECKING]),
    ImportStatus.CHECKED: Tag("need", STATUS_NAMES[ImportStatus.CHECKED]),
    ImportStatus.STORING: Tag("wait", STATUS_NAMES[ImportStatus.STORING]),
    ImportStatus.STORED: Tag("done", STATUS_NAMES[ImportStatus.STORED]),
    ImportStatus.DISCARDED: Tag("off", STATUS_NAMES[ImportStatus.DISCARDED]),
}
PROBLEM = N_("问题")


@get("/imports/new/{kind:str}", guards=[signed_in])
async def upload_form(kind: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show what a file of a kind must look like, and take one."""
    return await _upload_page(principal, importer_of(kind), Form.empty(UploadForm))


@post("/imports/new/{kind:str}", guards=[signed_in])
async def upload(kind: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Take a file in and go to the report on it."""
    importer = importer_of(kind)
    principal.scope(importer.permission)
    form = await Form.read(request, UploadForm)
    try:
        sent = form.files.get("file")
        if sent is None:
            raise FileIsEmpty
        public_id = await service.begin(principal, kind, sent.filename, await sent.read())
    except DomainError as refusal:
        return await _upload_page(principal, importer, form.refused(refusal))
    return see_other(f"/imports/{public_id}")


@get("/imports/template/{kind:str}", guards=[signed_in])
async def template(
    kind: FromPath[str], principal: CurrentPrincipal, format: FromQuery[FileFormat] = "xlsx"
) -> Response[bytes]:
    """Hand out a file with the right columns and one row as an example."""
    importer = importer_of(kind)
    principal.scope(importer.permission)
    header = [i18n.gettext(column.name) for column in importer.columns]
    content = written(format, header, [[i18n.gettext(column.example) for column in importer.columns]])
    return as_file(content, f"{kind}-template.{format}", format)


@get("/imports/{public_id:uuid}", guards=[signed_in])
async def show(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show how far a file has come, and every row that cannot be stored."""
    found = await queries.import_view(principal, public_id)
    importer = importer_of(found.kind)
    return await page(
        "app/imports/show.html",
        found=found,
        importer=importer,
        tags=TAGS,
        shown=found.bad_rows[:SHOWN],
        crumbs=_crumbs(importer, found.file_name),
    )


@post("/imports/{public_id:uuid}/store", guards=[signed_in])
async def store(public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Redirect:
    """Store all rows or none, or just the good ones."""
    form = await Form.read(request, StoreForm)
    await service.store(principal, public_id, only_good=form.value.rows == "good")
    return see_other(f"/imports/{public_id}")


@post("/imports/{public_id:uuid}/discard", guards=[signed_in])
async def discard(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Throw the file away."""
    await service.discard(principal, public_id)
    return see_other(f"/imports/{public_id}", N_("已放弃，什么都没有写入。"))


@get("/imports/{public_id:uuid}/bad-rows", guards=[signed_in])
async def bad_rows(
    public_id: FromPath[UUID], principal: CurrentPrincipal, format: FromQuery[FileFormat] = "xlsx"
) -> Response[bytes]:
    """Hand out just the rows that were refused, with what is wrong beside them: mend them and send them again."""
    sheet, found = await queries.bad_sheet(principal, public_id), await queries.import_view(principal, public_id)
    problems = {row.number: " ".join(i18n.translate(said) for said in row.problems) for row in found.bad_rows}
    width = len(sheet.header)
    rows = [[*row.cells, *[""] * (width - len(row.cells)), problems[row.number]] for row in sheet.rows]
    content = await asyncio.to_thread(written, format, [*sheet.header, i18n.gettext(PROBLEM)], rows)
    return as_file(content, f"{found.file_name.rsplit('.', 1)[0]}-{i18n.gettext(PROBLEM)}.{format}", format)


def as_file(content: bytes, name: str, file_format: FileFormat) -> Response[bytes]:
    """Return a table to be saved, never shown."""
    return to_save(content, name, MEDIA_TYPES[file_format])


async def _upload_page(principal: Principal, importer: Importer, form: Form[UploadForm]) -> Response[str]:
    principal.scope(importer.permission)
    return await page(
        "app/imports/new.html",
        form=form,
        importer=importer,
        megabytes=MOST_BYTES // 1024 // 1024,
        most_rows=MOST_ROWS,
        crumbs=_crumbs(importer),
    )


def _crumbs(importer: Importer, file_name: str = "") -> list[Crumb]:
    start = Crumb(importer.title, f"/imports/new/{importer.kind}")
    return [start, Crumb(file_name)] if file_name else [start]
