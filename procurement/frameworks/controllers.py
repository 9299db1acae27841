"""Public pages: which frameworks there are, what each calls for, and who is admitted at which rate."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb, Moment
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from marketplace.organizations.provision import CATEGORY_NAMES
from marketplace.products.catalogue.tags import CATEGORY_TAGS
from marketplace.products.content import UNIT_NAMES
from procurement.frameworks import queries
from procurement.frameworks.admissions import queries as admissions
from procurement.frameworks.admissions import service
from procurement.frameworks.forms import ApplyForm
from procurement.frameworks.notices.queries import notices_of
from procurement.frameworks.notices.tags import KIND_TAGS
from procurement.frameworks.queries import FrameworkView
from procurement.frameworks.rules import AdmissionStatus, FrameworkStatus
from procurement.frameworks.tags import ADMISSION_TAGS, STATUS_TAGS, STEPS

NAMES: dict[str, Any] = {
    "category_names": CATEGORY_NAMES,
    "category_tags": CATEGORY_TAGS,
    "unit_names": UNIT_NAMES,
    "status_tags": STATUS_TAGS,
    "admission_tags": ADMISSION_TAGS,
}


@get("/frameworks", guards=[public])
async def published(category: FromQuery[str] = "", cursor: FromQuery[str | None] = None) -> Response[str]:
    """List the frameworks whose call is public."""
    rows = await queries.published(category, decode_cursor(cursor, int))
    return await page(
        "procurement/frameworks/list.html", part=sliced(rows, key=lambda row: row.id), category=category, **NAMES
    )


@get("/frameworks/{reference:str}", guards=[public])
async def show(reference: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one framework with its suppliers."""
    return await _show(reference, principal, Form.empty(ApplyForm))


@post("/frameworks/{reference:str}/apply", guards=[requires(Permission.FRAMEWORK_APPLY)])
async def apply(
    reference: FromPath[str], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Apply with the ticked products."""
    form = await Form.read(request, ApplyForm)
    try:
        form.require_ticked("products")
        framework = await queries.framework(reference)
        chosen = await admissions.product_ids(form.value.products)
        await service.apply_for_admission(principal, framework.id, chosen)
    except DomainError as refusal:
        return await _show(reference, principal, form.refused(refusal))
    return see_other("/my/admissions", N_("已提交 %(count)s 项申请，七个工作日内答复。"), count=len(chosen))


@get("/my/admissions", guards=[requires(Permission.FRAMEWORK_APPLY)])
async def mine(principal: CurrentPrincipal) -> Response[str]:
    """Show a provider what it applied with and what became of it, and where it may apply."""
    scope = principal.scope(Permission.FRAMEWORK_APPLY)
    calls = [row for row in await queries.published() if row.open_to_applicants]
    return await page(
        "procurement/frameworks/mine.html", rows=await admissions.of_organizations(scope), calls=calls, **NAMES
    )


@post("/my/admissions/{public_id:uuid}/withdraw", guards=[requires(Permission.FRAMEWORK_APPLY)])
async def withdraw(public_id: FromPath[Any], principal: CurrentPrincipal) -> Response[Any]:
    """Leave a framework, or take an application back."""
    [admission_id] = await admissions.admission_ids([public_id])
    await service.withdraw_admission(principal, admission_id)
    return see_other("/my/admissions", N_("已退出。"))


async def _show(reference: str, principal: Principal, form: Form[ApplyForm]) -> Response[str]:
    framework = await queries.framework(reference)
    own = []
    if principal.can(Permission.FRAMEWORK_APPLY) and framework.open_to_applicants:
        own = await admissions.own_products(framework, principal.scope(Permission.FRAMEWORK_APPLY))
    return await page(
        "procurement/frameworks/show.html",
        form=form,
        framework=framework,
        admitted=await admissions.of_framework(framework.id, [AdmissionStatus.ADMITTED]),
        own=own,
        review=await admissions.review_period(),
        moments=moments(framework),
        notices=await notices_of(framework.id),
        kind_tags=KIND_TAGS,
        manages=_manages(principal, framework),
        crumbs=[Crumb(N_("框架协议"), "/frameworks"), Crumb(localized(framework, "title"))],
        **NAMES,
    )


def _manages(principal: Principal, framework: FrameworkView) -> bool:
    scope = principal.scopes.get(Permission.FRAMEWORK_MANAGE)
    return scope is not None and scope.covers_place(framework.place_code)


def moments(framework: FrameworkView) -> list[Moment]:
    """Return a framework's way: what lies behind it and what is still to come."""
    order = list(FrameworkStatus)
    reached = order.index(framework.status)
    dates = {
        FrameworkStatus.SCHEME: framework.created_at,
        FrameworkStatus.FILED: framework.filed_at,
        FrameworkStatus.CALL_PUBLISHED: framework.published_at,
        FrameworkStatus.IN_FORCE: framework.in_force_at,
        FrameworkStatus.EXPIRED: framework.expired_at,
    }
    return [
        Moment(
            words,
            dates.get(status),
            tone="done" if order.index(status) < reached else "info" if status is framework.status else "off",
        )
        for status, words in STEPS
    ]
