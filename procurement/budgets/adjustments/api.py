"""Adjustments for programs: list, propose, decide."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from app.core.access import Permission
from app.web.api import Page
from app.web.guards import CurrentPrincipal, requires
from procurement.budgets.adjustments import queries, service
from procurement.budgets.adjustments.queries import AdjustmentView
from procurement.budgets.adjustments.service import AdjustmentDecision, NewAdjustment
from procurement.reading import MONEY, reading_scope


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


Key = Annotated[str, msgspec.Meta(max_length=40, examples=["2026/330106/purchase"])]
"""A line as year, place and programme."""


class AdjustmentBody(msgspec.Struct):
    """Money that a document moves from one line into another."""

    id: UUID
    from_line: Key
    to_line: Key
    amount_fen: Annotated[int, _example(5_000_000)]
    document: Annotated[str, msgspec.Meta(examples=["杭财行〔2026〕91号"])]
    status: Annotated[str, _example("proposed")]
    proposed_at: datetime

    @classmethod
    def of(cls, view: AdjustmentView) -> "AdjustmentBody":
        """Return what a program sees of an adjustment."""
        return cls(
            view.public_id, view.from_key, view.to_key, view.amount_fen, view.document, view.status, view.proposed_at
        )  # fmt: skip


class NewAdjustmentBody(msgspec.Struct):
    """An adjustment to propose."""

    from_line: Key
    to_line: Key
    amount_fen: Annotated[int, msgspec.Meta(gt=0, examples=[5_000_000])]
    document: Annotated[str, msgspec.Meta(min_length=1, max_length=100, examples=["杭财行〔2026〕91号"])]


class ProposedBody(msgspec.Struct):
    """What waits for a second person."""

    id: UUID


class DecisionBody(msgspec.Struct):
    """A second person's word; a refusal needs its reason."""

    id: UUID
    approve: bool
    reason: Annotated[str, msgspec.Meta(max_length=500, examples=["依据不足。"])] = ""


class DecisionsBody(msgspec.Struct):
    """Decisions that land together or not at all."""

    decisions: Annotated[list[DecisionBody], msgspec.Meta(min_length=1, max_length=1000)]


@get("/budget-adjustments", guards=[requires(*MONEY)], summary="List budget adjustments")
async def list_adjustments(principal: CurrentPrincipal) -> Page[AdjustmentBody]:
    """The adjustments between lines of one's places, those that wait first."""
    rows = await queries.adjustments(reading_scope(principal, *MONEY))
    return Page([AdjustmentBody.of(row) for row in rows])


@post("/budget-adjustments", guards=[requires(Permission.BUDGET_MANAGE)], summary="Propose a budget adjustment")
async def propose(data: JSONBody[NewAdjustmentBody], principal: CurrentPrincipal) -> ProposedBody:
    """Propose to move money between two lines of one year; another person decides."""
    scope = principal.scope(Permission.BUDGET_MANAGE)
    source, target = await queries.line_id(scope, data.from_line), await queries.line_id(scope, data.to_line)
    asked = NewAdjustment(source, target, data.amount_fen, data.document)
    return ProposedBody(await service.propose_adjustment(principal, asked))


@post(
    "/budget-adjustments/decisions",
    guards=[requires(Permission.BUDGET_APPROVE)],
    status_code=204,
    summary="Decide budget adjustments",
)
async def decide(data: JSONBody[DecisionsBody], principal: CurrentPrincipal) -> None:
    """Approve, which moves both lines at once, or refuse; all or none."""
    said = [AdjustmentDecision(one.id, one.approve, one.reason) for one in data.decisions]
    await service.decide_adjustments(principal, said)
