"""Reading how budgets are carried out: months, what is still reserved, what the public sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.core import database
from app.core.access import Scope
from app.rulebook import rules_on
from procurement import law
from procurement.budgets.execution import rules
from procurement.budgets.execution.rules import SlowRule
from procurement.budgets.queries import LineView, lines
from procurement.budgets.rules import Amounts, Fund
from procurement.ledger.disclosure.queries import hidden_places


@dataclass(frozen=True, slots=True)
class Reserved:
    """Money that is set aside and neither bound nor spent, with what it is set aside for."""

    line_id: int
    place_zh: str
    place_en: str
    source_type: str
    reference: str
    title_zh: str
    title_en: str
    fen: int
    since: datetime


@dataclass(frozen=True, slots=True)
class PublicLine:
    """What everybody may see of a place's year: how much there is and how much is spent, by kind of money."""

    place_code: str
    place_zh: str
    place_en: str
    fund: Fund
    approved_fen: int
    spent_fen: int
    hidden: bool = False  # what was spent would tell the pay of too few people

    @property
    def rate(self) -> float:
        """Return the share that is spent."""
        return rules.rate(Amounts(approved=self.approved_fen, spent=self.spent_fen))


async def slow_rule(day: date) -> SlowRule:
    """Return the house rule about slow lines in force on a day."""
    found = await rules_on([law.SLOW_FROM, law.SLOW_BELOW], on=day)
    return SlowRule(
        found[law.SLOW_FROM].whole, found[law.SLOW_BELOW].whole, all(rule.verified for rule in found.values())
    )


async def months_of(line_ids: Sequence[int]) -> dict[int, dict[int, Amounts]]:
    """Return each line's movements by month; what was booked before or after its year falls on its first or last."""
    found: dict[int, dict[int, Amounts]] = {line_id: {} for line_id in line_ids}
    for row in await database.fetch(_MONTHS, list(line_ids)):
        found[row["line_id"]][row["month"]] = Amounts(
            *(row[name] for name in ("approved", "reserved", "committed", "spent", "closed"))
        )
    return found


async def reserved(line_ids: Sequence[int]) -> list[Reserved]:
    """Return what is still reserved in lines, the oldest first: it lapses with the year unless it is used."""
    return [Reserved(**row) for row in await database.fetch(_RESERVED, list(line_ids))]


async def slow_lines(scope: Scope, today: date) -> list[LineView]:
    """Return this year's fiscal lines in scope that are spent too slowly."""
    rule = await slow_rule(today)
    return [
        line
        for line in await lines(scope, today.year)
        if line.fund is Fund.FISCAL and rule.tells(line.amounts, line.year, today)
    ]


async def public_lines(year: int | None) -> tuple[int, list[int], list[PublicLine]]:
    """Return the year shown, the years there are, and every place's budget of that year by kind of money."""
    rows = await database.fetch(_PUBLIC)
    years: list[int] = sorted({row["year"] for row in rows}, reverse=True)
    chosen = year if year is not None and year in years else (years[0] if years else 0)
    secret = await hidden_places(chosen)
    shown = [
        PublicLine(
            row["place_code"],
            row["place_zh"],
            row["place_en"],
            Fund(row["fund"]),
            row["approved_fen"],
            row["spent_fen"],
            row["fund"] == Fund.FISCAL and row["place_code"] in secret,
        )
        for row in rows
        if row["year"] == chosen
    ]
    return chosen, years, shown


async def public_months(year: int) -> dict[int, Amounts]:
    """Return the fiscal movements of a year by month, all places together."""
    rows = await database.fetch("SELECT id FROM budget_line WHERE year = $1 AND fund = 'fiscal'", year)
    return rules.added((await months_of([row["id"] for row in rows])).values())


_MONTHS = """
SELECT m.budget_line_id AS line_id,
       CASE WHEN moved.year < l.year THEN 1 WHEN moved.year > l.year THEN 12 ELSE moved.month END AS month,
       sum(m.approved_fen)::bigint AS approved, sum(m.reserved_fen)::bigint AS reserved,
       sum(m.committed_fen)::bigint AS committed, sum(m.spent_fen)::bigint AS spent,
       sum(m.closed_fen)::bigint AS closed
FROM budget_movement m JOIN budget_line l ON l.id = m.budget_line_id
CROSS JOIN LATERAL (SELECT extract(year FROM m.moved_at AT TIME ZONE 'Asia/Shanghai')::integer AS year,
                           extract(month FROM m.moved_at AT TIME ZONE 'Asia/Shanghai')::integer AS month) moved
WHERE m.budget_line_id = ANY($1) GROUP BY 1, 2
"""
# A supplier's price frees a part of what its purchase reserved: both belong to the purchase. What the bank returned
# waits for the claim that it paid.
_RESERVED = """
SELECT held.line_id, place.name_zh AS place_zh, place.name_en AS place_en, held.source_type,
       coalesce(purchase.reference, claim.reference, '') AS reference,
       coalesce(v.title_zh, purchase.purpose_zh, '') AS title_zh, coalesce(v.title_en, '') AS title_en,
       held.fen, held.since
FROM (SELECT m.budget_line_id AS line_id, whose.source_type, whose.source_id, sum(m.reserved_fen)::bigint AS fen,
             min(m.moved_at) AS since
      FROM budget_moved m
      CROSS JOIN LATERAL (SELECT CASE WHEN m.purchase_id IS NOT NULL THEN 'purchase'
                                      WHEN m.claim_id IS NOT NULL THEN 'claim'
                                      ELSE m.source_type END AS source_type,
                                 coalesce(m.purchase_id, m.claim_id, m.source_id) AS source_id) AS whose
      WHERE m.budget_line_id = ANY($1)
      GROUP BY m.budget_line_id, whose.source_type, whose.source_id HAVING sum(m.reserved_fen) > 0) held
JOIN budget_line l ON l.id = held.line_id JOIN place ON place.id = l.place_id
LEFT JOIN purchase ON held.source_type = 'purchase' AND purchase.id = held.source_id
LEFT JOIN product_version v ON v.product_id = purchase.product_id AND v.number = purchase.product_version
LEFT JOIN claim ON held.source_type = 'claim' AND claim.id = held.source_id
ORDER BY held.since, held.line_id LIMIT 500
"""
_PUBLIC = """
SELECT place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, l.fund, l.year,
       sum(l.approved_fen)::bigint AS approved_fen, sum(l.spent_fen)::bigint AS spent_fen
FROM budget_line l JOIN place ON place.id = l.place_id
GROUP BY place.id, l.fund, l.year HAVING sum(l.approved_fen) > 0 ORDER BY place.code, l.fund DESC
"""
