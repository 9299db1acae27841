"""What a run would pay and leave out, what a batch left out, and which planned runs wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.core import database
from app.core.access import Permission, Principal
from procurement.settlement.queries import BatchPage
from procurement.settlement.rules import LeftOut


@dataclass(frozen=True, slots=True)
class Fitting:
    """How much of what waits a run with the money at hand would pay, and how much would wait on; fen."""

    claims: int
    total_fen: int
    left_claims: int
    left_fen: int
    left_since: date | None  # the day on which the first of those left was approved


@dataclass(frozen=True, slots=True)
class LeftOutSum:
    """What a batch left out for one reason."""

    reason: LeftOut
    claims: int
    total_fen: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A planned run that nobody has computed."""

    place_code: str
    place_zh: str
    place_en: str
    month: date
    period_from: date
    period_to: date  # the first day that no longer belongs to it
    key: str

    @property
    def last_day(self) -> date:
        """Return the last day of the period."""
        return self.period_to - timedelta(days=1)


async def fitting(
    principal: Principal, place_code: str, period_from: date, period_to: date, cap_fen: int | None
) -> Fitting:
    """Return what a run would pay of what it may; days up to but without ``period_to``."""
    principal.scope(Permission.SETTLEMENT_COMPUTE).require_place(place_code)
    row = await database.fetch_one(_FITTING, place_code, period_from, period_to, cap_fen)
    assert row is not None  # noqa: S101 - sums over nothing are a row of zeros
    return Fitting(**row)


async def left_out(batch: BatchPage) -> Sequence[LeftOutSum]:
    """Return what a batch that ``batch_page`` gave out left out, by reason."""
    rows = await database.fetch(
        """SELECT reason, count(*) AS claims, sum(amount_fen)::bigint AS total_fen FROM settlement_left_out
           WHERE batch_id = $1 GROUP BY reason ORDER BY reason""",
        batch.row.id,
    )
    return [LeftOutSum(**{**row, "reason": LeftOut(row["reason"])}) for row in rows]


async def plans(principal: Principal) -> Sequence[Plan]:
    """Return the planned runs of the clerk's places that nobody has computed, the oldest first."""
    patterns = principal.scope(Permission.SETTLEMENT_COMPUTE).like_patterns()
    return [Plan(**row) for row in await database.fetch(_PLANS, patterns)]


_FITTING = """
WITH waiting AS (
    SELECT amount_fen, approved_at, sum(amount_fen) OVER (ORDER BY turn) AS so_far FROM waiting_claim
    WHERE bar IS NULL AND place_code LIKE $1 || '%' AND service_day >= $2 AND service_day < $3),
judged AS (SELECT w.*, coalesce(w.so_far > $4::bigint, false) AS too_late FROM waiting w)
SELECT count(*) FILTER (WHERE NOT too_late) AS claims,
       coalesce(sum(amount_fen) FILTER (WHERE NOT too_late), 0)::bigint AS total_fen,
       count(*) FILTER (WHERE too_late) AS left_claims,
       coalesce(sum(amount_fen) FILTER (WHERE too_late), 0)::bigint AS left_fen,
       hangzhou_day(min(approved_at) FILTER (WHERE too_late)) AS left_since
FROM judged
"""
_PLANS = """
SELECT place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, p.month, p.period_from,
       p.period_to, p.idempotency_key AS key
FROM settlement_plan p JOIN place ON place.id = p.place_id
WHERE place.code LIKE ANY ($1)
  AND NOT EXISTS (SELECT FROM settlement_batch b WHERE b.idempotency_key = p.idempotency_key)
  AND EXISTS (SELECT FROM waiting_claim c WHERE c.place_code LIKE place.code || '%'
                AND c.service_day >= p.period_from AND c.service_day < p.period_to)
ORDER BY p.month, place.code
"""
