"""Files for programs: hand one in, read the report, store its rows."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, JSONBody

from app.imports import queries, service
from app.imports.forms import StoreBody
from app.imports.queries import ImportView
from app.imports.rules import ImportStatus
from app.web import i18n
from app.web.guards import CurrentPrincipal, signed_in

Rows = Annotated[int, msgspec.Meta(ge=0, examples=[37])]


class BadRowBody(msgspec.Struct):
    """A row by its number in the spreadsheet, and what to do about it."""

    row: Annotated[int, msgspec.Meta(examples=[12])]
    problems: list[str]


class ImportBody(msgspec.Struct):
    """A file with the report on it; ``bad_rows`` names every row that cannot be stored."""

    id: UUID
    kind: str
    file_name: str
    status: ImportStatus
    rows: Rows
    done: Rows
    good: Rows
    stored: Rows
    bad_rows: list[BadRowBody]
    unused_columns: list[str]
    refusal: str | None

    @classmethod
    def of(cls, view: ImportView) -> "ImportBody":
        """Return what a program sees of an import, in the language it asked for."""
        bad = [BadRowBody(row.number, [i18n.translate(said) for said in row.problems]) for row in view.bad_rows]
        return cls(
            *(view.public_id, view.kind, view.file_name, view.status, view.row_count, view.done_count),
            *(view.good_count, view.stored_count, bad, list(view.unused)),
            i18n.translate(view.refusal) if view.refusal else None,
        )


class FileBody(msgspec.Struct):
    """One file as multipart form data."""

    file: UploadFile


@post("/imports/{kind:str}", guards=[signed_in], summary="Hand in a file and get the report on its rows")
async def hand_in(
    kind: FromPath[str],
    data: Annotated[FileBody, Body(media_type=RequestEncodingType.MULTI_PART)],
    principal: CurrentPrincipal,
) -> ImportBody:
    """Check every row of a CSV or XLSX file; nothing is stored yet. Long files are checked in the background."""
    public_id = await service.begin(principal, kind, data.file.filename, await data.file.read())
    return ImportBody.of(await queries.import_view(principal, public_id))


@get("/imports/{public_id:uuid}", guards=[signed_in], summary="Show the report on a file")
async def show_import(public_id: FromPath[UUID], principal: CurrentPrincipal) -> ImportBody:
    """Show how far a file has come and which rows cannot be stored."""
    return ImportBody.of(await queries.import_view(principal, public_id))


@post("/imports/{public_id:uuid}/store", guards=[signed_in], summary="Store a file's rows")
async def store_import(public_id: FromPath[UUID], data: JSONBody[StoreBody], principal: CurrentPrincipal) -> ImportBody:
    """Store all rows or none, or only the good ones."""
    await service.store(principal, public_id, only_good=data.only_good)
    return ImportBody.of(await queries.import_view(principal, public_id))


@delete("/imports/{public_id:uuid}", guards=[signed_in], summary="Throw a file away")
async def discard_import(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Throw a file away before anything was stored."""
    await service.discard(principal, public_id)
