"""A line's postings with the running balances after each, linked to what caused them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core import database
from app.core.database import Row
from procurement.budgets.rules import Amounts

LONGEST = 200_000
"""More postings than a file for a spreadsheet program may hold safely; a line has some thousands a year."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One entry: what it moved, what it was for, and where the line stood afterwards."""

    id: int
    kind: str
    source_type: str
    reference: str
    actor: str
    moved_at: datetime
    change: Amounts
    after: Amounts

    @property
    def path(self) -> str:
        """Return the page of what caused it, if it has one."""
        purchases, claims = "/buying/purchases/", "/claims/"
        folders = {
            "purchase": purchases, "purchase_award": purchases, "tender_award": purchases, "claim": claims,
            "settlement_item": claims, "approval_withdrawal": claims, "deduction_repayment": claims,
        }  # fmt: skip
        if self.source_type == "budget_adjustment":
            return "/buying/budgets/adjustments"
        if self.source_type == "year_closing_item" and self.reference:
            return (claims if self.reference.startswith("BT") else purchases) + self.reference
        return folders[self.source_type] + self.reference if self.source_type in folders and self.reference else ""


async def postings(line_id: int, before: int | None = None, limit: int = 51) -> Sequence[Posting]:
    """Return a line's postings, the latest first, each with the balances after it."""
    rows = await database.fetch(_POSTINGS + " DESC LIMIT $3", line_id, before, limit)
    return [_posting(row) for row in rows]


async def whole_book(line_id: int) -> Sequence[Posting]:
    """Return every posting of a line in the order of booking, for the file."""
    return [_posting(row) for row in await database.fetch(_POSTINGS + " LIMIT $3", line_id, None, LONGEST)]


def _posting(row: Row) -> Posting:
    def amounts(prefix: str) -> Amounts:
        return Amounts(
            *(row[f"{prefix}{name}_fen"] for name in ("approved", "reserved", "committed", "spent", "closed"))
        )

    return Posting(
        row["id"], row["kind"], row["source_type"], row["reference"], row["actor"] or "", row["moved_at"],
        amounts(""), amounts("after_"),
    )  # fmt: skip


_AFTER = ", ".join(
    f"(sum(m.{name}_fen) OVER book)::bigint AS after_{name}_fen"
    for name in ("approved", "reserved", "committed", "spent", "closed")
)
_POSTINGS = f"""
SELECT booked.*, account.display_name AS actor,
       coalesce(purchase.reference, claim.reference, a.document, moved.document, '') AS reference
FROM (SELECT m.*, {_AFTER} FROM budget_movement m WHERE m.budget_line_id = $1 WINDOW book AS (ORDER BY m.id)) booked
LEFT JOIN account ON account.id = booked.actor_id
LEFT JOIN tender_award award ON booked.source_type = 'tender_award' AND award.id = booked.source_id
LEFT JOIN year_closing_item ended ON booked.source_type = 'year_closing_item' AND ended.id = booked.source_id
LEFT JOIN purchase ON purchase.id = CASE WHEN booked.source_type IN ('purchase', 'purchase_award')
                                         THEN booked.source_id ELSE coalesce(award.purchase_id, ended.purchase_id) END
LEFT JOIN settlement_item paid ON booked.source_type = 'settlement_item' AND paid.id = booked.source_id
LEFT JOIN approval_withdrawal taken ON booked.source_type = 'approval_withdrawal' AND taken.id = booked.source_id
LEFT JOIN deduction_repayment repaid ON booked.source_type = 'deduction_repayment' AND repaid.id = booked.source_id
LEFT JOIN claim ON claim.id = CASE booked.source_type WHEN 'claim' THEN booked.source_id
    ELSE coalesce(paid.claim_id, taken.claim_id, repaid.claim_id, ended.claim_id) END
LEFT JOIN appropriation a ON booked.source_type = 'appropriation' AND a.id = booked.source_id
LEFT JOIN budget_adjustment moved ON booked.source_type = 'budget_adjustment' AND moved.id = booked.source_id
WHERE $2::bigint IS NULL OR booked.id < $2 ORDER BY booked.id
"""
