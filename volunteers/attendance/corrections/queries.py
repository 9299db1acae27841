"""The record of one attendance: what was confirmed, and each correction with its reason."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from app.core import database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.attendance.rules import Outcome
from volunteers.people.queries import person_id_of


class Version(msgspec.Struct, frozen=True):
    """What was said at one time; the first is the confirmation."""

    outcome: Outcome
    arrived_at: datetime | None
    left_at: datetime | None
    minutes: int
    people_served: int
    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Record:
    """A confirmed attendance as it was and as it is."""

    sign_up: UUID
    reference: str
    title_zh: str
    title_en: str
    station_zh: str
    station_en: str
    station_phone: str
    name: str
    starts: datetime
    ends: datetime
    versions: tuple[Version, ...]

    @property
    def now(self) -> Version:
        """Return what holds."""
        return self.versions[-1]


_RECORD = """
SELECT s.public_id AS sign_up, a.reference, a.title_zh, a.title_en, station.name_zh AS station_zh,
       station.name_en AS station_en, station.phone AS station_phone, person.name, s.starts, s.ends, place.code,
       (SELECT jsonb_agg(jsonb_build_object('outcome', v.outcome, 'arrived_at', v.arrived_at, 'left_at', v.left_at,
                   'minutes', v.minutes, 'people_served', v.people_served, 'by', account.display_name, 'at', v.at,
                   'reason', v.reason) ORDER BY v.number)
        FROM (SELECT 0 AS number, outcome, arrived_at, left_at, minutes, people_served, confirmed_by AS by_id,
                     confirmed_at AS at, '' AS reason FROM attendance WHERE id = t.id
              UNION ALL
              SELECT number, outcome, arrived_at, left_at, minutes, people_served, corrected_by, corrected_at, reason
              FROM attendance_correction WHERE attendance_id = t.id) AS v
        JOIN account ON account.id = v.by_id)::text AS versions
FROM attendance t JOIN sign_up s ON s.id = t.sign_up_id JOIN assignment a ON a.id = s.assignment_id
JOIN person ON person.id = s.person_id JOIN station ON station.id = a.station_id
JOIN place ON place.id = station.place_id WHERE s.public_id = $1
"""
_versions = msgspec.json.Decoder(tuple[Version, ...])


async def my_record(principal: Principal, sign_up: UUID) -> Record:
    """Return the record of one's own shift."""
    row = await database.fetch_one(f"{_RECORD} AND s.person_id = $2", sign_up, await person_id_of(principal))
    if row is None:
        raise NotFound
    return _record(row)


async def record_for_station(principal: Principal, sign_up: UUID) -> Record:
    """Return the record of somebody's shift, for who answers for the station."""
    scope = principal.scope(Permission.ATTENDANCE_CONFIRM)
    row = await database.fetch_one(_RECORD, sign_up)
    if row is None:
        raise NotFound
    scope.require_place(row["code"])
    return _record(row)


async def corrections_of(sign_up_id: int) -> tuple[Version, ...]:
    """Return what was said about a sign-up, if any of it was corrected; for the pages above."""
    public_id = await database.fetch_value("SELECT public_id FROM sign_up WHERE id = $1", sign_up_id)
    row = await database.fetch_one(_RECORD, public_id)
    versions = _record(row).versions if row else ()
    return versions if len(versions) > 1 else ()


def _record(row: database.Row) -> Record:
    told = {name: row[name] for name in Record.__slots__ if name != "versions"}
    return Record(**told, versions=_versions.decode(row["versions"]))
