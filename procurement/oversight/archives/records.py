"""Which rows belong to a purchase, section by section in the order in which they came about.

Each section is one statement over the purchase's id ($1); rows are given as they are stored. What is still sealed, and
that it was handed in at all, comes into an archive only after its opening.
"""

_CONTRACT = "SELECT x.id FROM contract c JOIN {table} x ON x.contract_id = c.id WHERE c.purchase_id = $1"
_ORDER = """SELECT x.id FROM contract c JOIN village_order o ON o.contract_id = c.id
            JOIN {table} x ON x.village_order_id = o.id WHERE c.purchase_id = $1"""
_ROUND = "SELECT x.id FROM quotation_round r JOIN {table} x ON x.round_id = r.id WHERE r.purchase_id = $1"
_OPENED = """SELECT x.id FROM quotation_round r JOIN quotation_opening opening ON opening.round_id = r.id
             JOIN {table} x ON x.round_id = r.id WHERE r.purchase_id = $1"""
_PURCHASE = "SELECT x.id FROM {table} x WHERE x.purchase_id = $1"
_CLAIM = """SELECT x.id FROM contract c JOIN claim ON claim.contract_id = c.id JOIN {table} x ON x.claim_id = claim.id
            WHERE c.purchase_id = $1"""
# What was booked about a purchase: under its own number, or under something that belongs to it.
_SOURCES = """SELECT 'purchase' AS source_type, $1::bigint AS source_id UNION ALL SELECT 'purchase_award', $1
    UNION ALL SELECT 'tender_award', id FROM tender_award WHERE purchase_id = $1
    UNION ALL SELECT 'quotation_comparison', q.id FROM quotation_comparison q
              JOIN quotation_opening opening ON opening.id = q.opening_id
              JOIN quotation_round r ON r.id = opening.round_id WHERE r.purchase_id = $1
    UNION ALL SELECT 'contract_amendment', a.id FROM contract_amendment a
              JOIN contract c ON c.id = a.contract_id WHERE c.purchase_id = $1
    UNION ALL SELECT 'advance_return', b.id FROM advance_return b
              JOIN contract c ON c.id = b.contract_id WHERE c.purchase_id = $1
    UNION ALL SELECT 'claim', claim.id FROM claim
              JOIN contract c ON c.id = claim.contract_id WHERE c.purchase_id = $1
    UNION ALL SELECT 'year_closing_item', id FROM year_closing_item WHERE purchase_id = $1
    UNION ALL SELECT 'settlement_item', i.id FROM settlement_item i JOIN claim ON claim.id = i.claim_id
              JOIN contract c ON c.id = claim.contract_id WHERE c.purchase_id = $1"""
_BOOKED = f"SELECT x.id FROM ({_SOURCES}) AS s JOIN {{table}} x USING (source_type, source_id)"

SECTIONS: dict[str, tuple[str, str]] = {
    "purchase": ("purchase", "SELECT id FROM purchase WHERE id = $1"),
    "admission": ("admission", "SELECT admission_id AS id FROM purchase WHERE id = $1 AND admission_id IS NOT NULL"),
    "tender-steps": ("purchase_step", _PURCHASE),
    "quotation-request": ("quotation_request", _PURCHASE),
    "quotation-requirements": (
        "quotation_requirement",
        """SELECT x.id FROM quotation_request q JOIN quotation_requirement x ON x.request_id = q.id
           WHERE q.purchase_id = $1""",
    ),
    "quotation-rounds": ("quotation_round", _PURCHASE),
    "quotation-keepers": ("quotation_keeper", _ROUND),
    "quotation-invitations": ("quotation_invitation", _ROUND),
    "quotations-sealed": ("sealed_quotation", _OPENED),
    "quotation-openings": ("quotation_opening", _ROUND),
    "quotations-opened": ("opened_quotation", _ROUND),
    "quotation-exclusions": (
        "quotation_exclusion",
        """SELECT x.id FROM quotation_round r JOIN opened_quotation q ON q.round_id = r.id
           JOIN quotation_exclusion x ON x.opened_quotation_id = q.id WHERE r.purchase_id = $1""",
    ),
    "quotation-comparisons": (
        "quotation_comparison",
        """SELECT x.id FROM quotation_round r JOIN quotation_opening o ON o.round_id = r.id
           JOIN quotation_comparison x ON x.opening_id = o.id WHERE r.purchase_id = $1""",
    ),
    "tender-awards": ("tender_award", _PURCHASE),
    "tender-challenges": ("challenge", _PURCHASE),
    "approvals": ("purchase_approval", _PURCHASE),
    "budget-movements": ("budget_movement", _BOOKED),
    "contract": ("contract", "SELECT id FROM contract WHERE purchase_id = $1"),
    "requirement-lines": ("requirement_line", _CONTRACT),
    "payment-terms": ("payment_terms", _CONTRACT),
    "contract-notices": ("contract_notice", _CONTRACT),
    "amendments": ("contract_amendment", _CONTRACT),
    "termination": ("contract_termination", _CONTRACT),
    "waits": ("village_wait", _CONTRACT),
    "orders": ("village_order", _CONTRACT),
    "order-changes": ("order_change", _ORDER),
    "service-logs": ("service_log", _ORDER),
    "proofs": ("proof", _ORDER),
    "judgements": ("judgement", _ORDER),
    "line-judgements": (
        "line_judgement",
        """SELECT x.id FROM contract c JOIN village_order o ON o.contract_id = c.id
           JOIN judgement j ON j.village_order_id = o.id JOIN line_judgement x ON x.judgement_id = j.id
           WHERE c.purchase_id = $1""",
    ),
    "rectifications": ("rectification", _ORDER),
    "acceptances": ("acceptance", _ORDER),
    "village-ratings": ("village_rating", _ORDER),
    "contract-payments": ("contract_payment", _CONTRACT),
    "unit-payments": ("unit_payment", _CONTRACT),
    "claims": ("claim", _CONTRACT),
    "nudges": ("nudge", _CONTRACT),
    "payments": ("settlement_item", _CLAIM),
    "bank-returns": (
        "bank_return",
        """SELECT DISTINCT x.id FROM contract c JOIN claim ON claim.contract_id = c.id
           JOIN settlement_item i ON i.claim_id = claim.id JOIN bank_return x ON x.payment_id = i.payment_id
           WHERE c.purchase_id = $1""",
    ),
    "advance-returns": ("advance_return", _CONTRACT),
    "ledger-transactions": ("ledger_transaction", _BOOKED),
    "ledger-postings": (
        "ledger_posting",
        f"""SELECT x.id FROM ({_SOURCES}) AS s JOIN ledger_transaction t USING (source_type, source_id)
            JOIN ledger_posting x ON x.transaction_id = t.id""",
    ),
    "evaluation": ("purchase_evaluation", _PURCHASE),
}
AUDITED = (
    *("purchase", "sealed_quotation", "opened_quotation", "contract", "contract_amendment", "contract_termination"),
    *("village_wait", "village_order", "claim"),
)
"""The kinds of things whose audit events go into the archive."""


def ids_of(section: str) -> tuple[str, str]:
    """Return a section's table and the statement that finds its rows."""
    table, statement = SECTIONS[section]
    return table, statement.replace("{table}", table)
