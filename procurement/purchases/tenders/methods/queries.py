"""What the choice of a method is judged by and nobody types: the year's other purchases, and the contract added to."""

from dataclasses import replace

import msgspec

from app.core import database
from app.core.database import Row
from app.core.errors import InvalidInput
from app.core.text import N_, Message
from procurement.purchases.tenders.facts import MethodFacts, SingleSourceCase, Step, StepKind
from procurement.purchases.tenders.files import file_of


async def completed(row: Row, step: Step) -> Step:
    """Return the step with what the records say; the purchase is locked, and its budget line from here on.

    The line's lock lets two tenders of one year not each count without the other.
    """
    facts: MethodFacts = step.facts
    intent = (await file_of(row["id"])).of(StepKind.INTENT)
    category = intent.facts.category.value if intent else ""
    await database.locked("budget_line", [row["budget_line_id"]])
    facts = msgspec.structs.replace(facts, others_fen=await non_open_fen(row["budget_line_id"], category, row["id"]))
    if facts.case is SingleSourceCase.ADD_ON and facts.original_contract.strip():
        facts = await _with_original(row, facts)
    return replace(step, facts=facts)


async def non_open_fen(budget_line_id: int, category: str, but_for: int | None = None) -> int:
    """Return what a year's budget item bought of a category without an open tender (条例 §28)."""
    return int(await database.fetch_value("SELECT non_open_fen($1, $2, $3)", budget_line_id, category, but_for))


async def _with_original(row: Row, facts: MethodFacts) -> MethodFacts:
    found = await database.fetch_one(_ORIGINAL, facts.original_contract.strip(), row["id"])
    if found is None:
        said = Message(N_("本地区没有这样一份已签订的合同。请核对合同编号。"))
        raise InvalidInput({"original_contract": said})
    added = await database.fetch_value("SELECT added_to_contract($1, $2)", found["original_contract"], row["id"])
    return msgspec.structs.replace(facts, **found, added_fen=int(added))


_ORIGINAL = """
SELECT c.reference AS original_contract, c.quantity * c.unit_price_fen AS original_fen, o.uscc AS original_supplier
FROM contract c JOIN organization o ON o.id = c.organization_id JOIN purchase first ON first.id = c.purchase_id
JOIN purchase p ON p.place_id = first.place_id
WHERE c.reference = $1 AND p.id = $2 AND c.signed_at IS NOT NULL
"""
