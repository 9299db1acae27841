"""What budget movements did, each by the purchase that it belongs to."""

from app.core.database import Row
from procurement.budgets.rules import Amounts

# Which purchase a movement of money belongs to, whatever moved it; a claim without a contract belongs to none.
MOVED = """
SELECT m.budget_line_id, CASE WHEN m.claim_id IS NOT NULL OR m.source_type = 'settlement_item' THEN 'claim'
                              ELSE m.source_type END AS source_type,
       m.approved_fen, m.reserved_fen, m.committed_fen, m.spent_fen, m.closed_fen, m.purchase_id
FROM budget_moved m
"""
SUMS = """
coalesce(sum(moved.approved_fen), 0)::bigint AS approved_fen,
coalesce(sum(moved.reserved_fen), 0)::bigint AS reserved_fen,
coalesce(sum(moved.committed_fen), 0)::bigint AS committed_fen, coalesce(sum(moved.spent_fen), 0)::bigint AS spent_fen,
coalesce(sum(moved.closed_fen), 0)::bigint AS closed_fen
"""


def amounts_of(row: Row) -> Amounts:
    """Return a row of SUMS as amounts."""
    return Amounts(*(row[f"{name}_fen"] for name in ("approved", "reserved", "committed", "spent", "closed")))
