"""Statements of payees for programs."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from procurement.settlement.queries import READERS
from procurement.settlement.statements import queries
from procurement.settlement.statements.queries import Statement

Fen = Annotated[int, msgspec.Meta(examples=[50_000])]


class StatementLineBody(msgspec.Struct):
    """One payment: what was owed, the tax withheld, what went to the account, and the day it came back, if it did."""

    paid_on: date
    batch: Annotated[str, msgspec.Meta(examples=["JS-2026-000007"])]
    line: Annotated[int, msgspec.Meta(examples=[3])]
    amount_fen: Fen
    tax_fen: Fen
    net_fen: Fen
    returned_on: date | None
    claims: list[str]


class PayeeStatementBody(msgspec.Struct):
    """A payee's year or month; the sums leave out what came back.

    ``given_back_fen`` is what the payee gave back in cash for deductions, in no other sum.
    """

    payee: UUID
    name: str
    year: Annotated[int, msgspec.Meta(examples=[2026])]
    month: Annotated[int | None, msgspec.Meta(examples=[11])]
    amount_fen: Fen
    tax_fen: Fen
    net_fen: Fen
    payments: list[StatementLineBody]
    given_back_fen: Annotated[int, msgspec.Meta(examples=[0])]

    @classmethod
    def of(cls, found: Statement) -> "PayeeStatementBody":
        """Return the body of a statement."""
        lines = [
            StatementLineBody(
                one.paid_on, one.batch, one.line, one.amount_fen, one.tax_fen, one.net_fen, one.returned_on,
                [part.claim for part in one.parts],
            )
            for one in found.payments
        ]  # fmt: skip
        return cls(found.payee_id, found.name, found.period.year, found.period.month, *found.sums(), lines,
                   found.given_back_fen)  # fmt: skip


@get(
    "/payees/{payee:uuid}/statement",
    guards=[requires(Permission.CLAIM_SELF, *READERS)],
    summary="Show a payee's statement",
)
async def show_statement(
    principal: CurrentPrincipal,
    payee: FromPath[UUID],
    year: FromQuery[int | None] = None,
    month: FromQuery[int | None] = None,
) -> PayeeStatementBody:
    """Return what a payee was paid in a year or month: to the payee everything, to finance what its places paid."""
    return PayeeStatementBody.of(await queries.statement(principal, payee, year, month))
