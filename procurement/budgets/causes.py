"""What an entry of a budget line's book was for: the reference of its cause and the page that shows it."""

_PURCHASES, _CLAIMS = "/buying/purchases/", "/claims/"
_FOLDERS = {
    "purchase": _PURCHASES, "purchase_award": _PURCHASES, "tender_award": _PURCHASES, "claim": _CLAIMS,
    "settlement_item": _CLAIMS, "approval_withdrawal": _CLAIMS, "deduction_repayment": _CLAIMS,
}  # fmt: skip

REFERENCE = "coalesce(purchase.reference, claim.reference, a.document, moved.document, '') AS reference"
"""The column to select beside JOINED."""

JOINED = """
LEFT JOIN tender_award award ON m.source_type = 'tender_award' AND award.id = m.source_id
LEFT JOIN year_closing_item ended ON m.source_type = 'year_closing_item' AND ended.id = m.source_id
LEFT JOIN purchase ON purchase.id = CASE WHEN m.source_type IN ('purchase', 'purchase_award')
                                         THEN m.source_id ELSE coalesce(award.purchase_id, ended.purchase_id) END
LEFT JOIN settlement_item paid ON m.source_type = 'settlement_item' AND paid.id = m.source_id
LEFT JOIN approval_withdrawal taken ON m.source_type = 'approval_withdrawal' AND taken.id = m.source_id
LEFT JOIN deduction_repayment repaid ON m.source_type = 'deduction_repayment' AND repaid.id = m.source_id
LEFT JOIN claim ON claim.id = CASE m.source_type WHEN 'claim' THEN m.source_id
    ELSE coalesce(paid.claim_id, taken.claim_id, repaid.claim_id, ended.claim_id) END
LEFT JOIN appropriation a ON m.source_type = 'appropriation' AND a.id = m.source_id
LEFT JOIN budget_adjustment moved ON m.source_type = 'budget_adjustment' AND moved.id = m.source_id
"""
"""What entries named `m` are joined to."""


def path_of(source_type: str, reference: str) -> str:
    """Return the page of what caused an entry, empty where it has none."""
    if source_type == "budget_adjustment":
        return "/buying/budgets/adjustments"
    if source_type == "year_closing_item" and reference:
        return (_CLAIMS if reference.startswith("BT") else _PURCHASES) + reference
    return _FOLDERS[source_type] + reference if source_type in _FOLDERS and reference else ""
