"""Who comes to a station: its regulars, and who has come before."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from volunteers.assignments.regulars.rules import WITHIN, is_regular
from volunteers.assignments.rosters.queries import RosterStation

MOST = 200


@dataclass(frozen=True, slots=True)
class Comer:
    """Somebody who has come to a station, or was marked by it."""

    public_id: UUID
    name: str
    times: int
    last: datetime | None
    marked_at: datetime | None
    weekdays: tuple[int, ...]

    @property
    def regular(self) -> bool:
        """Tell whether they sign up before everybody else."""
        return is_regular(self.times, self.marked_at is not None)


_COMERS = """
SELECT p.public_id, p.name, coalesce(came.times, 0) AS times, came.last, r.marked_at,
       coalesce(r.weekdays, '{}') AS weekdays
FROM (SELECT s.person_id, (count(*) FILTER (WHERE s.status = 'completed'))::integer AS times,
             max(s.starts) FILTER (WHERE s.status = 'completed') AS last
      FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
      WHERE a.station_id = $1 AND s.live AND s.starts > $2 GROUP BY s.person_id) AS came
FULL JOIN (SELECT person_id, marked_at, weekdays FROM station_regular
           WHERE station_id = $1 AND unmarked_at IS NULL) AS r ON r.person_id = came.person_id
JOIN person p ON p.id = coalesce(came.person_id, r.person_id) AND p.status <> 'left'
ORDER BY (r.marked_at IS NOT NULL OR coalesce(came.times, 0) >= 3) DESC, coalesce(came.times, 0) DESC, p.name, p.id
LIMIT $3
"""


async def comers(station: RosterStation) -> list[Comer]:
    """Return who came to one's own station in the last half year or will come, the regulars first."""
    rows = await database.fetch(_COMERS, station.id, clock.now() - WITHIN, MOST)
    return [Comer(**{**row, "weekdays": tuple(row["weekdays"])}) for row in rows]
