"""Incubation for programs: who is in it, one's own way through it, what its mentor and the officer do."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core import clock
from app.core.access import Principal
from app.core.errors import NotFound
from app.rulebook import rule
from app.web.api import Page
from app.web.guards import CurrentPrincipal, public, signed_in
from marketplace.law import PLAN_INCUBATED
from marketplace.organizations.incubation import queries, service
from marketplace.organizations.incubation.controllers import MEMBER, OFFICER
from marketplace.organizations.incubation.queries import IncubationRow, IncubationView, MeetingView, MilestoneView
from marketplace.organizations.incubation.rules import IncubationEvent, IncubationStatus, Milestone
from marketplace.organizations.incubation.service import Meeting

NameZh = Annotated[str, msgspec.Meta(examples=["某某公益法律服务中心"])]
NameEn = Annotated[str, msgspec.Meta(examples=["Example Legal Aid Centre"])]
Code = Annotated[str, msgspec.Meta(examples=["330106"])]
Reached = Annotated[int, msgspec.Meta(examples=[4])]
Aim = Annotated[str, msgspec.Meta(max_length=20_000, examples=["独立承办村社普法讲座，有稳定的讲师队伍。"])]
Evidence = Annotated[str, msgspec.Meta(max_length=500, examples=["培训证书2026-018，5月12日结业"])]
Reason = Annotated[str, msgspec.Meta(max_length=20_000, examples=["三项里程碑都已核对，可以进入下一阶段。"])]
Topic = Annotated[str, msgspec.Meta(max_length=20_000, examples=["怎样写服务标准"])]
Next = Annotated[str, msgspec.Meta(max_length=20_000, examples=["写出第一个产品的初稿"])]


class IncubatedBody(msgspec.Struct):
    """An organization that is being incubated or has graduated; ``organization`` null until it is verified."""

    organization: UUID | None
    name_zh: NameZh
    name_en: NameEn
    place_code: Code
    status: IncubationStatus
    confirmed: Reached

    @classmethod
    def of(cls, row: IncubationRow) -> "IncubatedBody":
        """Return what everybody sees: no aim, no mentor, no reasons."""
        shown = row.organization if row.verified else None
        return cls(shown, row.name_zh, row.name_en, row.place_code, row.status, row.confirmed)


class PlanBody(msgspec.Struct):
    """How far the city is with what its plan asks for."""

    graduated: Annotated[int, msgspec.Meta(examples=[12])]
    going_on: Annotated[int, msgspec.Meta(examples=[5])]
    target: Annotated[int, msgspec.Meta(examples=[20])]


class IncubationBody(msgspec.Struct):
    """An incubation in the list of its mentor or its officer; ``waiting`` milestones are to be confirmed."""

    id: UUID
    organization: UUID
    name_zh: NameZh
    name_en: NameEn
    place_code: Code
    status: IncubationStatus
    aim_zh: Aim
    mentor: Annotated[str | None, msgspec.Meta(examples=["Wang Min"])]
    applied_at: datetime
    decided_at: datetime | None
    reason: Reason
    confirmed: Reached
    waiting: Annotated[int, msgspec.Meta(examples=[1])]

    @classmethod
    def of(cls, row: IncubationRow) -> "IncubationBody":
        """Return what a program of those concerned sees."""
        names = [name for name in cls.__struct_fields__ if name != "id"]
        return cls(row.public_id, **{name: getattr(row, name) for name in names})


class MilestoneBody(msgspec.Struct):
    """A milestone of a stage; without ``stated_at`` nothing was said yet."""

    code: Milestone
    evidence_zh: Evidence
    stated_at: datetime | None
    confirmed_by: Annotated[str | None, msgspec.Meta(examples=["Wang Min"])]
    confirmed_at: datetime | None

    @classmethod
    def of(cls, view: MilestoneView) -> "MilestoneBody":
        """Return what a program sees of a milestone."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class MeetingBody(msgspec.Struct):
    """One meeting of mentor and organization."""

    held_on: date
    minutes: Annotated[int, msgspec.Meta(examples=[60])]
    topic_zh: Topic
    next_zh: Next

    @classmethod
    def of(cls, view: MeetingView) -> "MeetingBody":
        """Return what a program sees of a meeting."""
        return cls(view.held_on, view.minutes, view.topic_zh, view.next_zh)


class StageBody(msgspec.Struct):
    """A stage with its milestones."""

    stage: IncubationStatus
    milestones: list[MilestoneBody]


class IncubationDetail(msgspec.Struct):
    """One incubation with its stages in order and the mentor's log, the latest meeting first."""

    incubation: IncubationBody
    stages: list[StageBody]
    meetings: list[MeetingBody]

    @classmethod
    def of(cls, view: IncubationView) -> "IncubationDetail":
        """Return what a program of those concerned sees."""
        stages = [StageBody(stage, [MilestoneBody.of(one) for one in found]) for stage, found in view.stages.items()]
        return cls(IncubationBody.of(view.row), stages, [MeetingBody.of(one) for one in view.meetings])


class ApplicationBody(msgspec.Struct):
    """What the organization wants to learn."""

    aim_zh: Aim


class StatementBody(msgspec.Struct):
    """A milestone and by which evidence it is reached."""

    milestone: Milestone
    evidence_zh: Evidence


class DepartureBody(msgspec.Struct):
    """Why an organization leaves."""

    reason: Annotated[str, msgspec.Meta(max_length=20_000, examples=["负责人离任，暂时办不下去。"])]


class ConfirmationBody(msgspec.Struct):
    """The milestones that a second person has looked at; all or none."""

    milestones: Annotated[list[Milestone], msgspec.Meta(min_length=1, examples=[["papers", "charter"]])]


class DecisionBody(msgspec.Struct):
    """An officer's decision with its reason; who takes an organization in names the mentor."""

    event: IncubationEvent
    reason: Reason
    mentor_phone: Annotated[str, msgspec.Meta(max_length=20, examples=["13857100001"])] = ""


@get("/incubations", guards=[public], summary="List incubated organizations")
async def list_incubated() -> Page[IncubatedBody]:
    """Who is being incubated or has graduated, graduates first."""
    return Page([IncubatedBody.of(row) for row in await queries.public_list()])


@get("/incubations/plan", guards=[public], summary="Count what the plan asks for")
async def show_plan() -> PlanBody:
    """How many have graduated and are on their way, beside the plan's number."""
    count = await queries.count()
    return PlanBody(count.graduated, count.going_on, (await rule(PLAN_INCUBATED, on=clock.today())).whole)


@get("/incubations/mentored", guards=[signed_in], summary="List incubations that one mentors")
async def list_mentored(principal: CurrentPrincipal) -> Page[IncubationBody]:
    """The organizations that the caller mentors, the latest first."""
    return Page([IncubationBody.of(row) for row in await queries.of_mentor(principal)])


@get("/incubations/desk", guards=[OFFICER], summary="List incubations of one's places")
async def list_desk(principal: CurrentPrincipal) -> Page[IncubationBody]:
    """Applications first, then those with milestones to confirm."""
    return Page([IncubationBody.of(row) for row in await queries.of_officer(principal)])


@get("/incubations/{public_id:uuid}", guards=[signed_in], summary="Show an incubation")
async def show_incubation(public_id: FromPath[UUID], principal: CurrentPrincipal) -> IncubationDetail:
    """Show one incubation to its mentor, or to an officer of the place."""
    return IncubationDetail.of(await queries.incubation(principal, public_id))


@get("/my/organizations/{public_id:uuid}/incubation", guards=[MEMBER], summary="Show one's own incubation")
async def show_own(public_id: FromPath[UUID], principal: CurrentPrincipal) -> IncubationDetail:
    """Show the latest incubation of one's organization; one that never applied has none."""
    return IncubationDetail.of(await _own(principal, public_id))


@post("/my/organizations/{public_id:uuid}/incubation", guards=[MEMBER], summary="Apply for incubation")
async def apply(
    public_id: FromPath[UUID], data: JSONBody[ApplicationBody], principal: CurrentPrincipal
) -> IncubationDetail:
    """Apply for one's own organization, verified or still without papers."""
    await service.apply_for_incubation(principal, public_id, data.aim_zh)
    return IncubationDetail.of(await _own(principal, public_id))


@post("/my/organizations/{public_id:uuid}/incubation/milestones", guards=[MEMBER], summary="State a milestone")
async def state(
    public_id: FromPath[UUID], data: JSONBody[StatementBody], principal: CurrentPrincipal
) -> IncubationDetail:
    """Say by which evidence a milestone is reached; another person confirms it."""
    found = await _own(principal, public_id)
    await service.state_milestone(principal, found.row.public_id, data.milestone, data.evidence_zh)
    return IncubationDetail.of(await _own(principal, public_id))


@post(
    "/my/organizations/{public_id:uuid}/incubation/departure",
    guards=[MEMBER],
    status_code=204,
    summary="Leave incubation",
)
async def leave(public_id: FromPath[UUID], data: JSONBody[DepartureBody], principal: CurrentPrincipal) -> None:
    """End one's own incubation before graduation; one may apply again."""
    found = await _own(principal, public_id)
    await service.leave_incubation(principal, found.row.public_id, data.reason)


@post("/incubations/{public_id:uuid}/meetings", guards=[signed_in], summary="Log a meeting")
async def log_meeting(
    public_id: FromPath[UUID], data: JSONBody[MeetingBody], principal: CurrentPrincipal
) -> IncubationDetail:
    """Write down what mentor and organization talked about; only its mentor does."""
    meeting = Meeting(data.held_on, data.minutes, data.topic_zh, data.next_zh)
    await service.log_meeting(principal, public_id, meeting)
    return IncubationDetail.of(await queries.incubation(principal, public_id))


@post("/incubations/{public_id:uuid}/confirmations", guards=[signed_in], summary="Confirm milestones")
async def confirm(
    public_id: FromPath[UUID], data: JSONBody[ConfirmationBody], principal: CurrentPrincipal
) -> IncubationDetail:
    """Confirm what was stated, as the mentor or an officer, never as who stated it."""
    await service.confirm_milestones(principal, public_id, data.milestones)
    return IncubationDetail.of(await queries.incubation(principal, public_id))


@post("/incubations/{public_id:uuid}/decision", guards=[OFFICER], status_code=204, summary="Decide on an incubation")
async def decide(public_id: FromPath[UUID], data: JSONBody[DecisionBody], principal: CurrentPrincipal) -> None:
    """Take in, refuse, lead on or graduate; the organization is told."""
    await service.decide_incubation(principal, public_id, data.event, data.reason, data.mentor_phone)


async def _own(principal: Principal, public_id: UUID) -> IncubationView:
    found = await queries.of_organization(principal, public_id)
    if found is None:
        raise NotFound
    return found
