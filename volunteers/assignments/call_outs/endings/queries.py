"""One's own finished shift."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Principal
from app.core.errors import NotFound
from volunteers.assignments.rules import Compensation
from volunteers.assignments.sign_ups.rules import SignUpStatus
from volunteers.people.queries import person_id_of


@dataclass(frozen=True, slots=True)
class Ending:
    """A shift of one's own: what was done, as far as the station has confirmed it."""

    sign_up_id: int
    public_id: UUID
    status: SignUpStatus
    assignment_id: int
    reference: str
    title_zh: str
    title_en: str
    station_zh: str
    station_en: str
    starts: datetime
    ends: datetime
    compensation: Compensation
    minutes: int
    people_served: int
    credited: int
    called: bool


async def ending(principal: Principal, public_id: UUID) -> Ending:
    """Return one's own shift that is over or confirmed; others' are not found."""
    row = await database.fetch_one(
        """SELECT s.id AS sign_up_id, s.public_id, s.status, a.id AS assignment_id, a.reference, a.title_zh, a.title_en,
                  station.name_zh AS station_zh, station.name_en AS station_en, s.starts, s.ends, a.compensation,
                  coalesce(t.minutes, 0) AS minutes, coalesce(t.people_served, 0) AS people_served,
                  coalesce((SELECT sum(h.minutes) FROM hours_entry h WHERE h.attendance_id = t.id),
                           0)::integer AS credited,
                  EXISTS (SELECT FROM call_out_ask k WHERE k.sign_up_id = s.id) AS called
           FROM sign_up s JOIN assignment a ON a.id = s.assignment_id JOIN station ON station.id = a.station_id
           LEFT JOIN attendance_now t ON t.sign_up_id = s.id
           WHERE s.public_id = $1 AND s.person_id = $2 AND s.status IN ('confirmed', 'checked_in', 'completed')""",
        public_id,
        await person_id_of(principal),
    )
    if row is None:
        raise NotFound
    stated = {"status": SignUpStatus(row["status"]), "compensation": Compensation(row["compensation"])}
    return Ending(**{**row, **stated})
