"""What is filled in about an expense."""

from datetime import date
from typing import Annotated

import msgspec

from app.web.fields import Yuan
from procurement.claims.expenses.rules import ExpenseKind


class ExpenseForm(msgspec.Struct):
    """What one spent; the receipts come as files."""

    kind: ExpenseKind
    spent_on: date
    amount_fen: Yuan
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
