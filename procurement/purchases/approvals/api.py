"""The chain of approval for programs: a purchase's steps, the figures, who holds a level, who stands in."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core import clock
from app.core.access import Permission
from app.web.api import Page
from app.web.guards import CurrentPrincipal, requires
from procurement.purchases import queries as purchases
from procurement.purchases.approvals import authority, queries
from procurement.purchases.approvals.authority import Kind, NewDeputy, NewLevel, NewLimit
from procurement.purchases.approvals.controllers import APPROVER, DECIDERS, OFFICER, READER
from procurement.purchases.approvals.queries import AuthorityView, StepView
from procurement.purchases.approvals.rules import AuthorityStatus, Level
from procurement.purchases.rules import AWAITS_APPROVAL
from procurement.reading import BUYERS, reading_scope

NAMERS = (Permission.BUDGET_MANAGE, Permission.PURCHASE_APPROVE)
"""Who names a deputy: officers for somebody else, approvers for themselves."""


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


Code = Annotated[str, msgspec.Meta(max_length=12, examples=["330106"])]
Name = Annotated[str, msgspec.Meta(examples=["Chen Wei"])]
Reason = Annotated[str, msgspec.Meta(examples=[""])]


class StepBody(msgspec.Struct):
    """One step of a purchase's chain; without a verdict it is to come."""

    step: Annotated[int, _example(1)]
    level: Level
    verdict: Annotated[str, _example("approved")]
    decider: Annotated[str, _example("Chen")]
    in_stead_of: Annotated[str, _example("")]
    decided_at: datetime | None
    minutes: Annotated[str, msgspec.Meta(examples=["办公会纪要〔2026〕5号"])]
    next: Annotated[bool, _example(False)]

    @classmethod
    def of(cls, view: StepView) -> "StepBody":
        """Return what a program sees of a step."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class LimitBody(msgspec.Struct):
    """Figures of a place from a day on."""

    id: UUID
    place_code: Code
    effective_from: date
    section_up_to_fen: Annotated[int, _example(2_000_000)]
    division_up_to_fen: Annotated[int, _example(10_000_000)]
    document: Annotated[str, _example("内控〔2026〕3号")]
    status: Annotated[str, _example("confirmed")]

    @classmethod
    def of(cls, view: AuthorityView) -> "LimitBody":
        """Return what a program sees of figures."""
        return cls(
            view.public_id, view.place_code, view.starts_on, view.section_up_to_fen, view.division_up_to_fen,
            view.document, view.status,
        )  # fmt: skip


class NewLimitBody(msgspec.Struct):
    """Figures to propose; they hold from a later day on."""

    place_code: Code
    effective_from: date
    section_up_to_fen: Annotated[int, msgspec.Meta(ge=0, examples=[2_000_000])]
    division_up_to_fen: Annotated[int, msgspec.Meta(ge=0, examples=[10_000_000])]
    document: Annotated[str, msgspec.Meta(min_length=1, max_length=100, examples=["内控〔2026〕3号"])]


class ProposedBody(msgspec.Struct):
    """What waits for a second person."""

    id: UUID


class WordBody(msgspec.Struct):
    """A second person's word; a refusal needs its reason."""

    approve: bool
    reason: Annotated[str, msgspec.Meta(max_length=500, examples=["限额过高。"])] = ""


class ApproverBody(msgspec.Struct):
    """Somebody with the approver's role."""

    id: UUID
    name: Name


class LevelBody(msgspec.Struct):
    """A level of a person at a place; ``holds`` says whether it counts today."""

    id: UUID
    place_code: Code
    person: Name
    level: Level
    starts_on: date
    ends_on: date | None
    status: AuthorityStatus
    holds: bool
    reason: Reason

    @classmethod
    def of(cls, view: AuthorityView) -> "LevelBody":
        """Return what a program sees of a level."""
        return cls(
            view.public_id, view.place_code, view.person, view.level or Level.SINGLE, view.starts_on, view.ends_on,
            AuthorityStatus(view.status), view.in_force(clock.today()), view.reason,
        )  # fmt: skip


class DeputyBody(msgspec.Struct):
    """Who stands in for whom, first and last day included; ``holds`` says whether it counts today."""

    id: UUID
    person: Name
    deputy: Name
    starts_on: date
    ends_on: date | None
    status: AuthorityStatus
    holds: bool
    reason: Reason

    @classmethod
    def of(cls, view: AuthorityView) -> "DeputyBody":
        """Return what a program sees of a deputy."""
        return cls(
            view.public_id, view.person, view.deputy, view.starts_on, view.ends_on, AuthorityStatus(view.status),
            view.in_force(clock.today()), view.reason,
        )  # fmt: skip


class NewLevelBody(msgspec.Struct):
    """A level to propose for an approver; without a last day until it is ended."""

    account: UUID
    place_code: Code
    level: Level
    starts_on: date
    ends_on: date | None = None


class NewDeputyBody(msgspec.Struct):
    """A deputy to name; without ``account`` it is one's own."""

    deputy: UUID
    starts_on: date
    ends_on: date
    account: UUID | None = None


@get("/purchases/{reference:str}/approvals", guards=[requires(*BUYERS)], summary="Show a purchase's steps of approval")
async def show_steps(reference: FromPath[str], principal: CurrentPrincipal) -> Page[StepBody]:
    """The steps of a purchase in order: who took each, and which is next."""
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    steps = await queries.steps_of(found.id, (found.method, found.status) in AWAITS_APPROVAL)
    return Page([StepBody.of(step) for step in steps])


@get("/approval-limits", guards=[READER], summary="List approval limits")
async def list_limits(principal: CurrentPrincipal) -> Page[LimitBody]:
    """Up to which amount who decides, with the history, the latest of each place first."""
    rows = await queries.limits(reading_scope(principal, *DECIDERS))
    return Page([LimitBody.of(row) for row in rows])


@post("/approval-limits", guards=[OFFICER], summary="Propose approval limits")
async def propose_limit(data: JSONBody[NewLimitBody], principal: CurrentPrincipal) -> ProposedBody:
    """Propose figures for a place; another person confirms them before their first day."""
    return ProposedBody(await authority.propose_limit(principal, NewLimit(**msgspec.structs.asdict(data))))


@post(
    "/approval-limits/{public_id:uuid}/decision",
    guards=[APPROVER],
    status_code=204,
    summary="Confirm or refuse approval limits",
)
async def decide_limit(public_id: FromPath[UUID], data: JSONBody[WordBody], principal: CurrentPrincipal) -> None:
    """Say yes or no to figures that another person proposed."""
    await authority.decide_authority(principal, Kind.LIMIT, public_id, data.approve, data.reason)


@get("/approvers", guards=[requires(*NAMERS)], summary="List approvers")
async def list_approvers(principal: CurrentPrincipal) -> Page[ApproverBody]:
    """People with the approver's role in one's places or above: who can hold a level or stand in."""
    rows = await queries.approvers(reading_scope(principal, *NAMERS))
    return Page([ApproverBody(UUID(public_id), name) for public_id, name in rows])


@get("/approval-levels", guards=[READER], summary="List approval levels")
async def list_levels(principal: CurrentPrincipal) -> Page[LevelBody]:
    """Who holds which level in one's places and above, with what is over."""
    rows = await queries.levels(reading_scope(principal, *DECIDERS))
    return Page([LevelBody.of(row) for row in rows])


@post("/approval-levels", guards=[OFFICER], summary="Propose an approval level")
async def propose_level(data: JSONBody[NewLevelBody], principal: CurrentPrincipal) -> ProposedBody:
    """Propose who holds a level, never oneself; another person confirms."""
    return ProposedBody(await authority.propose_level(principal, NewLevel(**msgspec.structs.asdict(data))))


@post(
    "/approval-levels/{public_id:uuid}/decision",
    guards=[APPROVER],
    status_code=204,
    summary="Confirm or refuse an approval level",
)
async def decide_level(public_id: FromPath[UUID], data: JSONBody[WordBody], principal: CurrentPrincipal) -> None:
    """Say yes or no to a level that another person proposed for a third."""
    await authority.decide_authority(principal, Kind.LEVEL, public_id, data.approve, data.reason)


@post("/approval-levels/{public_id:uuid}/end", guards=[READER], status_code=204, summary="End an approval level")
async def end_level(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """End a level at once; what was approved stays."""
    await authority.end_authority(principal, Kind.LEVEL, public_id)


@get("/approval-deputies", guards=[READER], summary="List deputies")
async def list_deputies(principal: CurrentPrincipal) -> Page[DeputyBody]:
    """Who stands in for people with a level in one's places and above, with what is over."""
    rows = await queries.deputies(reading_scope(principal, *DECIDERS))
    return Page([DeputyBody.of(row) for row in rows])


@post("/approval-deputies", guards=[requires(*NAMERS)], summary="Name a deputy")
async def name_deputy(data: JSONBody[NewDeputyBody], principal: CurrentPrincipal) -> ProposedBody:
    """Name one's own deputy, which holds at once, or propose somebody else's, which another person confirms."""
    return ProposedBody(await authority.name_deputy(principal, NewDeputy(**msgspec.structs.asdict(data))))


@post(
    "/approval-deputies/{public_id:uuid}/decision",
    guards=[APPROVER],
    status_code=204,
    summary="Confirm or refuse a deputy",
)
async def decide_deputy(public_id: FromPath[UUID], data: JSONBody[WordBody], principal: CurrentPrincipal) -> None:
    """Say yes or no to a deputy that another person proposed."""
    await authority.decide_authority(principal, Kind.DEPUTY, public_id, data.approve, data.reason)


@post("/approval-deputies/{public_id:uuid}/end", guards=[READER], status_code=204, summary="End a deputy")
async def end_deputy(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """End a deputy at once: the person, the deputy or an officer."""
    await authority.end_authority(principal, Kind.DEPUTY, public_id)
