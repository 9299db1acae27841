"""Payments for programs: where a contract's money is and who holds it, nudges, advances that came back."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from procurement.claims.rules import ClaimStatus
from procurement.payments.controllers import CASHIER, NUDGED, PARTY, PROVIDER
from procurement.payments.ending import Received, return_advance
from procurement.payments.holding import queries as holding
from procurement.payments.holding.bars import Bar, bars
from procurement.payments.holding.rules import Step
from procurement.payments.nudges import queries, service
from procurement.payments.nudges.queries import NudgeView
from procurement.payments.returns import due_returns
from procurement.purchases.rules import PurchaseStatus


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class HolderBody(msgspec.Struct):
    """Who has to act next: the step, the place, what it is about, since when."""

    step: Annotated[Step, _example("acceptance")]
    since: datetime | None
    days: Annotated[int, _example(2)]
    place_code: Annotated[str, _example("330106001001")]
    place_zh: Annotated[str, _example("文昌镇")]
    reference: Annotated[str, _example("DD-2026-000031")]
    amount_fen: Annotated[int, _example(42_000)]
    nudge_blocked_by: Annotated[list[str], _example(["nudge_too_early"])]
    answer: Annotated[str, _example("Thursday")]


class PaymentBody(msgspec.Struct):
    """A contract's money in fen; the parts are apart from each other and sum to the total."""

    contract: Annotated[str, _example("HT-2026-000003")]
    status: PurchaseStatus
    total_fen: Annotated[int, _example(240_000)]
    paid_fen: Annotated[int, _example(72_000)]
    batched_fen: Annotated[int, _example(0)]
    approved_fen: Annotated[int, _example(0)]
    claimed_fen: Annotated[int, _example(42_000)]
    accepted_fen: Annotated[int, _example(0)]
    rest_fen: Annotated[int, _example(126_000)]
    quantity: Annotated[int, _example(4)]
    accepted: Annotated[int, _example(1)]
    milestones: Annotated[list[int], _example([50, 100])]
    advance_percent: Annotated[int, _example(30)]
    advance_fen: Annotated[int, _example(72_000)]
    advance_status: ClaimStatus | None
    advance_unearned_fen: Annotated[int, _example(54_000)]
    advance_returned_fen: Annotated[int, _example(0)]
    holder: HolderBody

    @classmethod
    def of(cls, bar: Bar) -> "PaymentBody":
        """Return what a program sees of a bar."""
        money, held = bar.money, bar.money.holder
        parts, advance = money.parts, money.advance
        return cls(
            money.reference, money.status, parts.total, parts.paid, parts.batched, parts.approved, parts.claimed,
            parts.accepted, parts.rest, money.standing.quantity, money.accepted, list(money.standing.milestones),
            advance.percent, advance.fen, advance.status, advance.unearned_fen, advance.returned_fen,
            HolderBody(
                held.step, held.since, bar.days, held.place_code, held.place_zh, held.reference, held.fen,
                [block.code for block in bar.blocks], bar.said.answer if bar.said else "",
            ),
        )  # fmt: skip


class NudgeCreated(msgspec.Struct):
    """The id of a nudge."""

    id: UUID


class NudgeBody(msgspec.Struct):
    """A nudge that waits for the caller's office."""

    id: UUID
    step: Annotated[str, _example("approval")]
    contract: Annotated[str, _example("HT-2026-000003")]
    organization_zh: Annotated[str, _example("西湖区某某法律服务中心")]
    place_code: Annotated[str, _example("330106")]
    path: Annotated[str, _example("/claims/BT-2026-000031")]
    waiting_since: datetime
    day: date
    escalated: bool

    @classmethod
    def of(cls, view: NudgeView, *, escalated: bool) -> "NudgeBody":
        """Return what a program sees of a nudge."""
        return cls(
            view.public_id, view.step, view.contract, view.organization_zh, view.place_code, view.path,
            view.waiting_since, view.day, escalated,
        )  # fmt: skip


class AnswerBody(msgspec.Struct):
    """The word of whoever was nudged; the provider sees it."""

    answer: Annotated[str, msgspec.Meta(max_length=300, examples=["Thursday"])]


class DueReturnBody(msgspec.Struct):
    """An advance that its supplier has to return."""

    contract: Annotated[str, _example("HT-2026-000003")]
    organization_zh: Annotated[str, _example("西湖区某某法律服务中心")]
    unearned_fen: Annotated[int, _example(54_000)]


class ReturnBody(msgspec.Struct):
    """An advance that came back: the day and the voucher."""

    received_on: Annotated[date, _example("2026-11-23")]
    document: Annotated[str, msgspec.Meta(min_length=1, max_length=60, examples=["财库收 2026-118"])]


class Returned(msgspec.Struct):
    """What was booked."""

    amount_fen: Annotated[int, _example(54_000)]


@get("/payments", guards=[PROVIDER], summary="List one's own payments")
async def list_payments(principal: CurrentPrincipal) -> list[PaymentBody]:
    """Every contract of the caller's organizations: where its money is and who holds it."""
    return [PaymentBody.of(bar) for bar in await bars(principal, await holding.of_provider(principal))]


@get("/payments/{contract:str}", guards=[PARTY], summary="Show a contract's payments")
async def show_payment(contract: FromPath[str], principal: CurrentPrincipal) -> PaymentBody:
    """One contract's money, for its provider and the officers of its place."""
    [bar] = await bars(principal, [await holding.of_contract(principal, contract)])
    return PaymentBody.of(bar)


@post("/payments/{contract:str}/nudges", guards=[PROVIDER], summary="Nudge")
async def nudge(contract: FromPath[str], principal: CurrentPrincipal) -> NudgeCreated:
    """Nudge whoever holds the contract's money: once per thing and working day, after the waiting time."""
    return NudgeCreated(await service.nudge(principal, contract))


@get("/payment-nudges", guards=[NUDGED], summary="List nudges")
async def list_nudges(principal: CurrentPrincipal) -> list[NudgeBody]:
    """What providers wait for at the caller's offices, and what has waited too long where they supervise."""
    waiting = [NudgeBody.of(view, escalated=False) for view in await queries.waiting_nudges(principal)]
    return waiting + [NudgeBody.of(view, escalated=True) for view in await queries.escalated_nudges(principal)]


@post("/payment-nudges/{nudge_id:uuid}/answer", guards=[NUDGED], status_code=204, summary="Answer a nudge")
async def answer(nudge_id: FromPath[UUID], data: JSONBody[AnswerBody], principal: CurrentPrincipal) -> None:
    """Say when it will be done."""
    await service.answer(principal, nudge_id, data.answer)


@get("/advance-returns", guards=[CASHIER], summary="List advances to return")
async def list_returns(principal: CurrentPrincipal) -> list[DueReturnBody]:
    """Advances that were paid and not earned when their contracts ended."""
    due = await due_returns(principal)
    return [DueReturnBody(row.contract, row.organization_zh, row.unearned_fen) for row in due]


@post("/advance-returns/{contract:str}", guards=[CASHIER], summary="Book a returned advance")
async def book_return(contract: FromPath[str], data: JSONBody[ReturnBody], principal: CurrentPrincipal) -> Returned:
    """Book what came back; the treasury has it again and the budget line may use it."""
    received = Received(data.received_on, data.document)
    return Returned(await return_advance(principal, contract, received))
