"""Public totals by programme and district, read so that they equal the ledger to the fen.

What was approved is the balance of the expense accounts, what was paid is the treasury's: 法律援助法 第五十八条
has money and results published, and totals that are kept beside the books would sooner or later differ from them.
"""

from dataclasses import dataclass

from app.core import database
from procurement.tariffs.queries import label_in_use


@dataclass(frozen=True, slots=True)
class Total:
    """One programme in one district and year; amounts in fen."""

    programme: str
    programme_zh: str
    programme_en: str
    place_code: str
    place_zh: str
    place_en: str
    year: int
    budget_fen: int
    approved_fen: int
    paid_fen: int
    works: int  # pieces of work that were paid


@dataclass(frozen=True, slots=True)
class Disclosure:
    """All totals of a year, and what they were priced by."""

    year: int
    years: tuple[int, ...]
    rows: tuple[Total, ...]
    label_zh: str
    label_en: str

    def sums(self) -> tuple[int, int, int]:
        """Return budget, approved and paid over all rows."""
        rows = self.rows
        return (sum(r.budget_fen for r in rows), sum(r.approved_fen for r in rows), sum(r.paid_fen for r in rows))


# Payouts are booked per payee; a batch's claims say for which programme. Both sides are the same fen: a batch is the
# sum of its payments and a payment the sum of its claims (constraint settlement_totals).
# One claim is one piece of work, but a milestone pays for several, and an advance for none yet.
_TOTALS = """
WITH approved AS (
    SELECT a.budget_line_id AS line_id, sum(p.amount_fen)::bigint AS fen
    FROM ledger_posting p JOIN ledger_account a ON a.id = p.account_id
    WHERE a.kind = 'expense' GROUP BY a.budget_line_id),
together AS (
    SELECT contract_payment_id, count(*) AS units FROM unit_payment
    WHERE contract_payment_id IS NOT NULL GROUP BY contract_payment_id),
paid AS (
    SELECT c.budget_line_id AS line_id, sum(i.amount_fen)::bigint AS fen,
           sum(CASE WHEN c.contract_payment_id IS NULL THEN 1 ELSE coalesce(together.units, 0) END)::bigint AS works
    FROM settlement_item i JOIN settlement_batch b ON b.id = i.batch_id JOIN claim c ON c.id = i.claim_id
    LEFT JOIN together ON together.contract_payment_id = c.contract_payment_id
    WHERE i.live AND b.status = 'paid' GROUP BY c.budget_line_id),
given AS (
    SELECT p.budget_line_id AS line_id, sum(r.amount_fen)::bigint AS fen
    FROM advance_return r JOIN contract c ON c.id = r.contract_id JOIN purchase p ON p.id = c.purchase_id
    GROUP BY p.budget_line_id)
SELECT programme.code AS programme, programme.name_zh AS programme_zh, programme.name_en AS programme_en,
       place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, line.year,
       line.approved_fen AS budget_fen, coalesce(approved.fen, 0) AS approved_fen,
       (coalesce(paid.fen, 0) - coalesce(given.fen, 0)) AS paid_fen,
       coalesce(paid.works, 0) AS works
FROM budget_line line JOIN programme ON programme.id = line.programme_id JOIN place ON place.id = line.place_id
LEFT JOIN approved ON approved.line_id = line.id LEFT JOIN paid ON paid.line_id = line.id
LEFT JOIN given ON given.line_id = line.id
WHERE line.fund = 'fiscal' AND (line.approved_fen > 0 OR approved.fen IS NOT NULL OR paid.fen IS NOT NULL)
ORDER BY place.code, programme.id
"""


async def totals() -> list[Total]:
    """Return all totals of all years."""
    return [Total(**row) for row in await database.fetch(_TOTALS)]


async def disclosure(year: int | None = None) -> Disclosure:
    """Return the totals of a year, the latest one with a budget unless another is named."""
    every = await totals()
    years = tuple(sorted({row.year for row in every}, reverse=True))
    chosen = year if year in years else (years[0] if years else 0)
    rows = tuple(row for row in every if row.year == chosen)
    label = await label_in_use()
    return Disclosure(chosen, years, rows, label.label_zh, label.label_en)
