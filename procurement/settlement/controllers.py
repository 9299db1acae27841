"""Settlement: what waits, a preview, a batch, its approval and its payment, each by another person."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.ids import new_public_id
from app.core.text import N_
from app.imports.writing import MEDIA_TYPES
from app.operations.queries import history
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import PAGE, Slice, decode_cursor, encode_cursor, sliced
from procurement.claims.queries import districts_of
from procurement.settlement import payout, queries, revoking, service
from procurement.settlement.bank_file import BankFile
from procurement.settlement.forms import EVERY, BatchesForm, PeriodForm
from procurement.settlement.layouts.rules import CELL_NAMES, FileFormat
from procurement.settlement.planning import queries as planning
from procurement.settlement.queries import BatchPage
from procurement.settlement.readiness import readiness
from procurement.settlement.rules import BatchStatus
from procurement.settlement.vouchers.service import record_vouchers
from procurement.settlement.wording import ACTION_NAMES, LEFT_OUT_NAMES, RETURNED, STATUS_NAMES, TAGS, moments
from procurement.tariffs.queries import label_in_use
from procurement.taxes.rules import KIND_NAMES

HOME = "/settlement"
CLERKS = requires(Permission.SETTLEMENT_COMPUTE)
CASHIERS = requires(Permission.SETTLEMENT_PAY)
CRUMB = Crumb(N_("结算"), HOME)


@get("/settlement", guards=[requires(*queries.READERS)])
async def batches(
    request: Request[Any, Any, Any], principal: CurrentPrincipal, cursor: FromQuery[str | None] = None
) -> Response[str]:
    """List batches; a clerk also sees what waits to be settled."""
    asked = Form.from_query(request, BatchesForm).value
    status = "" if asked.status == EVERY else str(asked.status.value)
    found = await queries.batches(principal, status, decode_cursor(cursor, str), PAGE + 1)
    computes = principal.can(Permission.SETTLEMENT_COMPUTE)
    return await page(
        "procurement/settlement/batches.html",
        asked=asked,
        unofficial=await label_in_use(),
        part=sliced(found, lambda row: row.reference),
        unsettled=await queries.unsettled(principal) if computes else [],
        plans=await planning.plans(principal) if computes else [],
        computes=computes,
        tags=TAGS,
        status_names=STATUS_NAMES,
    )


@get("/settlement/new", guards=[CLERKS])
async def preview(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[str]:
    """Show what a run over a district and a period would settle, before it is done."""
    if not request.query_params.get("place"):
        return await _new(principal, Form.empty(PeriodForm))
    form = Form.from_query(request, PeriodForm)
    try:
        asked = form.value
        found = await queries.unsettled(principal, asked.place, asked.period_from, asked.period_end)
        run = (asked.place, asked.period_from, asked.period_end, asked.cap_fen)
        fitting = await planning.fitting(principal, *run)
        barred = await planning.barred(principal, *run[:3])
    except DomainError as refusal:
        return await _new(principal, form.refused(refusal))
    form.texts["key"] = asked.key or f"web-{new_public_id()}"
    return await _new(principal, form, found, fitting, barred)


@post("/settlement/new", guards=[CLERKS])
async def compute(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Put what was previewed into a batch; pressing twice gives the same batch."""
    form = await Form.read(request, PeriodForm)
    try:
        asked = form.value
        run = (asked.place, asked.period_from, asked.period_end)
        key = asked.key or f"web-{new_public_id()}"
        batch = await service.compute_batch(principal, *run, key, asked.cap_fen)
    except DomainError as refusal:
        return await _new(principal, form.refused(refusal))
    return see_other(f"{HOME}/{batch.reference}", N_("批次已生成，等待另一个人复核。"))


async def _new(
    principal: Principal,
    form: Form[Any],
    found: list[queries.Unsettled] | None = None,
    fitting: planning.Fitting | None = None,
    barred: Sequence[planning.LeftOutSum] = (),
) -> Response[str]:
    return await page(
        "procurement/settlement/new.html",
        form=form,
        found=found,
        fitting=fitting,
        barred=barred,
        left_out_names=LEFT_OUT_NAMES,
        unofficial=await label_in_use(),
        districts=await districts_of(principal.scope(Permission.SETTLEMENT_COMPUTE)),
        crumbs=[CRUMB, Crumb(N_("新批次"))],
    )


@get("/settlement/{reference:str}", guards=[requires(*queries.READERS)])
async def show(
    principal: CurrentPrincipal, reference: FromPath[str], cursor: FromQuery[str | None] = None
) -> Response[str]:
    """Show a batch: whose it is, what it pays to whom for what, and what comes next."""
    batch = await queries.batch_page(principal, reference)
    offset = max(0, decode_cursor(cursor, int) or 0)
    found = await queries.payments(batch, offset, PAGE + 1)
    following = encode_cursor(offset + PAGE) if len(found) > PAGE else None
    return await page(
        "procurement/settlement/show.html",
        batch=batch,
        row=batch.row,
        part=Slice(tuple(found[:PAGE]), following),
        tags=TAGS,
        moments=moments(batch),
        next_step=_next_step(principal, batch),
        ready=await readiness(batch),
        kind_names=KIND_NAMES,
        cell_names=CELL_NAMES,
        may_record=batch.row.status is BatchStatus.APPROVED and _here(principal, batch, Permission.SETTLEMENT_PAY),
        returned_tag=RETURNED,
        left_out=await planning.left_out(batch),
        left_out_names=LEFT_OUT_NAMES,
        may_revoke=batch.row.status is BatchStatus.APPROVED and _here(principal, batch, Permission.SETTLEMENT_APPROVE),
        may_return=batch.row.status is BatchStatus.PAID and _here(principal, batch, Permission.SETTLEMENT_PAY),
        may_cancel=batch.row.status is BatchStatus.COMPUTED and _here(principal, batch, Permission.SETTLEMENT_COMPUTE),
        action_names=ACTION_NAMES,
        history=await history("settlement_batch", batch.row.id),
        crumbs=[CRUMB, Crumb(batch.row.reference)],
    )


@post("/settlement/{reference:str}/approve", guards=[requires(Permission.SETTLEMENT_APPROVE)])
async def approve(principal: CurrentPrincipal, reference: FromPath[str]) -> Redirect:
    """Approve a batch that somebody else computed."""
    batch = await queries.batch_page(principal, reference)
    await payout.approve_batch(principal, batch.row.id)
    return see_other(f"{HOME}/{reference}", N_("已复核，等待出纳付款。"))


@post("/settlement/{reference:str}/cancel", guards=[CLERKS])
async def cancel(principal: CurrentPrincipal, reference: FromPath[str]) -> Redirect:
    """Give up a computed batch."""
    batch = await queries.batch_page(principal, reference)
    await service.cancel_batch(principal, batch.row.id)
    return see_other(f"{HOME}/{reference}", N_("批次已撤销，申领回到待结算。"))


@post("/settlement/{reference:str}/revoke", guards=[requires(Permission.SETTLEMENT_APPROVE)])
async def revoke(principal: CurrentPrincipal, reference: FromPath[str]) -> Redirect:
    """Give up an approved batch that cannot be paid."""
    batch = await queries.batch_page(principal, reference)
    await revoking.revoke_batch(principal, batch.row.id)
    return see_other(f"{HOME}/{reference}", N_("批次已作废，账已冲正，申领回到待结算。"))


@post("/settlement/{reference:str}/pay", guards=[CASHIERS])
async def pay(principal: CurrentPrincipal, reference: FromPath[str]) -> Redirect:
    """Pay an approved batch; the bank file is then to be downloaded."""
    batch = await queries.batch_page(principal, reference)
    await payout.pay_batch(principal, batch.row.id)
    return see_other(f"{HOME}/{reference}", N_("已记账付款。现在下载银行文件，交给银行。"))


@post("/settlement/{reference:str}/vouchers", guards=[CASHIERS])
async def vouchers(request: Request[Any, Any, Any], principal: CurrentPrincipal, reference: FromPath[str]) -> Redirect:
    """Record the treasury's vouchers by budget line."""
    batch = await queries.batch_page(principal, reference)
    sent = await request.form()
    numbers = {key: str(value) for key, value in sent.multi_items() if not key.startswith("_")}
    await record_vouchers(principal, batch.row.id, numbers)
    return see_other(f"{HOME}/{reference}", N_("支付凭证号已登记。"))


@post("/settlement/{reference:str}/bank-file", guards=[CASHIERS], status_code=200)
async def bank_file(
    principal: CurrentPrincipal, reference: FromPath[str], format: FromQuery[FileFormat | None] = None
) -> Response[bytes]:
    """Hand out the bank file, which holds account numbers in the open: each time leaves a trace."""
    batch = await queries.batch_page(principal, reference)
    return attachment(await payout.bank_file_again(principal, batch.row.id, format))


def attachment(file: BankFile) -> Response[bytes]:
    """Return a bank file as a download that nothing on the way keeps."""
    headers = {"Content-Disposition": f'attachment; filename="{file.name}"', "Cache-Control": "no-store"}
    if file.format == "xlsx":
        return Response(file.content, media_type=MEDIA_TYPES["xlsx"], headers=headers)
    characters = file.format.removesuffix("_csv").replace("_", "-")
    return Response(file.content, media_type="text/csv", encoding=characters, headers=headers)


def _next_step(principal: Principal, batch: BatchPage) -> str:
    """Return what this person can do next: approve, pay, download, wait for another person, or nothing."""
    row, me = batch.row, principal.account_id
    if row.status is BatchStatus.COMPUTED and _here(principal, batch, Permission.SETTLEMENT_APPROVE):
        return "another" if me == row.computed_by else "approve"
    if row.status is BatchStatus.APPROVED and _here(principal, batch, Permission.SETTLEMENT_PAY):
        return "another" if me in (row.computed_by, row.approved_by) else "pay"
    if row.status is BatchStatus.PAID and _here(principal, batch, Permission.SETTLEMENT_PAY):
        return "download"
    return ""


def _here(principal: Principal, batch: BatchPage, permission: Permission) -> bool:
    return principal.can(permission) and principal.scope(permission).covers_place(batch.row.place_code)
