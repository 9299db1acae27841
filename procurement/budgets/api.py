"""Budget lines for programs: read a year, propose and decide appropriations."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core import clock
from app.core.access import Permission
from app.web.api import Page
from app.web.guards import CurrentPrincipal, requires
from procurement.budgets import queries, service
from procurement.budgets.queries import LineView, ProposalView
from procurement.budgets.rules import Fund
from procurement.budgets.service import Decision, NewLine, Proposal
from procurement.reading import MONEY, reading_scope


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class LineBody(msgspec.Struct):
    """A budget line: approved = reserved + committed + spent + closed + left; closed is lapsed or carried over."""

    programme: Annotated[str, _example("purchase")]
    place_code: Annotated[str, _example("330106")]
    year: Annotated[int, _example(2026)]
    functional_code: Annotated[str, _example("2040607")]
    economic_code: Annotated[str, _example("30227")]
    approved_fen: Annotated[int, _example(300_000_000)]
    reserved_fen: Annotated[int, _example(600_000)]
    committed_fen: Annotated[int, _example(1_200_000)]
    spent_fen: Annotated[int, _example(180_000)]
    closed_fen: Annotated[int, _example(0)]
    left_fen: Annotated[int, _example(298_020_000)]
    fund: Fund

    @classmethod
    def of(cls, view: LineView) -> "LineBody":
        """Return what a program sees of a line."""
        money = view.amounts
        return cls(
            view.programme, view.place_code, view.year, view.functional_code, view.economic_code, money.approved,
            money.reserved, money.committed, money.spent, money.closed, money.left, view.fund,
        )  # fmt: skip


class NewLineBody(msgspec.Struct):
    """A line to open."""

    programme: Annotated[str, msgspec.Meta(max_length=20, examples=["purchase"])]
    place_code: Annotated[str, msgspec.Meta(max_length=12, examples=["330106"])]
    year: Annotated[int, _example(2026)]
    functional_code: Annotated[str, msgspec.Meta(max_length=7, examples=["2040607"])]
    economic_code: Annotated[str, msgspec.Meta(max_length=5, examples=["30227"])]


class ProposalBody(msgspec.Struct):
    """Money to put into a line, or to cut where negative."""

    amount_fen: Annotated[int, _example(5_000_000)]
    document: Annotated[str, msgspec.Meta(min_length=1, max_length=100, examples=["杭财行〔2026〕88号"])]
    fund: Fund | None = None  # refused where the line holds the other kind of money


class ProposedBody(msgspec.Struct):
    """A proposal that waits for a second person."""

    id: UUID


class WaitingBody(msgspec.Struct):
    """Money that somebody proposed for a line."""

    id: UUID
    programme: Annotated[str, _example("purchase")]
    place_code: Annotated[str, _example("330106")]
    year: Annotated[int, _example(2026)]
    amount_fen: Annotated[int, _example(5_000_000)]
    document: Annotated[str, msgspec.Meta(examples=["杭财行〔2026〕88号"])]
    proposer: Annotated[str, msgspec.Meta(examples=["钱采购"])]

    @classmethod
    def of(cls, view: ProposalView) -> "WaitingBody":
        """Return what a program sees of a proposal."""
        line = view.line
        return cls(
            view.public_id, line.programme, line.place_code, line.year, view.amount_fen, view.document, view.proposer
        )


class DecisionBody(msgspec.Struct):
    """A second person's word; a refusal needs its reason."""

    id: UUID
    approve: bool
    reason: Annotated[str, msgspec.Meta(max_length=500, examples=["文号有误。"])] = ""


class DecisionsBody(msgspec.Struct):
    """Decisions that land together or not at all."""

    decisions: Annotated[list[DecisionBody], msgspec.Meta(min_length=1, max_length=1000)]


@get("/budgets", guards=[requires(*MONEY)], summary="List budget lines")
async def list_lines(principal: CurrentPrincipal, year: FromQuery[int | None] = None) -> Page[LineBody]:
    """The lines of a year in one's places, this year's unless said otherwise."""
    rows = await queries.lines(reading_scope(principal, *MONEY), year or clock.today().year)
    return Page([LineBody.of(row) for row in rows])


@post("/budgets", guards=[requires(Permission.BUDGET_MANAGE)], status_code=204, summary="Open a budget line")
async def open_line(data: JSONBody[NewLineBody], principal: CurrentPrincipal) -> None:
    """Open an empty line; money comes into it by an appropriation."""
    await service.open_lines(principal, [NewLine(**msgspec.structs.asdict(data))])


@post(
    "/budgets/{year:int}/{place_code:str}/{programme:str}/appropriations",
    guards=[requires(Permission.BUDGET_MANAGE)],
    summary="Propose an appropriation",
)
async def propose(
    year: FromPath[int],
    place_code: FromPath[str],
    programme: FromPath[str],
    data: JSONBody[ProposalBody],
    principal: CurrentPrincipal,
) -> ProposedBody:
    """Propose money for a line; another person decides."""
    line = await queries.line(principal.scope(Permission.BUDGET_MANAGE), year, place_code, programme)
    await service.propose_appropriations(principal, [Proposal(line.id, data.amount_fen, data.document, data.fund)])
    [latest, *_] = await queries.proposals_of(line.id)
    return ProposedBody(latest.public_id)


@get("/appropriations/waiting", guards=[requires(Permission.BUDGET_APPROVE)], summary="List what waits for a decision")
async def list_waiting(principal: CurrentPrincipal) -> list[WaitingBody]:
    """Appropriations of one's places that nobody has decided; a second person does."""
    rows = await queries.waiting_proposals(principal.scope(Permission.BUDGET_APPROVE))
    return [WaitingBody.of(row) for row in rows]


@post(
    "/appropriations/decisions",
    guards=[requires(Permission.BUDGET_APPROVE)],
    status_code=204,
    summary="Decide appropriations",
)
async def decide(data: JSONBody[DecisionsBody], principal: CurrentPrincipal) -> None:
    """Approve or refuse proposals of other people, all or none."""
    ids = await queries.appropriation_ids([one.id for one in data.decisions])
    decided = zip(ids, data.decisions, strict=True)
    await service.decide_appropriations(principal, [Decision(row, one.approve, one.reason) for row, one in decided])
