"""Which weeks have anything to plan, and what the last run of each was solved from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from app.core import database

_WEEKS = """
SELECT wanted.code, wanted.week_start,
       EXISTS (SELECT FROM dispatch_run r WHERE r.place_id = place.id AND r.week_start = wanted.week_start
               AND r.kind = 'weekly') AS planned_by_the_clock,
       EXISTS (SELECT FROM dispatch_run r WHERE r.status = 'published' AND r.week_start = wanted.week_start
               AND r.covers && codes_below(wanted.code)) AS in_force,
       (SELECT r.instance_sha256 FROM dispatch_run r
        WHERE r.place_id = place.id AND r.week_start = wanted.week_start AND r.kind <> 'what_if'
          AND r.status IN ('solved', 'approved', 'published', 'superseded') ORDER BY r.id DESC LIMIT 1) AS solved_from
FROM unnest($1::text[], $2::date[]) AS wanted (code, week_start) JOIN place ON place.code = wanted.code
WHERE EXISTS (SELECT FROM assignment a JOIN place here ON here.id = a.place_id
              WHERE a.status = 'open' AND a.starts > $3 AND here.code LIKE wanted.code || '%'
                AND a.starts >= wanted.week_start::timestamp AT TIME ZONE 'Asia/Shanghai'
                AND a.starts < (wanted.week_start + 7)::timestamp AT TIME ZONE 'Asia/Shanghai')
ORDER BY wanted.week_start, wanted.code
"""


@dataclass(frozen=True, slots=True)
class PlannedWeek:
    """A week of a place with open shifts, and what runs there were."""

    code: str
    week_start: date
    planned_by_the_clock: bool
    in_force: bool
    solved_from: bytes | None


async def weeks_with_shifts(wanted: Iterable[tuple[str, date]], now: datetime) -> list[PlannedWeek]:
    """Return those of the places' weeks in which anything is still to come."""
    rows = await database.fetch(_WEEKS, *database.columns(wanted, 2), now)
    return [PlannedWeek(**row) for row in rows]
