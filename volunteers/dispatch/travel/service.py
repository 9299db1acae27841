"""Keeping what somebody knows of the ways between places."""

from collections.abc import Iterable

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from volunteers.dispatch.travel.rules import Way

_STATE = """
INSERT INTO travel_time (from_place_id, to_place_id, minutes, stated_by, stated_at)
SELECT said.from_place_id, said.to_place_id, said.minutes, $4, $5
FROM unnest($1::bigint[], $2::bigint[], $3::integer[]) AS said (from_place_id, to_place_id, minutes)
WHERE said.minutes > 0 ORDER BY said.from_place_id, said.to_place_id
ON CONFLICT (from_place_id, to_place_id) DO UPDATE
    SET minutes = excluded.minutes, stated_by = excluded.stated_by, stated_at = excluded.stated_at
RETURNING id
"""
_FORGET = """
DELETE FROM travel_time t
USING unnest($1::bigint[], $2::bigint[], $3::integer[]) AS said (from_place_id, to_place_id, minutes)
WHERE said.minutes = 0 AND t.from_place_id = said.from_place_id AND t.to_place_id = said.to_place_id
"""


async def state_ways(principal: Principal, ways: Iterable[Way]) -> int:
    """Keep each way as it is said now, as part of a larger use case, in its transaction; return how many changed."""
    principal.scope(Permission.DISPATCH_PLAN)
    rows = [(*pair, way.minutes) for way in ways for pair in way.directions()]
    said = database.columns(rows, 3)
    stated = await database.fetch(_STATE, *said, principal.actor, clock.now())
    forgotten = await database.execute(_FORGET, *said)
    if stated or forgotten:
        numbers = {"stated": len(stated), "forgotten": forgotten}
        last = max((row["id"] for row in stated), default=0)
        await audit.record(principal, "travel_times.stated", "travel_time", last, **numbers)
    return len(stated) + forgotten
