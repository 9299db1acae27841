"""Closed cases become claims: the base when a case closes, the rest once it is graded; papers gate both."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from app.core import audit, database
from app.core.access import system_principal
from app.core.database import Row, transaction
from procurement.claims import caps
from procurement.claims.cases.rules import PROGRAMMES, CaseFacts, CaseItem, CaseKind, work_of
from procurement.claims.doubles.finding import find_doubles
from procurement.claims.pricing import set_on, stored_trace
from procurement.claims.rules import ClaimStatus, hold_reason
from procurement.tariffs.engine.model import Result
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.engine.refusals import TariffRefused
from procurement.tariffs.queries import PublishedSet

CHUNK = 1_000
SYSTEM = system_principal()
BASE, QUALITY, DEDUCTION = "base", "quality", "deduction"

COLUMNS = """
k.id, k.item, k.kind, k.matter, k.stage, k.class, k.outcome, k.early_percent, k.early_reason_zh, k.grade, k.closed_on,
k.person_id, k.place_id, district.id AS district_id, p.public_official,
ARRAY(SELECT name_zh FROM case_document d WHERE d.closed_case_id = k.id) AS documents
"""
SOURCE = """
closed_case k JOIN person p ON p.id = k.person_id JOIN place ON place.id = k.place_id
JOIN place district ON district.code = left(place.code, 6)
"""
_CLOSED = f"""
SELECT {COLUMNS} FROM {SOURCE}
WHERE k.id > $2 AND k.withdrawn_at IS NULL
  AND NOT EXISTS (SELECT FROM claim c WHERE c.closed_case_id = k.id AND c.part = 'base')
ORDER BY k.id LIMIT $1
"""
_INSERT = """
INSERT INTO claim (programme_id, status, closed_case_id, part, person_id, item, service_day, place_id, budget_line_id,
                   tariff_set_id, amount_fen, trace, missing_documents, accrued_at, reason)
SELECT line.programme_id, d.status, d.case_id, d.part, d.person_id, d.item, d.service_day, d.place_id, line.id,
       d.tariff_set_id, d.amount_fen, d.trace::jsonb, ARRAY(SELECT jsonb_array_elements_text(d.missing::jsonb)), $14,
       d.reason
FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::date[], $7::bigint[], $8::bigint[],
            $9::text[], $10::bigint[], $11::bigint[], $12::text[], $13::text[], $15::text[]) WITH ORDINALITY
     AS d (status, case_id, part, person_id, item, service_day, place_id, district_id, programme, tariff_set_id,
           amount_fen, trace, missing, reason, place_in_list)
JOIN programme ON programme.code = d.programme
JOIN budget_line line ON line.programme_id = programme.id AND line.place_id = d.district_id
                     AND line.year = extract(year FROM d.service_day)
ORDER BY d.place_in_list
ON CONFLICT (closed_case_id, part) WHERE closed_case_id IS NOT NULL DO NOTHING RETURNING id, closed_case_id
"""


async def accrue_cases(sets: Sequence[PublishedSet], now: datetime) -> tuple[int, Counter[str]]:
    """Claim the base of every closed case that has none; return how many, and by item what waits for a price."""
    written, seen, unpriced = 0, 0, Counter[str]()
    while True:
        async with transaction():
            await caps.one_at_a_time([chosen.tariff for chosen in sets])
            cases = await database.fetch(_CLOSED, CHUNK, seen)
            if not cases:
                return written, unpriced
            seen = cases[-1]["id"]
            used = caps.Used()
            rows = [row for case in cases if (row := await _base(case, sets, used)) is not None]
            made = await insert(rows, now)
        written += len(made)
        unpriced.update(case["item"] for case in cases if case["id"] not in made)


async def insert(rows: Sequence[tuple[Any, ...]], now: datetime) -> set[int]:
    """Write claims of cases that a budget line can carry, in the current transaction; return the cases' ids."""
    if not rows:
        return set()
    turned = database.columns(rows, 14)
    made = await database.fetch(_INSERT, *turned[:13], now, turned[13])
    await audit.record_many(SYSTEM, [audit.Entry("claim.accrued", "claim", row["id"], {}) for row in made])
    await find_doubles([row["id"] for row in made], now)
    return {row["closed_case_id"] for row in made}


async def priced(case: Row, chosen: PublishedSet, used: caps.Used) -> Result:
    """Price a case by the set of its day, with what earlier claims used of the caps."""
    item, person, day = case["item"], case["person_id"], case["closed_on"]
    earlier = await used.of(chosen.tariff, item, person, day, case["matter"], case["id"])
    result = price(chosen.tariff, work_of(facts_of(case), case["documents"], earlier))
    used.take(chosen.tariff, item, person, day, case["matter"], result.fen)
    return result


def facts_of(case: Row) -> CaseFacts:
    """Return what of a stored case the pricing sees."""
    return CaseFacts(
        CaseItem(case["item"]), case["closed_on"], case["stage"], case["class"], case["outcome"],
        case["early_percent"], case["early_reason_zh"], case["grade"],
    )  # fmt: skip


def claim_row(case: Row, part: str, chosen: PublishedSet, result: Result) -> tuple[Any, ...]:
    """Return a claim of a case as ``insert`` takes it."""
    official = hold_reason(case["public_official"])
    status = ClaimStatus.HELD if official or result.missing else ClaimStatus.ACCRUED
    return (
        status.value, case["id"], part, case["person_id"], case["item"], case["closed_on"], case["place_id"],
        case["district_id"], PROGRAMMES[CaseKind(case["kind"])], chosen.id, result.fen, stored_trace(result.trace),
        msgspec.json.encode(result.missing).decode(), official.msgid if official else "",
    )  # fmt: skip


async def _base(case: Row, sets: Sequence[PublishedSet], used: caps.Used) -> tuple[Any, ...] | None:
    """Return the claim of a case's base; None where no set prices it, which leaves it waiting."""
    chosen = set_on(sets, case["closed_on"])
    if chosen is None:
        return None
    try:
        return claim_row(case, BASE, chosen, await priced(case, chosen, used))
    except TariffRefused:
        return None
