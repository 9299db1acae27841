"""Which rows belong to a purchase, section by section in the order in which they came about.

Each section is one statement over the purchase's id ($1); rows are given as they are stored, without sealed bytes.
"""

SECTIONS: dict[str, tuple[str, str]] = {
    "purchase": ("purchase", "SELECT id FROM purchase WHERE id = $1"),
    "admission": ("admission", "SELECT admission_id AS id FROM purchase WHERE id = $1 AND admission_id IS NOT NULL"),
    "budget-movements": (
        "budget_movement",
        """SELECT id FROM budget_movement WHERE source_type = 'purchase' AND source_id = $1
           UNION SELECT m.id FROM budget_movement m JOIN claim ON claim.id = m.source_id AND m.source_type = 'claim'
           JOIN village_order o ON o.id = claim.village_order_id JOIN contract c ON c.id = o.contract_id
           WHERE c.purchase_id = $1""",
    ),
    "contract": ("contract", "SELECT id FROM contract WHERE purchase_id = $1"),
    "requirement-lines": (
        "requirement_line",
        "SELECT l.id FROM requirement_line l JOIN contract c ON c.id = l.contract_id WHERE c.purchase_id = $1",
    ),
    "amendments": (
        "contract_amendment",
        "SELECT a.id FROM contract_amendment a JOIN contract c ON c.id = a.contract_id WHERE c.purchase_id = $1",
    ),
    "termination": (
        "contract_termination",
        "SELECT t.id FROM contract_termination t JOIN contract c ON c.id = t.contract_id WHERE c.purchase_id = $1",
    ),
    "orders": (
        "village_order",
        "SELECT o.id FROM village_order o JOIN contract c ON c.id = o.contract_id WHERE c.purchase_id = $1",
    ),
    "service-logs": ("service_log", "{orders} service_log x ON x.village_order_id = o.id WHERE c.purchase_id = $1"),
    "proofs": ("proof", "{orders} proof x ON x.village_order_id = o.id WHERE c.purchase_id = $1"),
    "judgements": ("judgement", "{orders} judgement x ON x.village_order_id = o.id WHERE c.purchase_id = $1"),
    "line-judgements": (
        "line_judgement",
        """SELECT x.id FROM line_judgement x JOIN judgement j ON j.id = x.judgement_id
           JOIN village_order o ON o.id = j.village_order_id JOIN contract c ON c.id = o.contract_id
           WHERE c.purchase_id = $1""",
    ),
    "acceptances": ("acceptance", "{orders} acceptance x ON x.village_order_id = o.id WHERE c.purchase_id = $1"),
    "claims": ("claim", "{orders} claim x ON x.village_order_id = o.id WHERE c.purchase_id = $1"),
    "payments": (
        "settlement_item",
        """SELECT i.id FROM settlement_item i JOIN claim ON claim.id = i.claim_id
           JOIN village_order o ON o.id = claim.village_order_id JOIN contract c ON c.id = o.contract_id
           WHERE c.purchase_id = $1""",
    ),
    "ledger-transactions": (
        "ledger_transaction",
        """SELECT t.id FROM ledger_transaction t JOIN claim ON claim.id = t.source_id AND t.source_type = 'claim'
           JOIN village_order o ON o.id = claim.village_order_id JOIN contract c ON c.id = o.contract_id
           WHERE c.purchase_id = $1""",
    ),
    "evaluation": ("purchase_evaluation", "SELECT id FROM purchase_evaluation WHERE purchase_id = $1"),
}
_ORDERS = "SELECT x.id FROM village_order o JOIN contract c ON c.id = o.contract_id JOIN"
AUDITED = ("purchase", "contract", "contract_amendment", "contract_termination", "village_order", "claim")
"""The kinds of things whose audit events go into the archive."""


def ids_of(section: str) -> tuple[str, str]:
    """Return a section's table and the statement that finds its rows."""
    table, statement = SECTIONS[section]
    return table, statement.replace("{orders}", _ORDERS)
