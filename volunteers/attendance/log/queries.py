"""Reading the log of a shift: by who wrote it, and by the station."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database, vault
from app.core.access import Principal
from app.core.errors import NotFound
from app.core.vault import DataErased
from volunteers.assignments.rules import Kind
from volunteers.assignments.sign_ups.queries import station_scope
from volunteers.assignments.sign_ups.rules import SignUpStatus
from volunteers.attendance.log import rules
from volunteers.attendance.log.rules import Matter
from volunteers.people.queries import person_id_of


@dataclass(frozen=True, slots=True)
class Log:
    """The log of a shift as it stands; ``people`` is None as long as there is none."""

    sign_up: UUID
    name: str
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime
    open: bool
    people: int | None
    counts: Mapping[Matter, int]
    note: str
    written_at: datetime | None


_LOG = """
SELECT s.public_id, s.status, s.starts, s.ends, a.kind, a.title_zh, a.title_en, person.name, place.code,
       account.subject_key_id, l.people, coalesce(l.counts, '{}')::text AS counts, l.note_sealed, l.written_at
FROM sign_up s JOIN assignment a ON a.id = s.assignment_id JOIN person ON person.id = s.person_id
LEFT JOIN account ON account.id = person.account_id
JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
LEFT JOIN LATERAL (SELECT * FROM duty_log WHERE sign_up_id = s.id ORDER BY number DESC LIMIT 1) AS l ON true
"""


async def my_log(principal: Principal, sign_up: UUID) -> Log:
    """Return the log of one's own shift."""
    row = await database.fetch_one(
        f"{_LOG} WHERE s.public_id = $1 AND s.person_id = $2 AND s.status IN ('confirmed', 'checked_in', 'completed')",
        *(sign_up, await person_id_of(principal)),
    )
    if row is None:
        raise NotFound
    return await _log(row)


async def logs_of_shift(principal: Principal, reference: str) -> list[Log]:
    """Return the logs that were written about a shift, for its station."""
    scope = station_scope(principal)
    rows = await database.fetch(f"{_LOG} WHERE a.reference = $1 AND l.people IS NOT NULL ORDER BY s.id", reference)
    for row in rows:
        scope.require_place(row["code"])
    return [await _log(row) for row in rows]


async def _log(row: database.Row) -> Log:
    writable = rules.may_write(Kind(row["kind"]), SignUpStatus(row["status"]), row["starts"], clock.now())
    counts = database.decoded(row["counts"], dict[Matter, int])
    told = {name: row[name] for name in ("name", "title_zh", "title_en", "starts", "ends", "people", "written_at")}
    return Log(row["public_id"], open=writable, counts=counts, note=await _note(row), **told)


async def _note(row: database.Row) -> str:
    if row["note_sealed"] is None:
        return ""
    try:
        return (await vault.subject_key(row["subject_key_id"])).open(row["note_sealed"])
    except DataErased:
        return ""
