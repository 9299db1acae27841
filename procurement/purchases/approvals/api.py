"""The chain of approval for programs: a purchase's steps, the figures in force, proposing and confirming figures."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.api import Page
from app.web.guards import CurrentPrincipal, requires
from procurement.purchases import queries as purchases
from procurement.purchases.approvals import authority, queries
from procurement.purchases.approvals.authority import Kind, NewLimit
from procurement.purchases.approvals.controllers import DECIDERS
from procurement.purchases.approvals.queries import AuthorityView, StepView
from procurement.purchases.approvals.rules import Level
from procurement.purchases.rules import AWAITS_APPROVAL
from procurement.reading import BUYERS, reading_scope


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


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
    place_code: Annotated[str, _example("330106")]
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

    place_code: Annotated[str, msgspec.Meta(max_length=12, examples=["330106"])]
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


@get("/purchases/{reference:str}/approvals", guards=[requires(*BUYERS)], summary="Show a purchase's steps of approval")
async def show_steps(reference: FromPath[str], principal: CurrentPrincipal) -> Page[StepBody]:
    """The steps of a purchase in order: who took each, and which is next."""
    found = await purchases.purchase(reading_scope(principal, *BUYERS), reference)
    steps = await queries.steps_of(found.id, (found.method, found.status) in AWAITS_APPROVAL)
    return Page([StepBody.of(step) for step in steps])


@get("/approval-limits", guards=[requires(*DECIDERS)], summary="List approval limits")
async def list_limits(principal: CurrentPrincipal) -> Page[LimitBody]:
    """Up to which amount who decides, with the history, the latest of each place first."""
    rows = await queries.limits(reading_scope(principal, *DECIDERS))
    return Page([LimitBody.of(row) for row in rows])


@post("/approval-limits", guards=[requires(Permission.BUDGET_MANAGE)], summary="Propose approval limits")
async def propose_limit(data: JSONBody[NewLimitBody], principal: CurrentPrincipal) -> ProposedBody:
    """Propose figures for a place; another person confirms them before their first day."""
    return ProposedBody(await authority.propose_limit(principal, NewLimit(**msgspec.structs.asdict(data))))


@post(
    "/approval-limits/{public_id:uuid}/decision",
    guards=[requires(Permission.PURCHASE_APPROVE)],
    status_code=204,
    summary="Confirm or refuse approval limits",
)
async def decide_limit(public_id: FromPath[UUID], data: JSONBody[WordBody], principal: CurrentPrincipal) -> None:
    """Say yes or no to figures that another person proposed."""
    await authority.decide_authority(principal, Kind.LIMIT, public_id, data.approve, data.reason)
