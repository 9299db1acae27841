"""Who waits for what: the first of a queue, a village's own places, what a page says about a queue."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import database
from app.core.access import Scope
from app.core.database import Row
from procurement.deliveries.months.queries import SERVABLE
from procurement.deliveries.months.rules import MonthKey

PUBLIC_ORDER = "place.short_of_lawyers DESC, w.asked_at, w.id"


@dataclass(frozen=True, slots=True)
class WaitView:
    """A village's place in a queue as it sees it."""

    public_id: UUID
    contract_reference: str
    title_zh: str
    title_en: str
    organization_zh: str
    organization_en: str
    place_code: str
    place_zh: str
    place_en: str
    month: date
    wished_start: datetime
    asked_at: datetime
    position: int
    quota_left: int


async def first(key: MonthKey) -> Row | None:
    """Return who is served next: the first in the public order that has quota and contract units left."""
    return await database.fetch_one(
        f"""SELECT w.id, w.contract_id, w.wished_start, w.note_zh, w.asked_by, place.code AS place_code,
                   q.id AS quota_id, c.ends_on FROM {SERVABLE} AND w.product_id = $1 AND w.month = $2
            ORDER BY {PUBLIC_ORDER} LIMIT 1""",
        *key,
    )


async def servable_months() -> list[MonthKey]:
    """Return the months that somebody waits for and that have room, by product and month."""
    rows = await database.fetch(
        f"""SELECT DISTINCT w.product_id, w.month FROM {SERVABLE} AND EXISTS (
                SELECT FROM product_month m WHERE m.product_id = w.product_id AND m.month = w.month
                AND (m.units IS NULL OR m.taken < m.units)) ORDER BY 1, 2"""
    )
    return [(row["product_id"], row["month"]) for row in rows]


async def of_villages(scope: Scope, limit: int = 100) -> list[WaitView]:
    """Return where villages in scope wait, each with its position."""
    rows = await database.fetch(
        f"""WITH queue AS (
                SELECT w.id, row_number() OVER (PARTITION BY w.product_id, w.month ORDER BY {PUBLIC_ORDER}) AS position
                FROM village_wait w JOIN place ON place.id = w.place_id WHERE w.status = 'waiting')
            SELECT w.public_id, c.reference AS contract_reference, v.title_zh, v.title_en, o.name_zh AS organization_zh,
                   o.name_en AS organization_en, place.code AS place_code, place.name_zh AS place_zh,
                   place.name_en AS place_en, w.month, w.wished_start, w.asked_at, queue.position,
                   coalesce(q.quota - q.used, 0) AS quota_left
            FROM queue JOIN village_wait w ON w.id = queue.id JOIN contract c ON c.id = w.contract_id
            JOIN product_version v ON v.product_id = c.product_id AND v.number = c.product_version
            JOIN organization o ON o.id = c.organization_id JOIN place ON place.id = w.place_id
            LEFT JOIN village_quota q ON q.place_id = w.place_id AND q.year = extract(year FROM w.month)
            WHERE place.code LIKE ANY($1) ORDER BY w.month, w.id LIMIT $2""",
        scope.like_patterns(),
        limit,
    )
    return [WaitView(**row) for row in rows]


async def waiting_by_month(product_id: int) -> dict[date, int]:
    """Return how many villages wait for each month of a product."""
    rows = await database.fetch(
        "SELECT month, count(*) AS villages FROM village_wait WHERE product_id = $1 AND status = 'waiting' GROUP BY 1",
        product_id,
    )
    return {row["month"]: row["villages"] for row in rows}
