"""Payees that wait to be checked, for programs: the list, and saying that two are two."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from app.web.guards import CurrentPrincipal
from procurement.claims.desk.queries import ids_of
from procurement.claims.forms import Reason, ReferenceText
from procurement.claims.payees import queries, service
from procurement.claims.payees.controllers import JUDGES
from procurement.claims.payees.queries import UnfitPayee
from procurement.claims.withdrawals.service import take_back


class PayeeBody(msgspec.Struct):
    """A payee left out of batches: why, whom they share an account with, and what waits."""

    id: UUID
    name: Annotated[str, msgspec.Meta(examples=["沈一诺"])]
    ground: Annotated[str, msgspec.Meta(examples=["twin"])]
    other_id: UUID | None
    other_name: Annotated[str, msgspec.Meta(examples=["沈一帆"])]
    claims: Annotated[int, msgspec.Meta(examples=[2])]
    total_fen: Annotated[int, msgspec.Meta(examples=[50_000])]
    references: Annotated[list[str], msgspec.Meta(examples=[["BT-2026-000123", "BT-2026-000131"]])]

    @classmethod
    def of(cls, payee: UnfitPayee) -> "PayeeBody":
        """Return the body of a view."""
        return cls(
            payee.payee_id, payee.name, payee.ground.value, payee.other_id, payee.other, payee.claims, payee.total_fen,
            [one.reference for one in payee.waiting],
        )  # fmt: skip


class ClearanceBody(msgspec.Struct):
    """Two payees with one account who are two people, and how somebody found out."""

    payee: UUID
    other: UUID
    ground: Annotated[Reason, msgspec.Meta(min_length=1)]


class WithdrawalBody(msgspec.Struct):
    """Claims whose approval is taken back, all or none, and why; their payee reads it."""

    references: Annotated[list[ReferenceText], msgspec.Meta(min_length=1, max_length=200)]
    reason: Annotated[Reason, msgspec.Meta(min_length=1)]


@get("/claims/payees", guards=[JUDGES], summary="List payees to check")
async def list_payees(principal: CurrentPrincipal) -> list[PayeeBody]:
    """Return the payees of the caller's places who are left out of batches until somebody looked; 200 at most."""
    return [PayeeBody.of(payee) for payee in await queries.unfit(principal)]


@post("/claims/payees/clearances", guards=[JUDGES], status_code=204, summary="Say that two payees are two")
async def clear_payees(data: JSONBody[ClearanceBody], principal: CurrentPrincipal) -> None:
    """Say that two payees who share an account are two people; their claims go into the next batch."""
    await service.clear_twins(principal, *await queries.ids_of(data.payee, data.other), data.ground)


@post("/claims/payees/withdrawals", guards=[JUDGES], status_code=204, summary="Take approvals back")
async def take_approvals_back(data: JSONBody[WithdrawalBody], principal: CurrentPrincipal) -> None:
    """Take back the approval of claims whose payee is left out of batches; by another person than who approved them.

    The claims are rejected, their entries reversed, their budget is free; the payee is told why and may object.
    """
    await take_back(principal, await ids_of(principal, data.references), data.reason)
