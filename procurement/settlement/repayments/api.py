"""Deductions and the money that is given back for them, for programs."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from procurement.settlement.queries import READERS
from procurement.settlement.repayments import queries, service
from procurement.settlement.repayments.forms import ReceivedBody, RefusalBody
from procurement.settlement.repayments.queries import Deduction
from procurement.settlement.repayments.rules import Received

CASHIERS = requires(Permission.SETTLEMENT_PAY)
APPROVERS = requires(Permission.SETTLEMENT_APPROVE)


class DeductionBody(msgspec.Struct):
    """A deduction that is open; ``repayment`` is where the latest money for it stands, empty where there was none."""

    reference: Annotated[str, msgspec.Meta(examples=["BT-2026-000123"])]
    status: Annotated[str, msgspec.Meta(examples=["approved"])]
    payee_id: UUID
    payee: Annotated[str, msgspec.Meta(examples=["沈一诺"])]
    district: Annotated[str, msgspec.Meta(examples=["Xihu District"])]
    owed_fen: Annotated[int, msgspec.Meta(examples=[150_000])]
    days: Annotated[int, msgspec.Meta(examples=[40])]
    batch: Annotated[str | None, msgspec.Meta(examples=[None])]
    repayment: Annotated[str, msgspec.Meta(examples=["recorded"])]
    received_on: Annotated[date | None, msgspec.Meta(examples=["2026-11-30"])]
    document: Annotated[str, msgspec.Meta(examples=["LS-20261130-0042"])]

    @classmethod
    def of(cls, row: Deduction) -> "DeductionBody":
        """Return the body of a view."""
        told = row.repayment
        return cls(
            row.reference, row.status.value, row.payee_id, row.payee, row.place_en or row.place_zh, row.owed_fen,
            row.days, row.batch, told.status.value if told else "", told.received_on if told else None,
            told.document if told else "",
        )  # fmt: skip


@get("/settlement-deductions", guards=[requires(*READERS)], summary="List open deductions")
async def list_deductions(principal: CurrentPrincipal) -> list[DeductionBody]:
    """Return what is still to be deducted from payees of the caller's places, or given back by them; 200 at most."""
    return [DeductionBody.of(row) for row in await queries.open_deductions(principal)]


@post(
    "/settlement-deductions/{reference:str}/repayment",
    guards=[CASHIERS], status_code=204, summary="Record money given back for a deduction",
)  # fmt: skip
async def record_repayment(principal: CurrentPrincipal, reference: FromPath[str], data: JSONBody[ReceivedBody]) -> None:
    """Record what a bank statement says; the whole deduction, once. No batch takes the deduction from now on."""
    received = Received(data.amount_fen, data.received_on, data.document)
    await service.record_repayment(principal, reference, received)


@post(
    "/settlement-deductions/{reference:str}/repayment/confirmation",
    guards=[APPROVERS], status_code=204, summary="Confirm money given back",
)  # fmt: skip
async def confirm_repayment(principal: CurrentPrincipal, reference: FromPath[str]) -> None:
    """Confirm that the money is there, as another person than who recorded it: booked, and the deduction settled."""
    await service.confirm_repayment(principal, reference)


@post(
    "/settlement-deductions/{reference:str}/repayment/refusal",
    guards=[APPROVERS], status_code=204, summary="Refuse money given back",
)  # fmt: skip
async def refuse_repayment(principal: CurrentPrincipal, reference: FromPath[str], data: JSONBody[RefusalBody]) -> None:
    """Say that the money is not there, and why; the deduction waits as before."""
    await service.refuse_repayment(principal, reference, data.reason)
