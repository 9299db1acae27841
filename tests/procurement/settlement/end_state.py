"""All that a settlement run leaves behind, as bytes: without the row numbers that a run which died used up."""

import json

from app.core import database

_PARTS = {
    "batches": """
        SELECT reference, status, period_from, period_to, idempotency_key, cap_fen,
               encode(input_sha256, 'hex') AS input, total_fen, payment_count, claim_count, computed_by,
               approved_by, paid_by, computed_at, approved_at, paid_at
        FROM settlement_batch ORDER BY reference""",
    "payments": """
        SELECT b.reference, p.person_id, p.organization_id, p.amount_fen, p.status, p.bank_name,
               encode(p.account_sealed, 'hex') AS account
        FROM settlement_payment p JOIN settlement_batch b ON b.id = p.batch_id
        ORDER BY b.reference, p.id""",
    "items": """
        SELECT b.reference, c.reference AS claim, p.person_id, i.amount_fen, i.live
        FROM settlement_item i JOIN settlement_batch b ON b.id = i.batch_id JOIN claim c ON c.id = i.claim_id
        JOIN settlement_payment p ON p.id = i.payment_id ORDER BY b.reference, i.id""",
    "left out": """
        SELECT b.reference, c.reference AS claim, x.reason, x.line_number, x.amount_fen
        FROM settlement_left_out x JOIN settlement_batch b ON b.id = x.batch_id JOIN claim c ON c.id = x.claim_id
        ORDER BY b.reference, x.reason, x.line_number""",
    "claims": "SELECT reference, status, reason, amount_fen, approved_by FROM claim ORDER BY reference",
    "postings": """
        SELECT t.booked_on, t.kind, split_part(t.idempotency_key, ':', 1) AS key, t.actor_id,
               coalesce(c.reference, pay.person_id::text) AS source,
               coalesce('clearing:' || b.reference, a.code) AS account,
               p.amount_fen, p.currency, p.place_id, m.starts_on
        FROM ledger_posting p JOIN ledger_transaction t ON t.id = p.transaction_id
        JOIN ledger_account a ON a.id = p.account_id JOIN ledger_period m ON m.id = p.period_id
        LEFT JOIN settlement_batch b ON b.id = a.batch_id
        LEFT JOIN claim c ON t.source_type = 'claim' AND c.id = t.source_id
        LEFT JOIN settlement_payment pay ON t.source_type = 'settlement_payment' AND pay.id = t.source_id
        ORDER BY p.id""",
    "balances": """
        SELECT coalesce('clearing:' || b.reference, a.code) AS account, t.place_id, m.starts_on, t.debit_fen,
               t.credit_fen
        FROM ledger_total t JOIN ledger_account a ON a.id = t.account_id JOIN ledger_period m ON m.id = t.period_id
        LEFT JOIN settlement_batch b ON b.id = a.batch_id ORDER BY 1, 2, 3""",
    "budget": "SELECT id, approved_fen, reserved_fen, committed_fen, spent_fen FROM budget_line ORDER BY id",
    "movements": """
        SELECT budget_line_id, kind, reserved_fen, committed_fen, spent_fen, source_type, actor_id FROM budget_movement
        ORDER BY id""",
    "bank files": """
        SELECT b.reference, f.format, encode(f.content_sha256, 'hex') AS content, f.line_count, f.total_fen, f.made_at
        FROM bank_file f JOIN settlement_batch b ON b.id = f.batch_id ORDER BY b.reference""",
    "audit": """
        SELECT action, actor_id, object_type, detail::text FROM audit_event
        WHERE object_type IN ('settlement_batch', 'claim') ORDER BY id""",
    "messages": "SELECT account_id, msgid, detail::text FROM notification ORDER BY account_id, id",
}


async def end_state() -> bytes:
    """Return batches, payments, postings, budgets, claims, files, audit and messages as canonical bytes."""
    parts = {name: await database.fetch(sql) for name, sql in _PARTS.items()}
    return json.dumps(parts, default=str, ensure_ascii=False, sort_keys=True, indent=1).encode()
