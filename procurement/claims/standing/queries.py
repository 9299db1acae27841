"""Reading why claims wait, any number in one statement."""

from collections.abc import Mapping, Sequence

from app.core import calendar, clock, database
from app.core.database import Row
from procurement.claims.standing.rules import SETTLES_ITSELF, LeftOutOf, Standing, Waits, next_pay_day

# What is judged is barred by a pair, a dispute or its budget line; what is approved, by what bars it from a run. A run
# that left a claim out for want of money, or of something to deduct from, says so until a later one takes it.
_STANDING = """
SELECT c.id, c.accrued_at, said.batch, said.reason AS said, said.line_number AS line, said.computed_at,
       CASE WHEN c.status <> 'accrued' THEN coalesce(w.bar, CASE WHEN said.reason = ANY ($2) THEN said.reason END)
            WHEN EXISTS (SELECT FROM claim_double d WHERE c.id IN (d.claim_id, d.other_claim_id) AND d.decision = '')
                 THEN 'double'
            WHEN EXISTS (SELECT FROM claim_dispute d WHERE d.claim_id = c.id AND d.status = 'open') THEN 'disputed'
            WHEN c.contract_id IS NULL
                 AND c.amount_fen > line.approved_fen - line.reserved_fen - line.committed_fen - line.spent_fen
                 THEN 'budget_short' END AS reason
FROM claim c JOIN budget_line line ON line.id = paying_line(c.budget_line_id) LEFT JOIN waiting_claim w ON w.id = c.id
LEFT JOIN LATERAL (
    SELECT b.reference AS batch, x.reason, x.line_number, b.computed_at
    FROM settlement_left_out x JOIN settlement_batch b ON b.id = x.batch_id
    WHERE x.claim_id = c.id AND b.status <> 'cancelled' ORDER BY x.id DESC LIMIT 1) AS said ON w.id IS NOT NULL
WHERE c.id = ANY ($1) AND (c.status = 'accrued' OR w.id IS NOT NULL)
"""


async def standings(claim_ids: Sequence[int]) -> Mapping[int, Standing]:
    """Return why each of the claims waits that waits for a judgement or for a run; their readers were checked."""
    rows = await database.fetch(_STANDING, list(claim_ids), list(SETTLES_ITSELF)) if claim_ids else []
    days = await calendar.load_calendar() if rows else None
    return {row["id"]: _standing(row, days) for row in rows} if days else {}


def _standing(row: Row, days: calendar.Calendar) -> Standing:
    left_out = None
    if row["batch"]:
        on = clock.local(row["computed_at"]).date()
        left_out = LeftOutOf(row["batch"], on, Waits(row["said"]), row["line"])
    accrued_on = clock.local(row["accrued_at"]).date()
    next_on = next_pay_day(days, accrued_on, left_out, clock.today())
    return Standing(Waits(row["reason"]) if row["reason"] else None, left_out, next_on)
