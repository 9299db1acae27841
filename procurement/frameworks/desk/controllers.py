"""An officer's pages: every framework of the places, a new one, its next step, its applications."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.choices import place_options
from procurement.frameworks import queries, service
from procurement.frameworks.admissions import queries as admissions
from procurement.frameworks.admissions import service as admitting
from procurement.frameworks.admissions.service import ApplicationDecision
from procurement.frameworks.controllers import NAMES, moments
from procurement.frameworks.forms import DecideForm, FilingForm, FrameworkForm, RemoveForm
from procurement.frameworks.queries import FrameworkView
from procurement.frameworks.rules import AdmissionStatus, FrameworkStatus
from procurement.frameworks.tags import GROUND_NAMES
from procurement.oversight.ratings import queries as ratings

OFFICER = requires(Permission.FRAMEWORK_MANAGE)
LABELS = {
    "title_zh": N_("名称"),
    "title_en": N_("英文名称"),
    "category": N_("服务类别"),
    "unit": N_("计量单位"),
    "rate_fen": N_("统一标准（每单位）"),
    "place_code": N_("适用地区"),
    "starts_on": N_("开始日期"),
    "ends_on": N_("截止日期"),
}


@get("/buying/frameworks", guards=[OFFICER])
async def managed(principal: CurrentPrincipal) -> Response[str]:
    """List every framework of the officer's places."""
    rows = await queries.managed(principal.scope(Permission.FRAMEWORK_MANAGE))
    return await page("procurement/frameworks/managed.html", rows=rows, **NAMES)


@get("/buying/frameworks/new", guards=[OFFICER])
async def scheme_form(principal: CurrentPrincipal) -> Response[str]:
    """Show an empty scheme."""
    today = clock.today()
    return await _scheme(principal, Form.empty(FrameworkForm, starts_on=today, ends_on=today + timedelta(days=365)))


@post("/buying/frameworks", guards=[OFFICER])
async def draw_up(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Write a scheme."""
    form = await Form.read(request, FrameworkForm)
    try:
        framework_id = await service.draw_up_framework(principal, form.value.scheme())
    except DomainError as refusal:
        return await _scheme(principal, form.refused(refusal))
    return see_other(f"/buying/frameworks/{await queries.reference_of(framework_id)}", N_("方案已拟定，下一步是备案。"))


@get("/buying/frameworks/{reference:str}", guards=[OFFICER])
async def manage(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show a framework with its next step and what waits for a decision."""
    return await _manage(principal, reference)


@post("/buying/frameworks/{reference:str}/file", guards=[OFFICER])
async def file_scheme(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Note the filing."""
    form = await Form.read(request, FilingForm)
    try:
        await service.file_scheme(principal, (await _own(principal, reference)).id, form.value.filing_number)
    except DomainError as refusal:
        return await _manage(principal, reference, filing=form.refused(refusal))
    return see_other(f"/buying/frameworks/{reference}", N_("已备案。"))


@post("/buying/frameworks/{reference:str}/publish", guards=[OFFICER])
async def publish(reference: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """Publish the call."""
    await service.publish_call(principal, (await _own(principal, reference)).id)
    return see_other(f"/buying/frameworks/{reference}", N_("征集公告已发布，机构可以申请。"))


@post("/buying/frameworks/{reference:str}/force", guards=[OFFICER])
async def bring_into_force(reference: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """Bring the framework into force."""
    await service.bring_into_force(principal, (await _own(principal, reference)).id)
    return see_other(f"/buying/frameworks/{reference}", N_("框架协议已生效，可以采购。"))


@post("/buying/frameworks/{reference:str}/decide", guards=[OFFICER])
async def decide(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Admit or refuse the ticked applications."""
    form = await Form.read(request, DecideForm)
    try:
        form.require_ticked("applications")
        asked = form.value
        ids = await admissions.admission_ids(asked.applications)
        await admitting.decide_applications(
            principal, [ApplicationDecision(admission_id, asked.admit, asked.reason) for admission_id in ids]
        )
    except DomainError as refusal:
        return await _manage(principal, reference, deciding=form.refused(refusal))
    said = N_("已入围 %(count)s 项并公告。") if asked.admit else N_("已退回 %(count)s 项申请。")
    return see_other(f"/buying/frameworks/{reference}", said, count=len(ids))


@get("/buying/frameworks/{reference:str}/removals/{public_id:uuid}", guards=[OFFICER])
async def removal_form(
    reference: FromPath[str], public_id: FromPath[UUID], principal: CurrentPrincipal
) -> Response[str]:
    """Ask why a supplier is removed."""
    return await _removal(principal, reference, public_id, Form.empty(RemoveForm))


@post("/buying/frameworks/{reference:str}/removals/{public_id:uuid}", guards=[OFFICER])
async def remove(
    reference: FromPath[str], public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Remove a supplier for cause."""
    form = await Form.read(request, RemoveForm)
    try:
        asked = form.value
        [admission_id] = await admissions.admission_ids([public_id])
        await admitting.remove_admission(principal, admission_id, asked.ground, asked.reason)
    except DomainError as refusal:
        return await _removal(principal, reference, public_id, form.refused(refusal))
    return see_other(f"/buying/frameworks/{reference}", N_("已清退并公告。"))


async def _own(principal: Principal, reference: str) -> FrameworkView:
    return await queries.framework(reference, principal.scope(Permission.FRAMEWORK_MANAGE))


async def _scheme(principal: Principal, form: Form[FrameworkForm]) -> Response[str]:
    places = await place_options(principal.scope(Permission.FRAMEWORK_MANAGE))
    return await page("procurement/frameworks/new.html", form=form, labels=LABELS, places=places, **NAMES)


async def _manage(
    principal: Principal,
    reference: str,
    filing: Form[FilingForm] | None = None,
    deciding: Form[DecideForm] | None = None,
) -> Response[str]:
    framework = await _own(principal, reference)
    refused = filing or deciding
    shown = [AdmissionStatus.ADMITTED, AdmissionStatus.REMOVED, AdmissionStatus.WITHDRAWN]
    applications = await admissions.applications(framework.id)
    return await page(
        "procurement/frameworks/manage.html",
        status=refused.status if refused else None,
        framework=framework,
        filing=filing or Form.empty(FilingForm),
        deciding=deciding or Form.empty(DecideForm),
        force_blocks=await _force_blocks(framework),
        applications=applications,
        scores=await ratings.of_organizations([row.organization_public_id for row in applications]),
        admissions=await admissions.of_framework(framework.id, shown),
        moments=moments(framework),
        crumbs=[Crumb(N_("框架协议"), "/buying/frameworks"), Crumb(localized(framework, "title"))],
        **NAMES,
    )


async def _force_blocks(framework: FrameworkView) -> list[Any]:
    if framework.status is not FrameworkStatus.CALL_PUBLISHED:
        return []
    return list(await queries.force_blocks(framework))


async def _removal(principal: Principal, reference: str, public_id: UUID, form: Form[RemoveForm]) -> Response[str]:
    framework = await _own(principal, reference)
    admitted = await admissions.of_framework(framework.id, [AdmissionStatus.ADMITTED])
    return await page(
        "procurement/frameworks/remove.html",
        form=form,
        framework=framework,
        admission=next((row for row in admitted if row.public_id == public_id), None),
        public_id=public_id,
        grounds=GROUND_NAMES,
        crumbs=[Crumb(localized(framework, "title"), f"/buying/frameworks/{reference}"), Crumb(N_("清退"))],
        **NAMES,
    )
