"""Pages of incubation: the public one, the member's, the mentor's, the officer's."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.core import clock
from app.core.access import Permission, Principal
from app.core.errors import DomainError
from app.core.text import N_
from app.rulebook import rule
from app.web.components import Crumb
from app.web.filters import localized
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, public, requires, signed_in
from app.web.pages import page, see_other
from marketplace.law import PLAN_INCUBATED
from marketplace.organizations import queries as organizations
from marketplace.organizations.incubation import queries, rules, service
from marketplace.organizations.incubation.forms import (
    ApplyForm,
    ConfirmForm,
    DecideForm,
    LeaveForm,
    MeetingForm,
    MilestoneForm,
)
from marketplace.organizations.incubation.rules import IncubationEvent, IncubationStatus
from marketplace.organizations.incubation.service import Meeting
from marketplace.organizations.incubation.tags import STATUS_TAGS

MEMBER = requires(Permission.ORGANIZATION_MANAGE)
OFFICER = requires(Permission.ORGANIZATION_VERIFY)
NAMES: dict[str, Any] = {
    "tags": STATUS_TAGS,
    "stage_names": rules.STATUS_NAMES,
    "milestone_names": rules.MILESTONE_NAMES,
    "stages": rules.STAGES,
}


@get("/incubation", guards=[public])
async def overview(principal: CurrentPrincipal) -> Response[str]:
    """Say what incubation is, who is in it, and how far the plan is."""
    return await page(
        "marketplace/incubation/overview.html",
        count=await queries.count(),
        target=(await rule(PLAN_INCUBATED, on=clock.today())).whole,
        rows=await queries.public_list(),
        milestones=rules.MILESTONES,
        own=await organizations.my_organizations(principal) if principal.can(Permission.ORGANIZATION_MANAGE) else [],
        **NAMES,
    )


@get("/my/organizations/{public_id:uuid}/incubation", guards=[MEMBER])
async def own(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show one's organization's incubation, or how to apply."""
    return await _own(principal, public_id)


@post("/my/organizations/{public_id:uuid}/incubation", guards=[MEMBER])
async def apply(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Apply."""
    form = await Form.read(request, ApplyForm)
    try:
        await service.apply_for_incubation(principal, public_id, form.value.aim_zh)
    except DomainError as refusal:
        return await _own(principal, public_id, applying=form.refused(refusal))
    return see_other(f"/my/organizations/{public_id}/incubation", N_("已申请孵化，工作人员会联系你。"))


@post("/my/organizations/{public_id:uuid}/incubation/milestones", guards=[MEMBER])
async def state(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Say by which evidence a milestone is reached."""
    form = await Form.read(request, MilestoneForm)
    found = await queries.of_organization(principal, public_id)
    try:
        said = form.value
        if found is not None:
            await service.state_milestone(principal, found.row.public_id, said.milestone, said.evidence_zh)
    except DomainError as refusal:
        return await _own(principal, public_id, stating=form.refused(refusal))
    return see_other(f"/my/organizations/{public_id}/incubation", N_("已登记，等待导师或工作人员确认。"))


@post("/my/organizations/{public_id:uuid}/incubation/leave", guards=[MEMBER])
async def leave(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """End one's own incubation."""
    form = await Form.read(request, LeaveForm)
    found = await queries.of_organization(principal, public_id)
    try:
        if found is not None:
            await service.leave_incubation(principal, found.row.public_id, form.value.reason)
    except DomainError as refusal:
        return await _own(principal, public_id, leaving=form.refused(refusal))
    return see_other(f"/my/organizations/{public_id}/incubation", N_("已退出孵化。"))


@get("/mentoring", guards=[signed_in])
async def mentored(principal: CurrentPrincipal) -> Response[str]:
    """List the organizations that a person mentors."""
    return await page("marketplace/incubation/mentored.html", rows=await queries.of_mentor(principal), **NAMES)


@get("/mentoring/{public_id:uuid}", guards=[signed_in])
async def show(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show one incubation to its mentor or an officer."""
    return await _show(principal, public_id)


@post("/mentoring/{public_id:uuid}/meetings", guards=[signed_in])
async def log_meeting(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Write a meeting down."""
    form = await Form.read(request, MeetingForm)
    try:
        said = form.value
        meeting = Meeting(said.held_on, said.minutes, said.topic_zh, said.next_zh)
        await service.log_meeting(principal, public_id, meeting)
    except DomainError as refusal:
        return await _show(principal, public_id, meeting=form.refused(refusal))
    return see_other(f"/mentoring/{public_id}", N_("已记入辅导日志。"))


@post("/mentoring/{public_id:uuid}/confirm", guards=[signed_in])
async def confirm(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Confirm milestones."""
    form = await Form.read(request, ConfirmForm)
    try:
        form.require_ticked("milestones")
        await service.confirm_milestones(principal, public_id, form.value.milestones)
    except DomainError as refusal:
        return await _show(principal, public_id, confirming=form.refused(refusal))
    return see_other(f"/mentoring/{public_id}", N_("已确认 %(count)s 项里程碑。"), count=len(form.value.milestones))


@get("/review/incubation", guards=[OFFICER])
async def desk(principal: CurrentPrincipal) -> Response[str]:
    """List the incubations of the officer's places."""
    return await page(
        "marketplace/incubation/desk.html",
        rows=await queries.of_officer(principal),
        count=await queries.count(),
        target=(await rule(PLAN_INCUBATED, on=clock.today())).whole,
        **NAMES,
    )


@post("/mentoring/{public_id:uuid}/decide", guards=[OFFICER])
async def decide(
    public_id: FromPath[UUID], request: Request[Any, Any, Any], principal: CurrentPrincipal
) -> Response[Any]:
    """Take in, refuse, lead on, graduate."""
    form = await Form.read(request, DecideForm)
    try:
        said = form.value
        await service.decide_incubation(principal, public_id, said.event, said.reason, said.mentor_phone)
    except DomainError as refusal:
        return await _show(principal, public_id, deciding=form.refused(refusal))
    return see_other(f"/mentoring/{public_id}", N_("已办结，申请单位会收到通知。"))


async def _own(principal: Principal, public_id: UUID, **forms: Form[Any]) -> Response[str]:
    organization = await organizations.organization_in_full(principal, public_id)
    found = await queries.of_organization(principal, public_id)
    again = found is None or found.row.status in (IncubationStatus.REFUSED, IncubationStatus.LEFT)
    refused = next(iter(forms.values()), None)
    return await page(
        "marketplace/incubation/own.html",
        status=refused.status if refused else None,
        organization=organization,
        found=found,
        may_apply=again,
        applying=forms.get("applying") or Form.empty(ApplyForm),
        stating=forms.get("stating") or Form.empty(MilestoneForm),
        leaving=forms.get("leaving") or Form.empty(LeaveForm),
        can_leave=found is not None and (found.row.status, IncubationEvent.LEAVE) in rules.TRANSITIONS,
        crumbs=[
            Crumb(N_("我的单位"), "/my/organizations"),
            Crumb(localized(organization, "name"), f"/my/organizations/{public_id}"),
            Crumb(N_("孵化")),
        ],
        **NAMES,
    )


async def _show(principal: Principal, public_id: UUID, **forms: Form[Any]) -> Response[str]:
    found = await queries.incubation(principal, public_id)
    scope = principal.scopes.get(Permission.ORGANIZATION_VERIFY)
    refused = next(iter(forms.values()), None)
    possible = [event for (start, event) in rules.TRANSITIONS if start is found.row.status]
    events = {event: rules.EVENT_NAMES[event] for event in possible if event is not IncubationEvent.LEAVE}
    return await page(
        "marketplace/incubation/show.html",
        status=refused.status if refused else None,
        found=found,
        is_mentor=found.row.mentor_id == principal.account_id,
        decides=bool(scope and scope.covers_place(found.row.place_code) and events),
        events=events,
        deciding=forms.get("deciding") or Form.empty(DecideForm, event=next(iter(events), "")),
        confirming=forms.get("confirming") or Form.empty(ConfirmForm),
        meeting=forms.get("meeting") or Form.empty(MeetingForm, held_on=clock.today(), minutes=60),
        crumbs=[
            Crumb(N_("孵化"), "/review/incubation" if scope else "/mentoring"),
            Crumb(localized(found.row, "name")),
        ],
        **NAMES,
    )
