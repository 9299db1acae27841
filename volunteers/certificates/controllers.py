"""One's own certificates, the page on which anybody checks one, and revoking."""

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.settings import settings
from app.core.text import N_
from app.web import qr
from app.web.components import Crumb, Tag
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from app.web.slots import Fill
from volunteers.certificates import queries, service
from volunteers.certificates.forms import CodeForm, PeriodForm, RevokeForm
from volunteers.certificates.pdf import certificate_pdf
from volunteers.certificates.rules import STATUS_NAMES, CertificateStatus, grouped, read_code

VOLUNTEER = requires(Permission.VOLUNTEER_SELF)
OFFICER = requires(Permission.CREDENTIAL_VERIFY)
HOME, VERIFY = "/my/certificates", "/verify"
STATUS_TAGS = {
    CertificateStatus.ISSUED: Tag("done", STATUS_NAMES[CertificateStatus.ISSUED]),
    CertificateStatus.REVOKED: Tag("need", STATUS_NAMES[CertificateStatus.REVOKED]),
}


@get(HOME, guards=[VOLUNTEER])
async def certificates(principal: CurrentPrincipal) -> Response[str]:
    """Show one's own certificates, and ask for the period of a new one."""
    today = clock.today()
    return await _certificates(principal, Form.of(PeriodForm(date(today.year, 1, 1), today)))


@post(HOME, guards=[VOLUNTEER])
async def issue(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Issue a certificate for a period."""
    form = await Form.read(request, PeriodForm)
    try:
        await service.issue(principal, form.value.from_day, form.value.until_day)
    except DomainError as refusal:
        return await _certificates(principal, form.refused(refusal))
    return see_other(HOME, N_("证明已开好，可以下载。"))


@get("/my/certificates/{public_id:uuid}/pdf", guards=[VOLUNTEER])
async def download(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[bytes]:
    """Hand out the two pages."""
    row, content = await queries.own_certificate(principal, public_id)
    address, demo = f"{settings().public_url}{VERIFY}", settings().mode != "production"
    made = await asyncio.to_thread(certificate_pdf, row, content, address, demo=demo)
    headers = {"Content-Disposition": f'attachment; filename="{row.number}.pdf"', "Cache-Control": "private, no-store"}
    return Response(made, media_type="application/pdf", headers=headers)


@get(VERIFY, guards=[public])
async def verify_form(request: Request[Any, Any, Any]) -> Response[Any]:
    """Ask for a code, or go to the one that was typed."""
    typed = Form.from_query(request, CodeForm).value.code
    if typed.strip():
        return see_other(f"{VERIFY}/{read_code(typed)[:40]}")
    return await page("volunteers/certificates/verify.html", code="", found=None)


@get("/verify/{code:str}", guards=[public])
async def verify(code: FromPath[str]) -> Response[str]:
    """Say whether a certificate is genuine, revoked or unknown, to anybody."""
    return await _verify(code, Form.empty(RevokeForm))


@post("/verify/{code:str}/revoke", guards=[OFFICER])
async def revoke(
    code: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any] | Redirect:
    """Take a certificate out of force."""
    form = await Form.read(request, RevokeForm)
    try:
        await service.revoke(principal, code, form.value.reason)
    except DomainError as refusal:
        return await _verify(code, form.refused(refusal))
    return see_other(f"{VERIFY}/{read_code(code)}", N_("已撤销，并通知了本人。"))


async def link_to_certificates(_principal: Principal) -> Fill:
    """Fill ``my_hours.actions``."""
    return Fill("volunteers/certificates/link.html")


async def _certificates(principal: Principal, form: Form[PeriodForm]) -> Response[str]:
    return await page(
        "volunteers/certificates/mine.html",
        status=form.status if form.refusal else None,
        rows=await queries.my_certificates(principal),
        form=form,
        grouped=grouped,
        tags=STATUS_TAGS,
        crumbs=[Crumb(N_("我的时长"), "/my/hours"), Crumb(N_("服务证明"))],
    )


async def _verify(code: str, form: Form[RevokeForm]) -> Response[str]:
    found = await queries.checked(code)
    response = await page(
        "volunteers/certificates/verify.html",
        status=form.status if form.refusal else (None if found else 404),
        code=grouped(read_code(code)[:40]),
        found=found,
        form=form,
        picture=qr.svg(f"{settings().public_url}{VERIFY}/{found.row.code}") if found else "",
    )
    response.headers["x-robots-tag"] = "noindex"
    return response
