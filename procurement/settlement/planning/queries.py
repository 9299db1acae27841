"""What a run would pay and leave out, what a batch left out, and which planned runs wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.core import database
from app.core.access import Permission, Principal
from procurement.settlement.lineup import judged
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
    """What a run leaves out for one reason."""

    reason: LeftOut
    claims: int
    total_fen: int
    references: tuple[str, ...]  # the first of them, by their turn


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
        f"""SELECT x.reason, {_SUMS} ORDER BY x.line_number))[1:{NAMED}] AS references
            FROM settlement_left_out x JOIN claim c ON c.id = x.claim_id
            WHERE x.batch_id = $1 GROUP BY x.reason ORDER BY x.reason""",
        batch.row.id,
    )
    return [_sum(row) for row in rows]


async def barred(principal: Principal, place_code: str, period_from: date, period_to: date) -> Sequence[LeftOutSum]:
    """Return what a run would leave out whatever the money at hand, by reason; days up to but without ``period_to``."""
    principal.scope(Permission.SETTLEMENT_COMPUTE).require_place(place_code)
    rows = await database.fetch(
        f"""SELECT x.bar AS reason, {_SUMS} ORDER BY x.turn))[1:{NAMED}] AS references
            FROM waiting_claim x JOIN claim c ON c.id = x.id
            WHERE x.bar IS NOT NULL AND x.place_code LIKE $1 || '%' AND x.service_day >= $2 AND x.service_day < $3
            GROUP BY x.bar ORDER BY x.bar""",
        *(place_code, period_from, period_to),
    )
    return [_sum(row) for row in rows]


def _sum(row: database.Row) -> LeftOutSum:
    return LeftOutSum(**{**row, "reason": LeftOut(row["reason"]), "references": tuple(row["references"])})


async def plans(principal: Principal) -> Sequence[Plan]:
    """Return the planned runs of the clerk's places that nobody has computed, the oldest first."""
    patterns = principal.scope(Permission.SETTLEMENT_COMPUTE).like_patterns()
    return [Plan(**row) for row in await database.fetch(_PLANS, patterns)]


NAMED = 20
"""So many claims of each reason are named; the others are found at the desk."""
_SUMS = "count(*) AS claims, sum(x.amount_fen)::bigint AS total_fen, (array_agg(c.reference"
_FITTING = f"""
WITH waiting AS (
    SELECT id, coalesce(person_id, 0) AS person_id, coalesce(organization_id, 0) AS organization_id, budget_line_id,
           amount_fen, approved_at, turn, bar FROM waiting_claim
    WHERE bar IS NULL AND place_code LIKE $1 || '%' AND service_day >= $2 AND service_day < $3),
{judged("$4")}
SELECT count(*) FILTER (WHERE reason IS NULL) AS claims,
       coalesce(sum(amount_fen) FILTER (WHERE reason IS NULL), 0)::bigint AS total_fen,
       count(*) FILTER (WHERE reason = 'short_of_money') AS left_claims,
       coalesce(sum(amount_fen) FILTER (WHERE reason = 'short_of_money'), 0)::bigint AS left_fen,
       hangzhou_day(min(approved_at) FILTER (WHERE reason = 'short_of_money')) AS left_since
FROM judged
"""
_PLANS = """
SELECT place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, p.month, p.period_from,
       p.period_to, p.idempotency_key AS key
FROM settlement_plan p JOIN place ON place.id = p.place_id
WHERE place.code LIKE ANY ($1)
  AND NOT EXISTS (SELECT FROM settlement_batch b WHERE b.idempotency_key = p.idempotency_key)
  AND EXISTS (SELECT FROM waiting_claim c WHERE c.amount_fen > 0 AND c.place_code LIKE place.code || '%'
                AND c.service_day >= p.period_from AND c.service_day < p.period_to)
ORDER BY p.month, place.code
"""
