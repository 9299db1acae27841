"""Handing in an expense with its receipts: a claim of its own, judged by an officer."""

from collections.abc import Sequence

from app.attachments.service import StoredFile, attach
from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput
from procurement.claims.expenses import rules
from procurement.claims.expenses.rules import ExpenseDraft
from procurement.claims.pricing import stored_trace
from procurement.claims.rules import ClaimStatus, hold_reason
from procurement.tariffs.engine.model import Step
from volunteers.people.rules import NotJoined

OWNER = "expense"
CONSTRAINTS = {"expense_receipt_sha256_key": rules.ReceiptUsed}
_PERSON = """
SELECT p.id, p.public_official, p.home_place_id, place.id AS district_id
FROM person p JOIN place home ON home.id = p.home_place_id JOIN place ON place.code = left(home.code, 6)
WHERE p.account_id = $1
"""
_CLAIM = """
INSERT INTO claim (programme_id, status, expense_id, person_id, item, service_day, place_id, budget_line_id, amount_fen,
                   trace, accrued_at, reason)
SELECT line.programme_id, $1, $2, $3, $4, $5, $6, line.id, $7, $8::jsonb, $9, $10
FROM programme JOIN budget_line line ON line.programme_id = programme.id AND line.place_id = $11
     AND line.year = extract(year FROM $5::date)
WHERE programme.code = $12 RETURNING id, reference
"""


async def hand_in(principal: Principal, draft: ExpenseDraft, receipts: Sequence[StoredFile]) -> str:
    """Hand in what one spent; return the reference of the claim. The district of one's home pays."""
    principal.scope(Permission.CLAIM_SELF)
    if found := rules.faults(draft, clock.today()):
        raise InvalidInput(found)
    if not 1 <= len(receipts) <= rules.MOST_RECEIPTS:
        raise rules.ReceiptMissing
    async with database.refusing(CONSTRAINTS), transaction():
        person = await database.fetch_one(_PERSON, principal.actor)
        if person is None:
            raise NotJoined
        expense_id = await _write(principal, person, draft, receipts)
        return await _claim(principal, person, draft, expense_id, len(receipts))


async def _write(
    principal: Principal, person: database.Row, draft: ExpenseDraft, receipts: Sequence[StoredFile]
) -> int:
    values = {
        "person_id": person["id"], "place_id": person["home_place_id"], "kind": draft.kind.value,
        "spent_on": draft.spent_on, "amount_fen": draft.amount_fen, "reason_zh": draft.reason_zh.strip(),
        "sign_up_id": draft.sign_up_id, "handed_in_at": clock.now(),
    }  # fmt: skip
    expense_id = await database.insert_row("expense", values)
    for receipt in receipts:
        await database.insert_row("expense_receipt", {"expense_id": expense_id, "sha256": receipt.sha256})
        await attach(principal, receipt, OWNER, expense_id)
    return expense_id


async def _claim(
    principal: Principal, person: database.Row, draft: ExpenseDraft, expense_id: int, receipts: int
) -> str:
    hold = hold_reason(person["public_official"])
    status = ClaimStatus.HELD if hold else ClaimStatus.ACCRUED
    step = Step("expense", {"kind": draft.kind.value, "receipts": receipts, "amount_fen": draft.amount_fen})
    made = await database.fetch_one(
        _CLAIM,
        *(status.value, expense_id, person["id"], rules.ITEM, draft.spent_on, person["home_place_id"]),
        *(draft.amount_fen, stored_trace([step]), clock.now(), hold.msgid if hold else ""),
        *(person["district_id"], rules.PROGRAMME),
    )
    if made is None:
        raise rules.NoBudgetLine
    await audit.record(principal, "claim.accrued", "claim", made["id"], receipts=receipts)
    return str(made["reference"])
