"""Claims accrue from confirmed facts, priced by the tariff of the day; doing it again does nothing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import msgspec

from app.core import audit, database
from app.core.access import system_principal
from app.core.database import transaction
from procurement.claims import rules
from procurement.claims.rules import Attended, ClaimStatus, Priced
from procurement.payments.accrual import accrue_contracts
from procurement.tariffs.engine.model import Result, Step, Work
from procurement.tariffs.engine.pricing import price
from procurement.tariffs.queries import PublishedSet, published_sets

CHUNK = 5_000
FAMILY = "legal_service_subsidy"
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


async def accrue(now: datetime) -> Accrued:
    """Write a claim for every confirmed unit of work that has none yet."""
    attendances, unpriced = await _accrue_attendances(now)
    return Accrued(attendances, await accrue_contracts(now), dict(unpriced))


async def _accrue_attendances(now: datetime) -> tuple[int, Counter[str]]:
    sets = tuple(await published_sets(FAMILY))
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
    rows = [row for item in work if (row := _claim_row(item, sets)) is not None]
    turned = database.columns(rows, 12)
    inserted = await database.fetch(_INSERT, *turned[:11], now, turned[11])
    await _audit([row["id"] for row in inserted])
    return {row["sign_up_id"] for row in inserted}


def _claim_row(work: Attended, sets: tuple[PublishedSet, ...]) -> tuple[Any, ...] | None:
    chosen = _set_of(sets, work.day)
    if chosen is None:
        return None
    asked = rules.priced_as(work.kind, work.minutes)
    result = _price(chosen, asked, work.day)
    hold = rules.hold_reason(work)
    status = ClaimStatus.HELD if hold else ClaimStatus.ACCRUED
    return (
        status.value, work.sign_up_id, work.person_id, asked.item, work.day, work.place_id, work.district_id,
        rules.programme_of(work.kind), chosen.id, result.fen, _trace(result.trace), hold.msgid if hold else "",
    )  # fmt: skip


def _set_of(sets: tuple[PublishedSet, ...], day: date) -> PublishedSet | None:
    return next((s for s in sets if s.effective_from <= day and (s.effective_to is None or day < s.effective_to)), None)


@lru_cache(maxsize=4096)
def _price(chosen: PublishedSet, asked: Priced, day: date) -> Result:
    return price(chosen.tariff, Work(item=asked.item, on=day, units={asked.unit: asked.count}))


def _trace(steps: Sequence[Step]) -> str:
    return msgspec.json.encode(steps).decode()


async def _audit(claim_ids: Sequence[int]) -> None:
    if claim_ids:
        await audit.record_many(SYSTEM, [audit.Entry("claim.accrued", "claim", claim_id, {}) for claim_id in claim_ids])
