"""A member's pages: apply, see what is missing, state papers, keep the profile."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires, signed_in
from app.web.pages import page, see_other
from marketplace.law import warned_until
from marketplace.organizations import queries, service
from marketplace.organizations.forms import ApplicationForm, PaperForm, ProfileForm
from marketplace.organizations.provision import (
    CATEGORY_NAMES,
    EVIDENCE,
    LICENCE_OF,
    QUALIFICATION_NAMES,
    SOCIAL_KINDS,
    QualificationKind,
)
from marketplace.organizations.qualifications import service as papers
from marketplace.organizations.qualifications.controllers import uploaded
from marketplace.organizations.qualifications.rules import PaperState
from marketplace.organizations.queries import OrganizationView, QualificationView
from marketplace.organizations.rules import FUNDING_NAMES, KIND_NAMES, Funding
from marketplace.organizations.tags import PAPER_TAGS, STATUS_TAGS
from marketplace.products import areas

MEMBER = requires(Permission.ORGANIZATION_MANAGE)
LABELS = {
    "uscc": N_("统一社会信用代码"),
    "kind": N_("机构类型"),
    "name_zh": N_("单位全称"),
    "name_en": N_("英文名称"),
    "place_code": N_("注册地"),
    "funding": N_("经费性质"),
    "profile_zh": N_("单位介绍"),
    "profile_en": N_("英文介绍"),
    "bank_name": N_("开户银行"),
    "bank_account": N_("对公账号"),
}
PAPER_LABELS = {
    "kind": N_("材料"),
    "number": N_("编号"),
    "issuer_zh": N_("发证或出具机关"),
    "valid_from": N_("起始日期"),
    "valid_until": N_("截止日期"),
    "file": N_("文件"),
}


@get("/my/organizations", guards=[signed_in])
async def mine(principal: CurrentPrincipal) -> Response[str]:
    """List the organizations the person acts for, or say how to register one."""
    found = await queries.my_organizations(principal) if principal.can(Permission.ORGANIZATION_MANAGE) else []
    return await page(
        "marketplace/organizations/mine.html", organizations=found, kind_names=KIND_NAMES, tags=STATUS_TAGS
    )


@get("/my/organizations/apply", guards=[signed_in])
async def application_form() -> Response[str]:
    """Show an empty application."""
    return await _application(Form.empty(ApplicationForm))


@post("/my/organizations/apply", guards=[signed_in])
async def apply(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Take an application in."""
    form = await Form.read(request, ApplicationForm)
    try:
        applied = await service.apply_organization(principal, form.value.application())
    except DomainError as refusal:
        return await _application(form.refused(refusal))
    said = N_("已收到申请。接下来登记证照和材料，工作人员会逐项核验。")
    return see_other(f"/my/organizations/{applied.public_id}", said)


@get("/my/organizations/{public_id:uuid}", guards=[MEMBER])
async def own(
    public_id: FromPath[UUID], principal: CurrentPrincipal, renew: FromQuery[int | None] = None
) -> Response[str]:
    """Show one's organization: its status, what is missing, its papers; with the form for a renewal filled in."""
    found = await queries.organization_in_full(principal, public_id)
    old = next((paper for paper in found.qualifications if paper.id == renew), None)
    return await _own(principal, public_id, Form.empty(PaperForm, **_same(old) if old else {}))


@post("/my/organizations/{public_id:uuid}/papers", guards=[MEMBER])
async def state_paper(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Add one paper."""
    form = await Form.read(request, PaperForm)
    try:
        await papers.state_qualification(principal, public_id, form.value.statement(), await uploaded(form))
    except DomainError as refusal:
        return await _own(principal, public_id, form.refused(refusal))
    return see_other(f"/my/organizations/{public_id}", N_("已登记，等待核验。"))


@get("/my/organizations/{public_id:uuid}/edit", guards=[MEMBER])
async def profile_form(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show the profile to change."""
    found = await queries.organization_in_full(principal, public_id)
    names = ("version", "name_en", "profile_zh", "profile_en", "bank_name", "funding")
    known = {name: getattr(found, name) for name in names}
    return await _profile(found, Form.empty(ProfileForm, **known))


@post("/my/organizations/{public_id:uuid}/edit", guards=[MEMBER])
async def edit_profile(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Change the profile."""
    form = await Form.read(request, ProfileForm)
    try:
        asked = form.value
        await service.edit_profile(principal, public_id, asked.version, asked.profile())
    except DomainError as refusal:
        return await _profile(await queries.organization_in_full(principal, public_id), form.refused(refusal))
    return see_other(f"/my/organizations/{public_id}", N_("已保存。"))


@get("/my/organizations/{public_id:uuid}/reapply", guards=[MEMBER])
async def reapplication_form(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show the refused application to put right."""
    found = await queries.organization_in_full(principal, public_id)
    names = ("uscc", "kind", "name_zh", "name_en", "place_code", "profile_zh", "profile_en", "bank_name")
    funding = found.funding or Funding.NEITHER
    return await _application(
        Form.empty(ApplicationForm, funding=funding, **{name: getattr(found, name) for name in names}), found
    )


@post("/my/organizations/{public_id:uuid}/reapply", guards=[MEMBER])
async def reapply(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Apply again."""
    form = await Form.read(request, ApplicationForm)
    try:
        await service.reapply_organization(principal, public_id, form.value.application())
    except DomainError as refusal:
        found = await queries.organization_in_full(principal, public_id)
        return await _application(form.refused(refusal), found)
    return see_other(f"/my/organizations/{public_id}", N_("已重新提交，等待核验。"))


async def _application(form: Form[ApplicationForm], refused: OrganizationView | None = None) -> Response[str]:
    return await page(
        "marketplace/organizations/apply.html",
        form=form,
        refused=refused,
        labels=LABELS,
        kind_names=KIND_NAMES,
        funding_names=FUNDING_NAMES,
        place_options=[(area.code, localized(area, "name")) for area in await areas.city_and_districts()],
        crumbs=_crumbs(Crumb(N_("登记单位"))),
    )


async def _own(principal: Principal, public_id: UUID, form: Form[PaperForm]) -> Response[str]:
    found = await queries.organization_in_full(principal, public_id)
    needed = (LICENCE_OF[found.kind], *EVIDENCE)
    shown = {paper.kind for paper in found.qualifications if paper.state in (PaperState.VALID, PaperState.PENDING)}
    return await page(
        "marketplace/organizations/own.html",
        form=form,
        organization=found,
        missing=[kind for kind in needed if kind not in shown],
        paper_options={kind: QUALIFICATION_NAMES[kind] for kind in _statable(found, needed)},
        paper_names=QUALIFICATION_NAMES,
        paper_tags=PAPER_TAGS,
        warned_until=await warned_until(clock.today()),
        status_tag=STATUS_TAGS[found.status],
        kind_names=KIND_NAMES,
        funding_names=FUNDING_NAMES,
        category_names=CATEGORY_NAMES,
        labels=PAPER_LABELS,
        crumbs=_crumbs(Crumb(localized(found, "name"))),
    )


async def _profile(found: OrganizationView, form: Form[ProfileForm]) -> Response[str]:
    here = Crumb(localized(found, "name"), f"/my/organizations/{found.public_id}")
    return await page(
        "marketplace/organizations/profile.html",
        form=form,
        funding_names=FUNDING_NAMES,
        organization=found,
        labels=LABELS,
        crumbs=_crumbs(here, Crumb(N_("修改资料"))),
    )


def _statable(found: OrganizationView, needed: Sequence[QualificationKind]) -> dict[QualificationKind, None]:
    """Return the papers to choose from: what is needed, what a social organization may have besides, what it has."""
    besides = [QualificationKind.PUBLIC_FUNDRAISING] if found.kind in SOCIAL_KINDS else []
    return dict.fromkeys([*needed, *besides, *(paper.kind for paper in found.qualifications)])


def _same(old: QualificationView) -> dict[str, Any]:
    """Return what stays the same in a renewal, and the day after the old paper's last."""
    first = old.valid_until + timedelta(days=1) if old.valid_until else None
    return {"kind": old.kind, "number": old.number, "issuer_zh": old.issuer_zh, "valid_from": first}


def _crumbs(*here: Crumb) -> list[Crumb]:
    return [Crumb(N_("我的单位"), "/my/organizations"), *here]
