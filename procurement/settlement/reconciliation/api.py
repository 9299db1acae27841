"""Reconciling with the bank for programs."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, FromQuery

from app.core.access import Permission
from app.imports import queries as imports
from app.imports.api import FileBody, ImportBody
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.settlement.layouts.queries import layouts_of_batch
from procurement.settlement.queries import READERS, batch_page
from procurement.settlement.reconciliation import queries
from procurement.settlement.reconciliation.queries import OpenLine, Reconciled
from procurement.settlement.replies.service import take_file

Fen = Annotated[int, msgspec.Meta(examples=[50_000])]


class ReconciledBody(msgspec.Struct):
    """A paid batch in fen before tax: sent = confirmed + returned + unanswered; ``open_fen`` ends at 0."""

    reference: Annotated[str, msgspec.Meta(examples=["JS-2026-000007"])]
    paid_at: datetime
    sent_fen: Fen
    confirmed_fen: Fen
    returned_fen: Fen
    paid_again_fen: Fen
    unanswered_fen: Fen
    clearing_fen: Annotated[int, msgspec.Meta(examples=[0])]
    open_fen: Annotated[int, msgspec.Meta(examples=[0])]

    @classmethod
    def of(cls, found: Reconciled) -> "ReconciledBody":
        """Return the body of a view."""
        sums = found.sums
        return cls(
            found.reference, found.paid_at, sums.sent_fen, sums.confirmed_fen, sums.returned_fen, sums.again_fen,
            sums.unanswered_fen, sums.clearing_fen, sums.open_fen,
        )  # fmt: skip


class OpenLineBody(msgspec.Struct):
    """A payment that the bank has not answered, or that came back and was not paid again."""

    batch: Annotated[str, msgspec.Meta(examples=["JS-2026-000007"])]
    line: Annotated[int, msgspec.Meta(examples=[3])]
    amount_fen: Fen
    since: date
    days: Annotated[int, msgspec.Meta(examples=[4])]
    returned_on: date | None
    reason: str
    account_corrected: bool

    @classmethod
    def of(cls, line: OpenLine) -> "OpenLineBody":
        """Return the body of a view."""
        return cls(**{name: getattr(line, name) for name in cls.__struct_fields__})


@get("/settlement-batches/reconciliation", guards=[requires(*READERS)], summary="List how paid batches stand")
async def list_reconciled(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[ReconciledBody]:
    """Return paid batches of the caller's places with what the bank said of them, newest first."""
    size = page_size(limit)
    rows = await queries.batches(principal, decode_cursor(cursor, str), size + 1)
    return page_of(sliced(rows, lambda row: row.reference, size), ReconciledBody.of)


@get("/settlement-batches/{reference:str}/reconciliation", guards=[requires(*READERS)], summary="Reconcile a batch")
async def show_reconciled(principal: CurrentPrincipal, reference: FromPath[str]) -> ReconciledBody:
    """Return one paid batch from what was sent down to what is open."""
    return ReconciledBody.of(await queries.batch(principal, reference))


@get("/settlement-batches/{reference:str}/open-lines", guards=[requires(*READERS)], summary="List a batch's open lines")
async def list_open(principal: CurrentPrincipal, reference: FromPath[str]) -> list[OpenLineBody]:
    """Return the lines of a batch that are open with the bank, the oldest first."""
    return [OpenLineBody.of(line) for line in await queries.open_lines(principal, reference)]


@post(
    "/settlement-batches/{reference:str}/return-files",
    guards=[requires(Permission.SETTLEMENT_PAY)],
    summary="Hand in the bank's return file",
)
async def hand_in(
    reference: FromPath[str],
    data: Annotated[FileBody, Body(media_type=RequestEncodingType.MULTI_PART)],
    principal: CurrentPrincipal,
) -> ImportBody:
    """Check every row of the bank's CSV or XLSX; nothing is recorded yet: POST /imports/{id}/store does that.

    Its columns are found by the layout that the batch was paid with.
    """
    await batch_page(principal, reference)
    layouts = await layouts_of_batch(reference)
    taken = await take_file(principal, reference, layouts, data.file.filename, await data.file.read())
    return ImportBody.of(await imports.import_view(principal, taken))
