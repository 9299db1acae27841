"""Who is at which part: taken by one worker at a time, taken over from a silent one, its plan kept once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.core import database

BEAT_SECONDS = 2.0
_CLAIM = """
UPDATE dispatch_part SET fence = fence + 1, alive_at = $1
WHERE id = (SELECT p.id FROM dispatch_part p
            JOIN dispatch_division d ON d.id = p.division_id JOIN dispatch_run r ON r.id = d.run_id
            WHERE p.planned IS NULL AND (p.alive_at IS NULL OR p.alive_at + $2::interval < $1)
              AND r.status = 'solving' AND r.instance_sha256 = d.instance_sha256
              AND ($3::bigint IS NULL OR p.division_id = $3)
            ORDER BY p.division_id, p.number LIMIT 1 FOR NO KEY UPDATE OF p SKIP LOCKED)
RETURNING id, fence, instance_sha256, start::text AS start, time_limit_s
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """One attempt at a part."""

    id: int
    fence: int
    instance_sha256: bytes
    start: str
    time_limit_s: int


async def claim(now: datetime, stale: timedelta, division_id: int | None = None) -> Claim | None:
    """Take the first part without a plan that nobody is at, of one division or of any; None if there is none."""
    row = await database.fetch_one(_CLAIM, now, stale, division_id)
    return None if row is None else Claim(**row)


async def beat(part: Claim, now: datetime) -> None:
    """Note that the attempt's worker is alive."""
    await database.execute(
        "UPDATE dispatch_part SET alive_at = $3 WHERE id = $1 AND fence = $2 AND planned IS NULL",
        *(part.id, part.fence, now),
    )


async def keep(part: Claim, planned: str, now: datetime) -> bool:
    """Keep the plan of a part unless another attempt has begun; whether it was kept."""
    return bool(
        await database.execute(
            "UPDATE dispatch_part SET planned = $3::jsonb, planned_at = $4"
            " WHERE id = $1 AND fence = $2 AND planned IS NULL",
            *(part.id, part.fence, planned, now),
        )
    )


async def unplanned(division_id: int) -> int:
    """Count the parts that have no plan yet."""
    count: int = await database.fetch_value(
        "SELECT count(*) FROM dispatch_part WHERE division_id = $1 AND planned IS NULL", division_id
    )
    return count
