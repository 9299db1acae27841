"""Reconciling with the bank: what is open by age, each batch to zero, and taking in the bank's return file."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.imports.forms import UploadForm
from app.imports.rules import MOST_BYTES, FileIsEmpty
from app.web.components import Chart, Crumb, Series
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.settlement.layouts.queries import layouts_of_batch
from procurement.settlement.layouts.rules import ANSWER_NAMES
from procurement.settlement.queries import READERS, BatchPage, batch_page
from procurement.settlement.reconciliation import queries
from procurement.settlement.reconciliation.queries import OpenLine
from procurement.settlement.reconciliation.rules import age_names, by_age
from procurement.settlement.replies.service import take_file
from procurement.settlement.rules import BatchStatus

HOME = "/settlement/reconciliation"
CRUMBS = [Crumb(N_("结算"), "/settlement"), Crumb(N_("对账"), HOME)]
CASHIERS = requires(Permission.SETTLEMENT_PAY)


@get(HOME, guards=[requires(*READERS)])
async def overview(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show what is open with the bank by age, and how each paid batch stands."""
    found = await queries.batches(principal, decode_cursor(cursor, str), PAGE + 1)
    lines = await queries.open_lines(principal)
    return await page(
        "procurement/settlement/reconciliation/overview.html",
        part=sliced(found, lambda row: row.reference),
        lines=lines[: queries.SHOWN],
        open_count=len(lines),
        open_fen=sum(line.amount_fen for line in lines),
        chart_value=open_chart(lines) if lines else None,
        crumbs=CRUMBS,
    )


@get("/settlement/{reference:str}/reconciliation", guards=[requires(*READERS)])
async def show(principal: CurrentPrincipal, reference: FromPath[str]) -> Response[str]:
    """Show a batch from what was sent down to what is open, which ends at zero."""
    found = await queries.batch(principal, reference)
    return await page(
        "procurement/settlement/reconciliation/show.html",
        found=found,
        sums=found.sums,
        lines=await queries.open_lines(principal, reference),
        crumbs=[*CRUMBS, Crumb(reference, f"/settlement/{reference}"), Crumb(N_("对账"))],
    )


@get("/settlement/{reference:str}/return-file", guards=[CASHIERS])
async def ask_file(principal: CurrentPrincipal, reference: FromPath[str]) -> Response[str]:
    """Ask for the bank's return file on a paid batch."""
    return await _file_page(principal, reference, Form.empty(UploadForm))


@post("/settlement/{reference:str}/return-file", guards=[CASHIERS])
async def take(request: Request[Any, Any, Any], principal: CurrentPrincipal, reference: FromPath[str]) -> Response[Any]:
    """Take the file in and go to the report on its rows; nothing is recorded yet."""
    form = await Form.read(request, UploadForm)
    try:
        sent = form.files.get("file")
        if sent is None:
            raise FileIsEmpty
        await batch_page(principal, reference)
        layouts = await layouts_of_batch(reference)
        taken = await take_file(principal, reference, layouts, sent.filename, await sent.read())
    except DomainError as refusal:
        return await _file_page(principal, reference, form.refused(refusal))
    return see_other(f"/imports/{taken}")


async def _file_page(principal: Principal, reference: str, form: Form[Any]) -> Response[str]:
    batch: BatchPage = await batch_page(principal, reference)
    layout = (await layouts_of_batch(reference))[-1]
    return await page(
        "procurement/settlement/reconciliation/file.html",
        form=form,
        batch=batch,
        paid=batch.row.status is BatchStatus.PAID,
        headings=[(ANSWER_NAMES[answer], layout.answers.get(answer, "")) for answer in ANSWER_NAMES],
        bank=layout.bank,
        megabytes=MOST_BYTES // 1024 // 1024,
        crumbs=[*CRUMBS, Crumb(reference, f"/settlement/{reference}"), Crumb(N_("银行回单"))],
    )


def open_chart(lines: Sequence[OpenLine]) -> Chart:
    """Return what is open as bars by age, what came back apart from what the bank has not answered."""
    returned = by_age((line.days, line.amount_fen) for line in lines if line.returned_on)
    unanswered = by_age((line.days, line.amount_fen) for line in lines if not line.returned_on)
    return Chart(
        "stacked",
        N_("和银行没有结清的金额，按天数"),
        age_names(),  # type: ignore[arg-type]
        [Series(N_("银行还没有回复"), unanswered), Series(N_("退回后还没有再付"), returned)],
        unit="fen",
    )
