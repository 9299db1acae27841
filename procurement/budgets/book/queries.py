"""A line's postings with the running balances after each, linked to what caused them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core import database
from app.core.database import Row
from procurement.budgets.causes import JOINED, REFERENCE, path_of
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
        return path_of(self.source_type, self.reference)


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
SELECT m.*, account.display_name AS actor, {REFERENCE}
FROM (SELECT m.*, {_AFTER} FROM budget_movement m WHERE m.budget_line_id = $1 WINDOW book AS (ORDER BY m.id)) m
LEFT JOIN account ON account.id = m.actor_id {JOINED}
WHERE $2::bigint IS NULL OR m.id < $2 ORDER BY m.id
"""
