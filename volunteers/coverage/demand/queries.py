"""Which places lack a visit in the period that is owed next, and how full the days of their towns are."""

from collections.abc import Sequence
from datetime import date, datetime

from app.core import database
from volunteers.coverage.demand.rules import MOST_ATTEMPTS, Lack
from volunteers.coverage.status import STATUS

# A visit is planned when somebody has taken it, was asked, or when a seat for just such a person stands open. What an
# officer called off is not made again; what went by in vain is.
_LACKS = f"""{STATUS},
owed AS MATERIALIZED (
    SELECT status.id, status.code, due, lower(coverage_period(every, days, valid_from, due)) AS period_start,
           greatest(lower(coverage_period(every, days, valid_from, due)), today) AS first_day,
           greatest(due, ends) AS last_day
    FROM status WHERE state <> 'unconfirmed'
      AND CASE WHEN $4::bigint[] IS NULL THEN due - today <= lead_days ELSE status.id = ANY ($4) END)
SELECT owed.id AS place_id, owed.code, p.name_zh, p.name_en, station.id AS station_id, owed.period_start, owed.due,
       coalesce(made.attempts, 0) + 1 AS attempt
FROM owed JOIN place p ON p.id = owed.id
JOIN LATERAL (
    SELECT s.id FROM station s JOIN place around ON around.id = s.place_id
    WHERE s.open AND around.code = ANY (ARRAY[left(owed.code, 4), left(owed.code, 6), left(owed.code, 9), owed.code])
    ORDER BY length(around.code) DESC, s.id LIMIT 1) AS station ON true
LEFT JOIN LATERAL (
    SELECT max(d.attempt) AS attempts, bool_or(a.status = 'cancelled' OR a.ends > $2) AS stands
    FROM coverage_demand d JOIN assignment a ON a.id = d.assignment_id
    WHERE d.rule_id = $1 AND d.place_id = owed.id AND d.period_start = owed.period_start) AS made ON true
WHERE ($4 IS NOT NULL OR NOT coalesce(made.stands, false)) AND coalesce(made.attempts, 0) < {MOST_ATTEMPTS}
  AND NOT EXISTS (
    SELECT FROM ahead WHERE ahead.code = owed.code AND ahead.lies_ahead AND (ahead.taken OR ahead.asked OR ahead.free)
      AND (ahead.starts AT TIME ZONE 'Asia/Shanghai')::date BETWEEN owed.first_day AND owed.last_day)
ORDER BY owed.due, owed.code
"""
_LOAD = """
SELECT left(place.code, 9) AS town, (a.starts AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*)::integer AS shifts
FROM assignment a JOIN place ON place.id = a.place_id
WHERE a.starts > $1 AND a.status IN ('open', 'closed') AND left(place.code, 9) = ANY ($2) GROUP BY 1, 2
"""


async def lacks(rule_id: int, at: datetime, area: str = "", chosen: Sequence[int] | None = None) -> list[Lack]:
    """Return the places for which a shift is to be made now, what is due first in front.

    Of places that somebody chose those for which nothing is planned: however far the due day, whatever was called off.
    """
    return [Lack(**row) for row in await database.fetch(_LACKS, rule_id, at, area, chosen)]


async def load_of(towns: Sequence[str], at: datetime) -> dict[tuple[str, date], int]:
    """Return how many shifts lie on the coming days of some towns."""
    rows = await database.fetch(_LOAD, at, list(towns))
    return {(row["town"], row["day"]): row["shifts"] for row in rows}
