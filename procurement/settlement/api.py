"""Settlement for programs: what waits, computing, approving, paying, giving up a batch."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.settlement import payout, queries, revoking, service
from procurement.settlement.controllers import attachment
from procurement.settlement.forms import ComputeBody
from procurement.settlement.layouts.rules import FileFormat
from procurement.settlement.queries import BatchRow, Unsettled
from procurement.settlement.returns import service as returning
from procurement.settlement.returns.forms import BankReturnBody
from procurement.settlement.rules import BatchStatus
from procurement.settlement.vouchers.queries import LineShare, line_shares
from procurement.settlement.vouchers.service import record_vouchers


class BatchBody(msgspec.Struct):
    """A batch; ``period_to`` is the first day that no longer belongs to it."""

    reference: Annotated[str, msgspec.Meta(examples=["JS-2026-000007"])]
    status: Annotated[str, msgspec.Meta(examples=["computed"])]
    place_code: Annotated[str, msgspec.Meta(examples=["330106"])]
    period_from: Annotated[date, msgspec.Meta(examples=["2026-11-01"])]
    period_to: Annotated[date, msgspec.Meta(examples=["2026-12-01"])]
    cap_fen: Annotated[int, msgspec.Meta(examples=[5_000_000])] | None
    total_fen: Annotated[int, msgspec.Meta(examples=[150_000])]
    payment_count: Annotated[int, msgspec.Meta(examples=[3])]
    claim_count: Annotated[int, msgspec.Meta(examples=[6])]
    computed_at: datetime
    approved_at: datetime | None
    paid_at: datetime | None

    @classmethod
    def of(cls, row: BatchRow) -> "BatchBody":
        """Return the body of a view."""
        return cls(**{name: getattr(row, name) for name in cls.__struct_fields__ if name != "status"},
                   status=row.status.value)  # fmt: skip


class UnsettledBody(msgspec.Struct):
    """Approved claims of a district that no batch holds yet; who has no account cannot be paid.

    ``returned`` counts the claims that go into no batch before their payee has corrected the account.
    """

    place_code: Annotated[str, msgspec.Meta(examples=["330106"])]
    claims: Annotated[int, msgspec.Meta(examples=[6])]
    payees: Annotated[int, msgspec.Meta(examples=[3])]
    without_account: Annotated[int, msgspec.Meta(examples=[0])]
    total_fen: Annotated[int, msgspec.Meta(examples=[150_000])]
    first_day: Annotated[date, msgspec.Meta(examples=["2026-11-16"])]
    last_day: Annotated[date, msgspec.Meta(examples=["2026-11-22"])]
    returned: Annotated[int, msgspec.Meta(examples=[0])]

    @classmethod
    def of(cls, row: Unsettled) -> "UnsettledBody":
        """Return the body of a view."""
        return cls(**{name: getattr(row, name) for name in cls.__struct_fields__})


class BankReturnedBody(msgspec.Struct):
    """A returned line, and how much of its batch came back by now."""

    reference: Annotated[str, msgspec.Meta(examples=["JS-2026-000007"])]
    line: Annotated[int, msgspec.Meta(examples=[3])]
    amount_fen: Annotated[int, msgspec.Meta(examples=[50_000])]
    returned_count: Annotated[int, msgspec.Meta(examples=[1])]
    returned_fen: Annotated[int, msgspec.Meta(examples=[50_000])]


class LineShareBody(msgspec.Struct):
    """What a batch takes from one budget line, before tax; ``line`` is the line's name for recording a voucher."""

    line: Annotated[str, msgspec.Meta(examples=["2026-330106-on_site"])]
    functional_code: Annotated[str, msgspec.Meta(examples=["2040607"])]
    economic_code: Annotated[str, msgspec.Meta(examples=["30226"])]
    claims: Annotated[int, msgspec.Meta(examples=[6])]
    amount_fen: Annotated[int, msgspec.Meta(examples=[150_000])]
    voucher: Annotated[str, msgspec.Meta(examples=["GK-2026-0042"])]

    @classmethod
    def of(cls, share: LineShare) -> "LineShareBody":
        """Return the body of a view."""
        return cls(share.handle, share.functional_code, share.economic_code, share.claims, share.amount_fen,
                   share.voucher)  # fmt: skip


@get("/settlement-batches", guards=[requires(*queries.READERS)], summary="List batches")
async def list_batches(
    principal: CurrentPrincipal,
    status: FromQuery[BatchStatus | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[BatchBody]:
    """Return batches of the caller's places, newest first."""
    size = page_size(limit)
    wanted = status.value if status else ""
    rows = await queries.batches(principal, wanted, decode_cursor(cursor, str), size + 1)
    return page_of(sliced(rows, lambda row: row.reference, size), BatchBody.of)


@get("/settlement-batches/unsettled", guards=[requires(Permission.SETTLEMENT_COMPUTE)], summary="Preview a batch")
async def list_unsettled(
    principal: CurrentPrincipal,
    place: FromQuery[str] = "",
    period_from: FromQuery[date | None] = None,
    period_to: FromQuery[date | None] = None,
) -> list[UnsettledBody]:
    """Return what a run would put into a batch, by district; ``period_to`` is the first day outside."""
    return [UnsettledBody.of(row) for row in await queries.unsettled(principal, place, period_from, period_to)]


@get("/settlement-batches/{reference:str}", guards=[requires(*queries.READERS)], summary="Show a batch")
async def show_batch(principal: CurrentPrincipal, reference: FromPath[str]) -> BatchBody:
    """Return one batch."""
    return await _batch(principal, reference)


@post("/settlement-batches", guards=[requires(Permission.SETTLEMENT_COMPUTE)], summary="Compute a batch")
async def compute_batch(principal: CurrentPrincipal, data: JSONBody[ComputeBody]) -> Response[BatchBody]:
    """Put every approved, unpaid claim of a place and period into a batch, as far as ``cap_fen`` reaches.

    The same key with the same place, period and cap returns the batch that exists (200), otherwise a new one (201).
    """
    period = (data.period_from, data.period_to)
    made = await service.compute_batch(principal, data.place, *period, data.idempotency_key, data.cap_fen)
    return Response(await _batch(principal, made.reference), status_code=201 if made.fresh else 200)


@post(
    "/settlement-batches/{reference:str}/approve",
    guards=[requires(Permission.SETTLEMENT_APPROVE)],
    status_code=200,
    summary="Approve a batch",
)
async def approve_batch(principal: CurrentPrincipal, reference: FromPath[str]) -> BatchBody:
    """Approve a computed batch; whoever computed it is refused."""
    batch = await queries.batch_page(principal, reference)
    await payout.approve_batch(principal, batch.row.id)
    return await _batch(principal, reference)


@post(
    "/settlement-batches/{reference:str}/cancellation",
    guards=[requires(Permission.SETTLEMENT_COMPUTE)],
    status_code=200,
    summary="Give a batch up",
)
async def cancel_batch(principal: CurrentPrincipal, reference: FromPath[str]) -> BatchBody:
    """Give up a computed batch; its claims wait again."""
    batch = await queries.batch_page(principal, reference)
    await service.cancel_batch(principal, batch.row.id)
    return await _batch(principal, reference)


@post(
    "/settlement-batches/{reference:str}/revocation",
    guards=[requires(Permission.SETTLEMENT_APPROVE)],
    status_code=200,
    summary="Give an approved batch up",
)
async def revoke_batch(principal: CurrentPrincipal, reference: FromPath[str]) -> BatchBody:
    """Give up an approved batch that cannot be paid: its entries are reversed, its claims wait for another batch."""
    batch = await queries.batch_page(principal, reference)
    await revoking.revoke_batch(principal, batch.row.id)
    return await _batch(principal, reference)


@post(
    "/settlement-batches/{reference:str}/pay",
    guards=[requires(Permission.SETTLEMENT_PAY)],
    status_code=200,
    summary="Pay a batch",
)
async def pay_batch(principal: CurrentPrincipal, reference: FromPath[str]) -> BatchBody:
    """Book the payout of an approved batch; whoever computed or approved it is refused."""
    batch = await queries.batch_page(principal, reference)
    await payout.pay_batch(principal, batch.row.id)
    return await _batch(principal, reference)


@post(
    "/settlement-batches/{reference:str}/returns",
    guards=[requires(Permission.SETTLEMENT_PAY)],
    status_code=200,
    summary="Record that the bank returned a line",
)
async def record_return(
    principal: CurrentPrincipal, reference: FromPath[str], data: JSONBody[BankReturnBody]
) -> BankReturnedBody:
    """Book a returned line of a paid batch back; its claims are paid again once the payee has corrected the account.

    Recording the same line again is refused (409).
    """
    batch = await queries.batch_page(principal, reference)
    fen = await returning.record_return(principal, batch.row.id, data.returned())
    after = await queries.batch_page(principal, reference)
    return BankReturnedBody(reference, data.line, fen, after.returned, after.returned_fen)


@post(
    "/settlement-batches/{reference:str}/bank-file",
    guards=[requires(Permission.SETTLEMENT_PAY)],
    status_code=200,
    media_type="text/csv",
    summary="Read a paid batch's bank file",
)
async def read_bank_file(
    principal: CurrentPrincipal, reference: FromPath[str], format: FromQuery[FileFormat | None] = None
) -> Response[Any]:
    """Return the bank file, byte for byte the one handed over, or the same as ``csv`` or ``xlsx``.

    Each reading leaves an audit event.
    """
    batch = await queries.batch_page(principal, reference)
    return attachment(await payout.bank_file_again(principal, batch.row.id, format))


@get(
    "/settlement-batches/{reference:str}/budget-lines",
    guards=[requires(*queries.READERS)],
    summary="A batch by budget line",
)
async def list_budget_lines(principal: CurrentPrincipal, reference: FromPath[str]) -> list[LineShareBody]:
    """Return what a batch takes from each budget line, with its classification codes and the treasury's voucher."""
    batch = await queries.batch_page(principal, reference)
    return [LineShareBody.of(share) for share in await line_shares(batch.row.id)]


@post(
    "/settlement-batches/{reference:str}/vouchers",
    guards=[requires(Permission.SETTLEMENT_PAY)],
    status_code=200,
    summary="Record the treasury's vouchers",
)
async def record_batch_vouchers(
    principal: CurrentPrincipal, reference: FromPath[str], data: JSONBody[dict[str, str]]
) -> list[LineShareBody]:
    """Record voucher numbers of an approved batch by the name of the budget line; another number replaces the first."""
    batch = await queries.batch_page(principal, reference)
    await record_vouchers(principal, batch.row.id, data)
    return [LineShareBody.of(share) for share in await line_shares(batch.row.id)]


async def _batch(principal: CurrentPrincipal, reference: str) -> BatchBody:
    return BatchBody.of((await queries.batch_page(principal, reference)).row)
