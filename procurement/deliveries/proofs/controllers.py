"""Bringing proofs from a phone: photos and the sign-in sheet, several at once, the log, the report of putting right."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath

from app.attachments import queries as attachments
from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from app.core.settings import settings
from app.core.text import N_
from app.web import qr
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.contracts.requirements.rules import KIND_NAMES as LINE_NAMES
from procurement.deliveries.acceptances import queries as judgements
from procurement.deliveries.acceptances.judging import report_put_right
from procurement.deliveries.acceptances.rules import RectificationStatus
from procurement.deliveries.acceptances.tags import RECTIFICATION_TAGS
from procurement.deliveries.proofs import queries, rules, service
from procurement.deliveries.proofs.forms import LogForm, ProofForm, ReportForm
from procurement.deliveries.proofs.parties import READERS
from procurement.deliveries.proofs.rules import ProofKind
from procurement.deliveries.proofs.service import Receipt, Upload
from procurement.deliveries.tags import STATUS_TAGS

BRINGS = requires(Permission.ORDER_ANSWER, Permission.ATTENDANCE_CONFIRM, Permission.ASSIGNMENT_SIGN_UP)
LOOKS = requires(*READERS, Permission.ATTENDANCE_CONFIRM, Permission.ASSIGNMENT_SIGN_UP)
LARGEST_BODY = 64 * 1024 * 1024
"""Some photos at once; each is held to the size of a file (app.attachments.rules)."""
SHEET_LINES = 30


@get("/my/proofs", guards=[requires(Permission.ORDER_ANSWER)])
async def to_bring(principal: CurrentPrincipal) -> Response[str]:
    """Show a provider what it still has to bring or to put right."""
    return await page(
        "procurement/deliveries/to_bring.html",
        rows=await queries.to_bring(principal.scope(Permission.ORDER_ANSWER)),
        kind_names=rules.KIND_NAMES,
        rectification_tags=RECTIFICATION_TAGS,
    )


@get("/orders/{reference:str}/proofs", guards=[LOOKS])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show what an order needs, what it has, and the forms to bring the rest."""
    return await _page(principal, reference)


@post("/orders/{reference:str}/proofs", guards=[BRINGS], request_max_body_size=LARGEST_BODY)
async def hand_in(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Take several files of one kind; the good ones are kept, each bad one is named."""
    form = await Form.read(request, ProofForm)
    try:
        asked = form.value
        receipt = await service.hand_in(
            principal, reference, asked.proof_kind(), asked.moment(), await uploads(request)
        )
    except DomainError as refusal:
        return await _page(principal, reference, proof=form.refused(refusal))
    if receipt.refused:
        return await _page(principal, reference, receipt=receipt)
    return see_other(f"/orders/{reference}/proofs", N_("已收到 %(count)s 个文件。"), count=len(receipt.kept))


@post("/orders/{reference:str}/log", guards=[BRINGS])
async def write_log(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Write the service log."""
    form = await Form.read(request, LogForm)
    try:
        await service.write_log(principal, reference, form.value.entry())
    except DomainError as refusal:
        return await _page(principal, reference, log=form.refused(refusal))
    return see_other(f"/orders/{reference}/proofs", N_("服务记录已保存。"))


@post("/orders/{reference:str}/put-right", guards=[requires(Permission.ORDER_ANSWER)])
async def put_right(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Report that all is put right."""
    form = await Form.read(request, ReportForm)
    try:
        await report_put_right(principal, reference, form.value.report_zh)
    except DomainError as refusal:
        return await _page(principal, reference, report=form.refused(refusal))
    return see_other(f"/orders/{reference}/proofs", N_("已报告，验收人会收到通知。"))


@get("/orders/{reference:str}/sign-in-sheet", guards=[LOOKS])
async def sheet(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show the sheet to print: lines to sign on, and the code by which those present give their opinion."""
    brought = await queries.proofs(principal, reference)
    delivery = await queries.delivery(brought.order_id)
    address = f"{settings().public_url}/t/{delivery.code}" if delivery.code else ""
    return await page(
        "procurement/deliveries/sheet.html",
        reference=reference,
        delivery=delivery,
        address=address,
        picture=qr.svg(address) if address else "",
        lines=range(1, SHEET_LINES + 1),
        crumbs=[Crumb(N_("凭证"), f"/orders/{reference}/proofs"), Crumb(N_("群众签到表"))],
    )


@get("/proofs/{public_id:uuid}", guards=[LOOKS])
async def picture(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[bytes]:
    """Show one picture; its bytes were checked on arrival and carry no script."""
    found = await queries.picture_of(public_id)
    if found is None or not found.is_picture:
        raise NotFound
    file = await attachments.download(principal, found.file_id)
    headers = {
        "x-content-type-options": "nosniff",
        "cache-control": "private, no-store",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(file.content, media_type=file.media_type, headers=headers)


async def uploads(request: Request[Any, Any, Any]) -> list[Upload]:
    """Return the files of a request, several under one name."""
    sent = (await request.form()).multi_items()
    return [
        Upload(value.filename, await value.read())
        for name, value in sent
        if name == "files" and isinstance(value, UploadFile) and value.filename
    ]


async def _page(
    principal: Principal,
    reference: str,
    *,
    proof: Form[ProofForm] | None = None,
    log: Form[LogForm] | None = None,
    report: Form[ReportForm] | None = None,
    receipt: Receipt | None = None,
) -> Response[str]:
    found = await queries.proofs(principal, reference)
    delivery = await queries.delivery(found.order_id)
    rounds = await judgements.rounds_of(found.order_id)
    refused = proof or log or report
    last = rounds[-1] if rounds else None
    order = f"/orders/{reference}"
    return await page(
        "procurement/deliveries/proofs.html",
        status=refused.status if refused else 422 if receipt and not receipt.kept else None,
        found=found,
        delivery=delivery,
        receipt=receipt,
        proof=proof or _new_proof(delivery),
        log=log or (Form.empty(LogForm, **_said(found.log)) if found.log else Form.empty(LogForm)),
        report=report or Form.empty(ReportForm),
        last=last,
        put_right=last is not None
        and last.rectification is RectificationStatus.ASKED
        and principal.can(Permission.ORDER_ANSWER),
        kind_names=rules.KIND_NAMES,
        file_kinds={kind.value: rules.KIND_NAMES[kind] for kind in (ProofKind.PHOTO, ProofKind.SIGN_IN_SHEET)},
        line_names=LINE_NAMES,
        status_tags=STATUS_TAGS,
        crumbs=[Crumb(N_("订单"), order if any(map(principal.can, READERS)) else None), Crumb(N_("凭证"))],
    )


def _new_proof(delivery: queries.DeliveryView) -> Form[ProofForm]:
    taken_at = min(delivery.starts, clock.now())
    return Form.empty(ProofForm, kind="photo", taken_at=taken_at, taken_where=delivery.place_zh)


def _said(log: queries.LogView) -> dict[str, Any]:
    return {name: getattr(log, name) for name in ("topic_zh", "people", "asked_zh", "follow_up_zh")}
