"""Pricing a case again when its papers are complete."""

from datetime import datetime

from app.core import audit, database
from app.core.access import system_principal
from procurement.claims import caps
from procurement.claims.cases.accrual import BASE, COLUMNS, SOURCE, priced
from procurement.claims.pricing import FAMILY, set_on, stored_trace
from procurement.claims.rules import ClaimStatus
from procurement.tariffs.queries import published_sets

SYSTEM = system_principal()
CASE = f"SELECT {COLUMNS} FROM {SOURCE} WHERE k.id = $1"
_WAITING = """
SELECT id, reason FROM claim
WHERE closed_case_id = $1 AND part = $2 AND status = 'held' AND missing_documents <> '{}' FOR NO KEY UPDATE
"""


async def missing_of(case_id: int) -> tuple[str, ...]:
    """Return the papers that hold a case's claim, by name."""
    found = await database.fetch_value(
        "SELECT missing_documents FROM claim WHERE closed_case_id = $1 AND status = 'held' ORDER BY id LIMIT 1", case_id
    )
    return tuple(found or ())


async def complete(case_id: int, now: datetime) -> bool:
    """Price the held base of a case anew, in the current transaction; tell whether nothing is missing any more."""
    claim = await database.fetch_one(_WAITING, case_id, BASE)
    case = await database.fetch_one(CASE, case_id)
    sets = await published_sets(FAMILY)
    chosen = set_on(sets, case["closed_on"]) if case else None
    if claim is None or case is None or chosen is None:
        return False
    await caps.one_at_a_time([chosen.tariff])
    result = await priced(case, chosen, caps.Used())
    waits = bool(result.missing or claim["reason"])
    await database.update_row(
        "claim",
        claim["id"],
        {
            "amount_fen": result.fen,
            "trace": stored_trace(result.trace),
            "missing_documents": list(result.missing),
            "status": (ClaimStatus.HELD if waits else ClaimStatus.ACCRUED).value,
        },
    )
    if not result.missing:
        if case["grade"]:
            await database.update_row("closed_case", case_id, {"graded_fen": result.fen})
        await audit.record(SYSTEM, "claim.completed", "claim", claim["id"], accrued_at=now.isoformat())
    return not waits
