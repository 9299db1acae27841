"""Early ends for programs: how a contract ended, proposing it, agreeing, deciding."""

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission, Principal
from app.web.guards import CurrentPrincipal, public, requires
from procurement.contracts import queries as contracts
from procurement.contracts.terminations import queries, service
from procurement.contracts.terminations.rules import Fault, Ground, Proposal, Side, TerminationStatus
from procurement.purchases.api import ReasonBody

SIGNER, APPROVER = requires(Permission.CONTRACT_SIGN), requires(Permission.PURCHASE_APPROVE)


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class TerminationBody(msgspec.Struct):
    """An early end; what was delivered before it is accepted and paid as usual."""

    status: TerminationStatus
    proposed_for: Side
    ground: Ground
    reason_zh: Annotated[str, _example("服务计划调整，双方协商解除")]
    cure_by: date | None
    at_fault: Fault
    compensation_fen: Annotated[int, _example(0)]
    proposed_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    settled_at: datetime | None
    released_fen: Annotated[int | None, _example(480_000)]
    open_orders: Annotated[int, _example(1)]


class TerminationProposal(msgspec.Struct):
    """The ground and what it asks for; a breach names until when it may be cured."""

    ground: Annotated[Ground, _example("agreement")]
    reason_zh: Annotated[str, _example("服务计划调整，双方协商解除")]
    cure_by: date | None = None
    at_fault: Fault = Fault.NONE
    compensation_fen: Annotated[int, msgspec.Meta(ge=0, examples=[0])] = 0


@get("/contracts/{reference:str}/terminations", guards=[public], summary="Show how a contract ended early")
async def list_terminations(reference: FromPath[str], principal: CurrentPrincipal) -> list[TerminationBody]:
    """The decided one to everybody, all of them to the two parties."""
    view = await contracts.contract(principal, reference)
    rows = await queries.terminations(view.id, party=contracts.standing(principal, view).party)
    names = TerminationBody.__struct_fields__
    return [TerminationBody(**{name: getattr(row, name) for name in names}) for row in rows]


@post(
    "/contracts/{reference:str}/terminations", guards=[SIGNER], status_code=204, summary="Propose an early end"
)  # fmt: skip
async def propose(reference: FromPath[str], data: JSONBody[TerminationProposal], principal: CurrentPrincipal) -> None:
    """Propose it for one's own side, buyer or provider; for a breach this is the notice.

    What the provider proposes is answered by the buyer's officer before another person decides it.
    """
    view = await contracts.contract(principal, reference)
    proposal = Proposal(data.ground, data.reason_zh, data.cure_by, data.at_fault, data.compensation_fen)
    await service.propose_termination(principal, view.id, proposal)


@post(
    "/contracts/{reference:str}/terminations/agreement",
    guards=[SIGNER], status_code=204, summary="Agree to an early end",
)  # fmt: skip
async def agree(reference: FromPath[str], principal: CurrentPrincipal) -> None:
    """Agree for the side that did not propose."""
    await service.agree(principal, await _open(principal, reference))


@post(
    "/contracts/{reference:str}/terminations/decision",
    guards=[APPROVER], status_code=204, summary="Decide an early end",
)  # fmt: skip
async def decide(reference: FromPath[str], principal: CurrentPrincipal) -> None:
    """End the contract; decided by another person than who proposed it."""
    await service.decide(principal, await _open(principal, reference))


@post(
    "/contracts/{reference:str}/terminations/refusal",
    guards=[SIGNER], status_code=204, summary="Insist on the contract",
)  # fmt: skip
async def decline(reference: FromPath[str], data: JSONBody[ReasonBody], principal: CurrentPrincipal) -> None:
    """Turn a proposal down for the side that did not make it; the contract goes on."""
    await service.decline(principal, await _open(principal, reference), data.reason)


@post(
    "/contracts/{reference:str}/terminations/rejection",
    guards=[APPROVER], status_code=204, summary="Refuse an early end",
)  # fmt: skip
async def refuse(reference: FromPath[str], data: JSONBody[ReasonBody], principal: CurrentPrincipal) -> None:
    """Let the contract go on, decided by another person than who handles it."""
    await service.refuse(principal, await _open(principal, reference), data.reason)


@post(
    "/contracts/{reference:str}/terminations/withdrawal",
    guards=[SIGNER], status_code=204, summary="Take a proposed end back",
)  # fmt: skip
async def withdraw(reference: FromPath[str], data: JSONBody[ReasonBody], principal: CurrentPrincipal) -> None:
    """Take a proposal back for the side that made it."""
    await service.take_back(principal, await _open(principal, reference), data.reason)


@post(
    "/contracts/{reference:str}/terminations/cure",
    guards=[SIGNER], status_code=204, summary="Record that a breach was put right",
)  # fmt: skip
async def cure(reference: FromPath[str], data: JSONBody[ReasonBody], principal: CurrentPrincipal) -> None:
    """Record, for the side that gave notice, that the breach was put right; the contract goes on."""
    await service.note_cure(principal, await _open(principal, reference), data.reason)


async def _open(principal: Principal, reference: str) -> int:
    return await queries.open_termination((await contracts.contract(principal, reference)).id)
