"""Reading one's own expenses with what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core import database
from app.core.access import Permission, Principal


@dataclass(frozen=True, slots=True)
class OwnExpense:
    """An expense, its claim and where that stands."""

    reference: str
    claim: str
    kind: str
    spent_on: date
    amount_fen: int
    reason: str
    receipts: int
    status: str


_OWN = """
SELECT e.reference, c.reference AS claim, e.kind, e.spent_on, e.amount_fen, e.reason_zh AS reason,
       (SELECT count(*) FROM expense_receipt r WHERE r.expense_id = e.id) AS receipts, c.status
FROM expense e JOIN person p ON p.id = e.person_id JOIN claim c ON c.expense_id = e.id
WHERE p.account_id = $1 AND ($2::text IS NULL OR e.id < (SELECT id FROM expense WHERE reference = $2))
ORDER BY e.id DESC LIMIT $3
"""


async def own_expenses(principal: Principal, after: str | None, size: int) -> Sequence[OwnExpense]:
    """Return what the person handed in, the latest first."""
    principal.scope(Permission.CLAIM_SELF)
    return [OwnExpense(**row) for row in await database.fetch(_OWN, principal.actor, after, size)]
