"""Reading assignments and their seats as the rows of a file."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.core import clock, database
from app.core.access import Permission, Principal

MOST = 20_000


@dataclass(frozen=True, slots=True)
class SeatRow:
    """One kind of seat with the assignment it belongs to."""

    reference: str
    status: str
    title_zh: str
    title_en: str
    kind: str
    station_zh: str
    place_zh: str
    place_is_station: bool
    starts: datetime
    ends: datetime
    compensation: str
    insured: bool
    sign_up_mode: str
    regulars_until: datetime | None
    green: bool
    role_zh: str
    role_en: str
    capacity: int
    minimum: int
    booked: int
    credentials_any: tuple[str, ...]
    skills_all: tuple[str, ...]
    languages_all: tuple[str, ...]
    gender: str | None
    trainings_all: tuple[str, ...]
    contact_name: str
    contact_phone: str
    meeting_point_zh: str
    questions_zh: str
    limits_zh: str
    briefing_zh: str


async def seat_rows(principal: Principal, first: date, last: date, station: int | None = None) -> list[SeatRow]:
    """Return the seats of all assignments of the person's stations from a first to a last day."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    rows = await database.fetch(
        """SELECT a.reference, a.status, a.title_zh, a.title_en, a.kind, s.name_zh AS station_zh,
                  place.name_zh AS place_zh, s.place_id = a.place_id AS place_is_station, a.starts, a.ends,
                  a.compensation, a.insured, a.sign_up_mode, a.regulars_until, a.green, p.role_zh, p.role_en,
                  p.capacity, p.minimum, p.booked, p.credentials_any, p.skills_all, p.languages_all, p.gender,
                  p.trainings_all, a.contact_name, a.contact_phone, a.meeting_point_zh, a.questions_zh, a.limits_zh,
                  a.briefing_zh
           FROM assignment a JOIN position p ON p.assignment_id = a.id JOIN station s ON s.id = a.station_id
           JOIN place AS at ON at.id = s.place_id JOIN place ON place.id = a.place_id
           WHERE at.code LIKE ANY ($1) AND a.starts >= $2 AND a.starts < $3 AND ($4::bigint IS NULL OR s.id = $4)
           ORDER BY a.starts, a.id, p.number LIMIT $5""",
        *(scope.like_patterns(), clock.at_local(first, time.min)),
        *(clock.at_local(last + timedelta(days=1), time.min), station, MOST),
    )
    codes = ("credentials_any", "skills_all", "languages_all", "trainings_all")
    return [SeatRow(**{**row, **{name: tuple(row[name]) for name in codes}}) for row in rows]
