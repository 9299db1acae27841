"""Public totals by programme and district, read so that they equal the ledger to the fen.

What was approved is the balance of the expense accounts, what was paid is the treasury's: 法律援助法 第五十八条
has money and results published, and totals that are kept beside the books would sooner or later differ from them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.core import clock, database
from procurement import law
from procurement.ledger.disclosure.suppression import Cell, Equation, Key, hidden
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
    hidden: bool = False  # the pay of too few people, or what would give that away


@dataclass(frozen=True, slots=True)
class Disclosure:
    """All totals of a year, and what they were priced by."""

    year: int
    years: tuple[int, ...]
    rows: tuple[Total, ...]
    label_zh: str
    label_en: str
    hidden: frozenset[Key] = frozenset()
    smallest: int = 0

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
           sum(CASE WHEN i.amount_fen < 0 THEN 0
                    WHEN c.contract_payment_id IS NULL THEN 1 ELSE coalesce(together.units, 0) END)::bigint AS works
    FROM settlement_item i JOIN settlement_batch b ON b.id = i.batch_id JOIN claim c ON c.id = i.claim_id
    LEFT JOIN together ON together.contract_payment_id = c.contract_payment_id
    WHERE i.live AND b.status = 'paid' GROUP BY c.budget_line_id),
given AS (
    SELECT line_id, sum(fen)::bigint AS fen FROM (
        SELECT p.budget_line_id AS line_id, r.amount_fen AS fen
        FROM advance_return r JOIN contract c ON c.id = r.contract_id JOIN purchase p ON p.id = c.purchase_id
        UNION ALL
        SELECT c.budget_line_id, r.amount_fen FROM deduction_repayment r JOIN claim c ON c.id = r.claim_id
        WHERE r.status = 'confirmed') AS back
    GROUP BY line_id)
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


# People by cell, district, programme and in all: those whose claims were approved, and of these those who were paid.
_PAYEES = """
SELECT place.code AS place, programme.code AS programme, count(DISTINCT c.person_id) AS approved,
       count(DISTINCT c.person_id) FILTER (WHERE c.status = 'paid') AS paid
FROM claim c JOIN budget_line line ON line.id = c.budget_line_id JOIN place ON place.id = line.place_id
JOIN programme ON programme.id = line.programme_id
WHERE line.year = $1 AND line.fund = 'fiscal' AND c.person_id IS NOT NULL
  AND c.status IN ('approved', 'batched', 'paid', 'returned_by_bank')
GROUP BY GROUPING SETS ((place.code, programme.code), (place.code), (programme.code), ())
"""
ALL: Key = ("all",)


async def smallest_count() -> int:
    """Return from how many people on a total is published today."""
    return (await law.figure(law.DISCLOSED_FROM, clock.today())).value


async def disclosure(year: int | None = None) -> Disclosure:
    """Return the totals of a year, the latest one with a budget unless another is named; small counts are hidden."""
    every = await totals()
    years = tuple(sorted({row.year for row in every}, reverse=True))
    chosen = year if year in years else (years[0] if years else 0)
    rows = tuple(row for row in every if row.year == chosen)
    label, smallest = await label_in_use(), await smallest_count()
    secret = hidden(await _cells(rows, chosen), _equations(rows), smallest)
    marked = tuple(replace(row, hidden=("cell", row.place_code, row.programme) in secret) for row in rows)
    return Disclosure(chosen, years, marked, label.label_zh, label.label_en, secret, smallest)


async def hidden_places(year: int) -> frozenset[str]:
    """Return the places of which no total of a year is published."""
    return frozenset(key[1] for key in (await disclosure(year)).hidden if key[0] == "place")


async def _cells(rows: Sequence[Total], year: int) -> dict[Key, Cell]:
    people = {
        _key(row["place"], row["programme"]): few(row["approved"], row["paid"])
        for row in await database.fetch(_PAYEES, year)
    }
    amounts: dict[Key, int] = {}
    for row in rows:
        for key in (_key(row.place_code, row.programme), _key(row.place_code, None), _key(None, row.programme), ALL):
            amounts[key] = amounts.get(key, 0) + row.approved_fen
    return {key: Cell(people.get(key, 0), fen) for key, fen in amounts.items()}


def _equations(rows: Sequence[Total]) -> list[Equation]:
    places, programmes = sorted({row.place_code for row in rows}), sorted({row.programme for row in rows})
    by_place = {place: [("cell", place, r.programme) for r in rows if r.place_code == place] for place in places}
    by_programme = {one: [("cell", r.place_code, one) for r in rows if r.programme == one] for one in programmes}
    return [
        Equation(ALL, tuple(("place", place) for place in places)),
        Equation(ALL, tuple(("programme", one) for one in programmes)),
        *(Equation(("place", place), tuple(cells)) for place, cells in by_place.items()),
        *(Equation(("programme", one), tuple(cells)) for one, cells in by_programme.items()),
    ]


def _key(place: str | None, programme: str | None) -> Key:
    if place and programme:
        return "cell", place, programme
    if place:
        return "place", place
    return ("programme", programme) if programme else ALL


def few(approved: int, paid: int) -> int:
    """Return the smaller of two counts of people that is not nobody: a total is as secret as its smallest part."""
    return min([count for count in (approved, paid) if count], default=0)
