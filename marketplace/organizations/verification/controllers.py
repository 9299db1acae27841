"""An officer's pages: what waits, an organization with its papers, the decision."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.organizations import queries, rules, service
from marketplace.organizations.forms import DecisionForm, PapersForm
from marketplace.organizations.interests.queries import is_tied
from marketplace.organizations.provision import CATEGORY_NAMES, QUALIFICATION_NAMES
from marketplace.organizations.qualifications import service as papers
from marketplace.organizations.qualifications.rules import PaperState
from marketplace.organizations.qualifications.service import PaperDecision
from marketplace.organizations.rules import (
    EVENT_NAMES,
    FUNDING_NAMES,
    KIND_NAMES,
    OrganizationEvent,
    OrganizationStatus,
)
from marketplace.organizations.service import OrganizationDecision
from marketplace.organizations.tags import PAPER_TAGS, STATUS_TAGS
from marketplace.products.suspension.queries import listings_that_follow

OFFICER = requires(Permission.ORGANIZATION_VERIFY)


@get("/review/organizations", guards=[OFFICER])
async def waiting(principal: CurrentPrincipal) -> Response[str]:
    """Show the applications and papers that wait in the officer's places."""
    return await page(
        "marketplace/organizations/waiting.html",
        rows=await queries.waiting_for_officer(principal),
        kind_names=KIND_NAMES,
        tags=STATUS_TAGS,
    )


@get("/review/organizations/{public_id:uuid}", guards=[OFFICER])
async def examine(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show one organization with all it stated."""
    return await _examine(principal, public_id, Form.empty(DecisionForm), Form.empty(PapersForm))


@post("/review/organizations/{public_id:uuid}/papers", guards=[OFFICER])
async def decide_papers(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Verify the ticked papers, or refuse them."""
    form = await Form.read(request, PapersForm)
    try:
        form.require_ticked("papers")
        asked = form.value
        decisions = [PaperDecision(paper, asked.genuine, asked.reason) for paper in asked.papers]
        await papers.decide_qualifications(principal, decisions)
    except DomainError as refusal:
        return await _examine(principal, public_id, Form.empty(DecisionForm), form.refused(refusal))
    said = N_("已核验 %(count)s 份材料。") if asked.genuine else N_("已退回 %(count)s 份材料。")
    return see_other(f"/review/organizations/{public_id}", said, count=len(decisions))


@post("/review/organizations/{public_id:uuid}/decide", guards=[OFFICER])
async def decide(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Decide on the organization."""
    form = await Form.read(request, DecisionForm)
    try:
        asked = form.value
        decision = OrganizationDecision(public_id, asked.event, asked.reasons)
        await service.decide_organizations(principal, [decision])
    except DomainError as refusal:
        return await _examine(principal, public_id, form.refused(refusal), Form.empty(PapersForm))
    return see_other("/review/organizations", N_("已办结，申请人会收到通知。"))


async def _examine(
    principal: Principal, public_id: UUID, form: Form[DecisionForm], papers_form: Form[PapersForm]
) -> Response[str]:
    found = await queries.organization_in_full(principal, public_id)
    possible = [event for (status, event) in rules.TRANSITIONS if status is found.status]
    return await page(
        "marketplace/organizations/examine.html",
        form=form,
        papers_form=papers_form,
        status=max(form.status, papers_form.status),
        tied=await is_tied(principal, found.id),
        listings=await listings_that_follow(found.id, found.status is OrganizationStatus.SUSPENDED),
        organization=found,
        pending=[paper for paper in found.qualifications if paper.state is PaperState.PENDING],
        events={event: EVENT_NAMES[event] for event in possible if event is not OrganizationEvent.REAPPLY},
        kind_names=KIND_NAMES,
        funding_names=FUNDING_NAMES,
        category_names=CATEGORY_NAMES,
        paper_names=QUALIFICATION_NAMES,
        paper_tags=PAPER_TAGS,
        status_tag=STATUS_TAGS[found.status],
        crumbs=[Crumb(N_("单位核验"), "/review/organizations"), Crumb(localized(found, "name"))],
    )
