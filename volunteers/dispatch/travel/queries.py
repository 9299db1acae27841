"""Reading the known ways: for planners, and for the week's instance."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.core import clock, database
from app.core.access import Permission, Principal

WayKey = tuple[str, str]
"""Where a way stands in the list: the codes of its places."""

_WAYS = """
SELECT here.code AS from_code, here.name_zh AS from_zh, here.name_en AS from_en, there.code AS to_code,
       there.name_zh AS to_zh, there.name_en AS to_en, t.minutes, account.display_name AS stated_by, t.stated_at,
       travel_minutes(in_force.rule, here.east_m, here.north_m, there.east_m, there.north_m) AS estimate
FROM travel_time t JOIN place here ON here.id = t.from_place_id JOIN place there ON there.id = t.to_place_id
JOIN account ON account.id = t.stated_by
CROSS JOIN (SELECT travel_rule AS rule FROM travel_rule
            WHERE effective_from <= $5 ORDER BY effective_from DESC LIMIT 1) AS in_force
WHERE (here.code LIKE ANY ($1) OR there.code LIKE ANY ($1))
  AND ($2::text IS NULL OR (here.code, there.code) > ($2, $3))
ORDER BY here.code, there.code LIMIT $4
"""
_BETWEEN = """
SELECT here.code AS from_code, there.code AS to_code, t.minutes
FROM travel_time t JOIN place here ON here.id = t.from_place_id JOIN place there ON there.id = t.to_place_id
WHERE here.code = ANY ($1) AND there.code = ANY ($1) ORDER BY here.code, there.code
"""


@dataclass(frozen=True, slots=True)
class WayView:
    """A known way beside what the estimate would say."""

    from_code: str
    from_zh: str
    from_en: str
    to_code: str
    to_zh: str
    to_en: str
    minutes: int
    estimate: int
    stated_by: str
    stated_at: datetime


async def ways(principal: Principal, after: WayKey | None = None, limit: int = 51) -> list[WayView]:
    """List the known ways from or to the planner's places."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    rows = await database.fetch(_WAYS, scope.like_patterns(), *(after or (None, None)), limit, clock.now())
    return [WayView(**row) for row in rows]


async def ways_between(codes: Iterable[str]) -> dict[tuple[str, str], int]:
    """Return the known minutes from code to code among some places."""
    rows = await database.fetch(_BETWEEN, sorted(set(codes)))
    return {(row["from_code"], row["to_code"]): row["minutes"] for row in rows}
