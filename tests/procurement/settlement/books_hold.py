"""What must be true of claims, batches, ledger, budget and public totals at any moment, read from the rows."""

from app.core import database
from procurement.ledger import balances
from procurement.ledger.disclosure.queries import totals

_UNSOUND = {
    "an entry that does not sum to zero": """
        SELECT transaction_id FROM ledger_posting GROUP BY transaction_id, currency HAVING sum(amount_fen) <> 0""",
    "an entry without postings": """
        SELECT id FROM ledger_transaction t WHERE NOT EXISTS (
            SELECT FROM ledger_posting p WHERE p.transaction_id = t.id)""",
    "a claim with two live payments": """
        SELECT claim_id FROM settlement_item WHERE live GROUP BY claim_id HAVING count(*) > 1""",
    "a reversal that is no mirror": """
        SELECT t.id FROM ledger_transaction t JOIN ledger_posting p ON p.transaction_id IN (t.id, t.reverses)
        WHERE t.reverses IS NOT NULL GROUP BY t.id, p.account_id HAVING sum(p.amount_fen) <> 0""",
    "a line beyond its appropriation": """
        SELECT id FROM budget_line WHERE spent_fen + committed_fen + reserved_fen > approved_fen
            OR least(spent_fen, committed_fen, reserved_fen) < 0""",
    "a line that is not the sum of its movements": """
        SELECT l.id FROM budget_line l JOIN budget_movement m ON m.budget_line_id = l.id GROUP BY l.id
        HAVING (l.approved_fen, l.reserved_fen, l.spent_fen)
            <> (sum(m.approved_fen), sum(m.reserved_fen), sum(m.spent_fen))""",
    "money reserved otherwise than for what is approved and unpaid": """
        SELECT l.id FROM budget_line l LEFT JOIN claim c ON c.budget_line_id = l.id AND c.contract_id IS NULL
        GROUP BY l.id HAVING l.reserved_fen <> coalesce(sum(c.amount_fen) FILTER (
            WHERE c.amount_fen > 0 AND c.status IN ('approved', 'batched', 'returned_by_bank')), 0)""",
    "money spent otherwise than for what is paid": """
        SELECT l.id FROM budget_line l LEFT JOIN claim c ON c.budget_line_id = l.id
        GROUP BY l.id HAVING l.spent_fen <> coalesce(sum(c.amount_fen) FILTER (
            WHERE c.status = 'paid' OR c.amount_fen < 0 AND deduction_given_back(c.id)), 0)""",
    "a payee owed otherwise than their claims say": """
        SELECT a.id FROM ledger_account a
        LEFT JOIN LATERAL (SELECT sum(amount_fen) AS fen FROM ledger_posting WHERE account_id = a.id) AS booked ON true
        LEFT JOIN LATERAL (
            SELECT sum(c.amount_fen) AS fen FROM claim c LEFT JOIN settlement_item i ON i.claim_id = c.id AND i.live
            LEFT JOIN settlement_batch b ON b.id = i.batch_id
            WHERE c.person_id = a.person_id AND (c.status IN ('approved', 'returned_by_bank')
                                                 OR c.status = 'batched' AND b.status = 'computed')) AS owed ON true
        WHERE a.person_id IS NOT NULL AND coalesce(booked.fen, 0) <> -coalesce(owed.fen, 0)""",
    "a clearing account that is not where its batch stands": """
        SELECT b.id FROM settlement_batch b LEFT JOIN ledger_account a ON a.batch_id = b.id
        LEFT JOIN ledger_posting p ON p.account_id = a.id GROUP BY b.id
        HAVING coalesce(sum(p.amount_fen), 0) <> CASE b.status WHEN 'approved' THEN -b.total_fen ELSE 0 END""",
    "a bank file that is not its batch": """
        SELECT b.id FROM settlement_batch b JOIN bank_file f ON f.batch_id = b.id
        WHERE (f.total_fen, f.line_count) <> (b.total_fen, b.payment_count)""",
    "a claim whose state and payment contradict each other": """
        SELECT c.id FROM claim c LEFT JOIN settlement_item i ON i.claim_id = c.id AND i.live
        LEFT JOIN deduction_repayment r ON r.claim_id = c.id AND r.status = 'confirmed'
        WHERE (i.id IS NOT NULL) <> (c.status IN ('batched', 'paid') AND r.id IS NULL)
           OR r.id IS NOT NULL AND c.status <> 'paid'""",
}
_PAID = """
SELECT (coalesce(sum(i.amount_fen), 0) - (SELECT coalesce(sum(r.amount_fen), 0) FROM deduction_repayment r
                                           WHERE r.status = 'confirmed'))::bigint
FROM settlement_item i JOIN settlement_batch b ON b.id = i.batch_id WHERE i.live AND b.status = 'paid'
"""
_TREASURY = """
SELECT coalesce(-sum(p.amount_fen), 0)::bigint FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
WHERE a.kind = 'asset'
"""
CLOSED = """
SELECT m.starts_on, t.account_id, t.place_id, t.debit_fen, t.credit_fen
FROM ledger_total t JOIN ledger_period m ON m.id = t.period_id
WHERE m.closed_at IS NOT NULL ORDER BY 1, 2, 3
"""


async def faults() -> list[str]:
    """Name everything that is not as it must be."""
    found = [what for what, sql in _UNSOUND.items() if await database.fetch(sql)]
    found += [f"the balance of {drift.code} is not the sum of its postings" for drift in await balances.drifts()]
    paid, treasury = await database.fetch_value(_PAID), await database.fetch_value(_TREASURY)
    public = sum(total.paid_fen for total in await totals())
    if not paid == treasury == public:
        found.append(f"paid {paid}, left the treasury {treasury}, public {public}")
    return found
