"""Payees that wait to be checked, for programs: the list, and saying that two are two."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from app.web.guards import CurrentPrincipal
from procurement.claims.forms import Reason
from procurement.claims.payees import queries, service
from procurement.claims.payees.controllers import JUDGES
from procurement.claims.payees.queries import UnfitPayee


class PayeeBody(msgspec.Struct):
    """A payee left out of batches: why, whom they share an account with, and what waits."""

    id: UUID
    name: Annotated[str, msgspec.Meta(examples=["沈一诺"])]
    ground: Annotated[str, msgspec.Meta(examples=["twin"])]
    other_id: UUID | None
    other_name: Annotated[str, msgspec.Meta(examples=["沈一帆"])]
    claims: Annotated[int, msgspec.Meta(examples=[2])]
    total_fen: Annotated[int, msgspec.Meta(examples=[50_000])]

    @classmethod
    def of(cls, payee: UnfitPayee) -> "PayeeBody":
        """Return the body of a view."""
        return cls(
            payee.payee_id, payee.name, payee.ground.value, payee.other_id, payee.other, payee.claims, payee.total_fen
        )  # fmt: skip


class ClearanceBody(msgspec.Struct):
    """Two payees with one account who are two people, and how somebody found out."""

    payee: UUID
    other: UUID
    ground: Annotated[Reason, msgspec.Meta(min_length=1)]


@get("/claims/payees", guards=[JUDGES], summary="List payees to check")
async def list_payees(principal: CurrentPrincipal) -> list[PayeeBody]:
    """Return the payees of the caller's places who are left out of batches until somebody looked; 200 at most."""
    return [PayeeBody.of(payee) for payee in await queries.unfit(principal)]


@post("/claims/payees/clearances", guards=[JUDGES], status_code=204, summary="Say that two payees are two")
async def clear_payees(data: JSONBody[ClearanceBody], principal: CurrentPrincipal) -> None:
    """Say that two payees who share an account are two people; their claims go into the next batch."""
    await service.clear_twins(principal, *await queries.ids_of(data.payee, data.other), data.ground)
