"""One's own expenses for programs: the list, and handing one in with its receipts."""

from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Request, get, post
from litestar.params import FromQuery

from app.web.api import Page, page_of
from app.web.forms import Form
from app.web.guards import CurrentPrincipal
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.claims.expenses import queries
from procurement.claims.expenses.controllers import CLAIMANTS, LARGEST_BODY, handed_in
from procurement.claims.expenses.forms import ExpenseForm
from procurement.claims.expenses.queries import OwnExpense


class ExpenseBody(msgspec.Struct):
    """An expense, the claim that pays it, and where that stands."""

    reference: Annotated[str, msgspec.Meta(examples=["BX-2026-000012"])]
    claim: Annotated[str, msgspec.Meta(examples=["BT-2026-000123"])]
    kind: Annotated[str, msgspec.Meta(examples=["travel"])]
    spent_on: Annotated[date, msgspec.Meta(examples=["2026-11-16"])]
    amount_fen: Annotated[int, msgspec.Meta(examples=[4_600])]
    reason: Annotated[str, msgspec.Meta(examples=["到桐庐值班"])]
    receipts: Annotated[int, msgspec.Meta(examples=[1])]
    status: Annotated[str, msgspec.Meta(examples=["accrued"])]

    @classmethod
    def of(cls, row: OwnExpense) -> "ExpenseBody":
        """Return the body of a view."""
        return cls(
            row.reference, row.claim, row.kind, row.spent_on, row.amount_fen, row.reason, row.receipts, row.status
        )  # fmt: skip


class HandedInBody(msgspec.Struct):
    """The claim that an expense became."""

    claim: Annotated[str, msgspec.Meta(examples=["BT-2026-000123"])]


@get("/my/expenses", guards=[CLAIMANTS], summary="List one's own expenses")
async def list_expenses(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[ExpenseBody]:
    """Return what the person handed in, the latest first."""
    size = page_size(limit)
    found = await queries.own_expenses(principal, decode_cursor(cursor, str), size + 1)
    return page_of(sliced(found, lambda row: row.reference, size), ExpenseBody.of)


@post("/my/expenses", guards=[CLAIMANTS], request_max_body_size=LARGEST_BODY, summary="Hand an expense in")
async def hand_in_expense(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> HandedInBody:
    """Send multipart/form-data: ``kind`` (meal, travel, lodging, copying, other), ``spent_on``, ``amount_fen`` in yuan,
    ``reason`` and one or more ``receipts``. A receipt is paid once, whoever brings it.
    """
    return HandedInBody(await handed_in(request, principal, await Form.read(request, ExpenseForm)))
