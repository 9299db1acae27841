"""What budget movements did, each by the purchase that it belongs to."""

from app.core.database import Row
from procurement.budgets.rules import Amounts

# Which purchase a movement of money belongs to, whatever moved it; a claim without a contract belongs to none.
MOVED = """
SELECT m.budget_line_id, CASE WHEN paid.id IS NULL THEN m.source_type ELSE 'claim' END AS source_type,
       m.approved_fen, m.reserved_fen, m.committed_fen, m.spent_fen,
       CASE WHEN m.source_type IN ('purchase', 'purchase_award') THEN m.source_id
            ELSE coalesce(c.purchase_id, r.purchase_id, award.purchase_id) END AS purchase_id
FROM budget_movement m
LEFT JOIN settlement_item paid ON m.source_type = 'settlement_item' AND paid.id = m.source_id
LEFT JOIN claim ON claim.id = CASE m.source_type WHEN 'claim' THEN m.source_id ELSE paid.claim_id END
LEFT JOIN contract_amendment a ON m.source_type = 'contract_amendment' AND a.id = m.source_id
LEFT JOIN advance_return back ON m.source_type = 'advance_return' AND back.id = m.source_id
LEFT JOIN contract c ON c.id = coalesce(claim.contract_id, a.contract_id, back.contract_id)
LEFT JOIN tender_award award ON m.source_type = 'tender_award' AND award.id = m.source_id
LEFT JOIN quotation_comparison q ON m.source_type = 'quotation_comparison' AND q.id = m.source_id
LEFT JOIN quotation_opening opening ON opening.id = q.opening_id LEFT JOIN quotation_round r ON r.id = opening.round_id
"""
SUMS = """
coalesce(sum(moved.approved_fen), 0)::bigint AS approved_fen,
coalesce(sum(moved.reserved_fen), 0)::bigint AS reserved_fen,
coalesce(sum(moved.committed_fen), 0)::bigint AS committed_fen, coalesce(sum(moved.spent_fen), 0)::bigint AS spent_fen
"""


def amounts_of(row: Row) -> Amounts:
    """Return a row of SUMS as amounts."""
    return Amounts(row["approved_fen"], row["reserved_fen"], row["committed_fen"], row["spent_fen"])
