"""Claims accrue from confirmed facts, priced by the tariff of the day; doing it again does nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from app.core import audit, database
from app.core.access import system_principal
from app.core.database import transaction
from procurement.claims import caps, rules
from procurement.claims.cases.accrual import accrue_cases
from procurement.claims.doubles.finding import find_doubles
from procurement.claims.posts.accrual import accrue_months
from procurement.claims.pricing import FAMILY, set_on, stored_trace
from procurement.claims.rules import Attended, ClaimStatus, Priced
from procurement.payments.accrual import accrue_contracts
from procurement.tariffs.engine.model import Result, Work
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.queries import PublishedSet, published_sets

CHUNK = 5_000
SYSTEM = system_principal()

_ATTENDED = """
SELECT f.id AS fact_id, s.id AS sign_up_id, s.person_id, p.public_official, a.kind, t.minutes,
       (s.starts AT TIME ZONE 'Asia/Shanghai')::date AS day, a.place_id, district.id AS district_id
FROM fact f
JOIN attendance t ON t.id = f.subject_id
JOIN sign_up s ON s.id = t.sign_up_id
JOIN assignment a ON a.id = s.assignment_id
JOIN person p ON p.id = s.person_id
JOIN place ON place.id = a.place_id
JOIN place AS district ON district.code = left(place.code, 6)
WHERE f.topic = 'attendance_confirmed' AND t.outcome = 'attended' AND a.compensation = 'subsidy'
  AND f.id > $2 AND NOT EXISTS (SELECT 1 FROM claim c WHERE c.sign_up_id = s.id)
ORDER BY f.id LIMIT $1
"""
_INSERT = """
INSERT INTO claim (programme_id, status, sign_up_id, person_id, item, service_day, place_id, budget_line_id,
                   tariff_set_id, amount_fen, trace, missing_documents, accrued_at, reason)
SELECT line.programme_id, d.status, d.sign_up_id, d.person_id, d.item, d.service_day, d.place_id, line.id,
       d.tariff_set_id, d.amount_fen, d.trace::jsonb, '{}', $12, d.reason
FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::date[], $6::bigint[], $7::bigint[], $8::text[],
            $9::bigint[], $10::bigint[], $11::text[], $13::text[])
     AS d (status, sign_up_id, person_id, item, service_day, place_id, district_id, programme, tariff_set_id,
           amount_fen, trace, reason)
JOIN programme ON programme.code = d.programme
JOIN budget_line line ON line.programme_id = programme.id AND line.place_id = d.district_id
                     AND line.year = extract(year FROM d.service_day)
ON CONFLICT (sign_up_id) DO NOTHING RETURNING id, sign_up_id
"""


@dataclass(frozen=True, slots=True)
class Accrued:
    """What one run did: claims by what they are for.

    ``unpriced`` counts work that waits for a tariff or a budget line, by kind.
    """

    attendances: int
    orders: int
    unpriced: dict[str, int]
    cases: int = 0
    months: int = 0


async def accrue(now: datetime) -> Accrued:
    """Write a claim for every confirmed unit of work that has none yet."""
    sets = tuple(await published_sets(FAMILY))
    attendances, unpriced = await _accrue_attendances(sets, now)
    orders = await accrue_contracts(now)
    cases, waiting = await accrue_cases(sets, now)
    months, without_budget = await accrue_months(now)
    return Accrued(attendances, orders, dict(unpriced + waiting + without_budget), cases, months)


async def _accrue_attendances(sets: tuple[PublishedSet, ...], now: datetime) -> tuple[int, Counter[str]]:
    written, seen, unpriced = 0, 0, Counter[str]()
    while True:
        async with transaction():
            rows = await database.fetch(_ATTENDED, CHUNK, seen)
            if not rows:
                return written, unpriced
            seen = rows[-1]["fact_id"]
            work = [Attended(**{name: row[name] for name in row if name != "fact_id"}) for row in rows]
            priced = await _write(work, sets, now)
        written += len(priced)
        unpriced.update(item.kind for item in work if item.sign_up_id not in priced)


async def _write(work: Sequence[Attended], sets: tuple[PublishedSet, ...], now: datetime) -> set[int]:
    """Insert the claims that a tariff prices and a budget line can carry; return their sign-ups."""
    await caps.one_at_a_time([chosen.tariff for chosen in sets])
    used = caps.Used()
    rows = [row for item in work if (row := await _claim_row(item, sets, used)) is not None]
    turned = database.columns(rows, 12)
    inserted = await database.fetch(_INSERT, *turned[:11], now, turned[11])
    made = [row["id"] for row in inserted]
    await _audit(made)
    await find_doubles(made, now)
    return {row["sign_up_id"] for row in inserted}


async def _claim_row(work: Attended, sets: tuple[PublishedSet, ...], used: caps.Used) -> tuple[Any, ...] | None:
    chosen = set_on(sets, work.day)
    if chosen is None:
        return None
    asked = rules.priced_as(work.kind, work.minutes)
    result = await _priced(chosen, asked, work, used)
    hold = rules.hold_reason(work.public_official)
    status = ClaimStatus.HELD if hold else ClaimStatus.ACCRUED
    return (
        status.value, work.sign_up_id, work.person_id, asked.item, work.day, work.place_id, work.district_id,
        rules.programme_of(work.kind), chosen.id, result.fen, stored_trace(result.trace), hold.msgid if hold else "",
    )  # fmt: skip


async def _priced(chosen: PublishedSet, asked: Priced, work: Attended, used: caps.Used) -> Result:
    tariff = chosen.tariff
    if not caps.counted(tariff):
        return _price(chosen, asked, work.day)
    earlier = await used.of(tariff, asked.item, work.person_id, work.day)
    units = {asked.unit: asked.count}
    result = price(tariff, Work(item=asked.item, on=work.day, units=units, used_fen=earlier))
    used.take(tariff, asked.item, work.person_id, work.day, "", result.fen)
    return result


@lru_cache(maxsize=4096)
def _price(chosen: PublishedSet, asked: Priced, day: date) -> Result:
    return price(chosen.tariff, Work(item=asked.item, on=day, units={asked.unit: asked.count}))


async def _audit(claim_ids: Sequence[int]) -> None:
    if claim_ids:
        await audit.record_many(SYSTEM, [audit.Entry("claim.accrued", "claim", claim_id, {}) for claim_id in claim_ids])
