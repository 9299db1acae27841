"""Putting what is new into a file for the national platform, and reading a file again; every look is on record."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from app.core import audit, clock, database, vault
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound, NotPermitted
from volunteers.assignments.sign_ups.queries import station_scope
from volunteers.hours.exports import rules
from volunteers.hours.exports.rules import CONSTRAINTS, Encoding

ID_CARD_SHOWN = (3, 4)
_LOCK = "SELECT pg_advisory_xact_lock(hashtext('hours_export'))"
PENDING = """
FROM (SELECT h.attendance_id, sum(h.minutes)::integer AS minutes FROM hours_entry h GROUP BY 1) AS credited
JOIN attendance t ON t.id = credited.attendance_id JOIN sign_up s ON s.id = t.sign_up_id
JOIN assignment a ON a.id = s.assignment_id JOIN station ON station.id = a.station_id
JOIN place AS at ON at.id = station.place_id
LEFT JOIN LATERAL (SELECT r.number, r.minutes FROM hours_export_row r WHERE r.attendance_id = t.id
                   ORDER BY r.number DESC LIMIT 1) AS sent ON true
WHERE at.code LIKE ANY ($1) AND (s.starts AT TIME ZONE 'Asia/Shanghai')::date BETWEEN $2 AND $3
  AND credited.minutes <> coalesce(sent.minutes, 0)
"""
_TAKE = f"""
INSERT INTO hours_export_row (export_id, attendance_id, number, minutes, minutes_before)
SELECT $4, t.id, coalesce(sent.number, 0) + 1, credited.minutes, coalesce(sent.minutes, 0) {PENDING}
ORDER BY s.starts, t.id LIMIT $5
"""
_LINES = """
SELECT r.number, r.minutes, r.minutes_before, person.name, person.id_card_sealed, person.subject_key_id, a.title_zh,
       a.reference, s.starts, now.arrived_at, now.left_at, place.name_zh AS place_zh, station.name_zh AS station_zh,
       account.display_name AS confirmer, at.code AS station_code
FROM hours_export_row r JOIN attendance t ON t.id = r.attendance_id JOIN attendance_now AS now ON now.id = t.id
JOIN sign_up s ON s.id = t.sign_up_id JOIN person ON person.id = s.person_id JOIN assignment a ON a.id = s.assignment_id
JOIN place ON place.id = a.place_id JOIN station ON station.id = a.station_id
JOIN place AS at ON at.id = station.place_id
JOIN account ON account.id = t.confirmed_by WHERE r.export_id = $1 ORDER BY r.id
"""


async def export(
    principal: Principal, first: date, last: date, encoding: Encoding, *, full_numbers: bool = False
) -> UUID:
    """Take what the platform does not have yet: new records, and corrections of those it has; return the run's id."""
    scope = station_scope(principal)
    if not first <= last or (last - first).days > rules.MOST_DAYS:
        raise rules.PeriodTooLong
    if full_numbers and not principal.can(Permission.ACCOUNT_REVEAL):
        raise NotPermitted
    async with database.refusing(CONSTRAINTS), transaction():
        await database.execute(_LOCK)  # one run at a time; the unique key holds against whoever comes past this
        run = {"from_day": first, "until_day": last, "encoding": encoding, "full_numbers": full_numbers}
        export_id = await database.insert_row(
            "hours_export", {**run, "made_by": principal.actor, "made_at": clock.now()}
        )
        taken = await database.execute(_TAKE, scope.like_patterns(), first, last, export_id, rules.MOST_ROWS + 1)
        if not taken:
            raise rules.NothingToExport
        if taken > rules.MOST_ROWS:
            raise rules.TooManyRecords
        await audit.record(principal, "hours.exported", "hours_export", export_id, rows=taken, full=full_numbers)
        public_id: UUID = await database.fetch_value("SELECT public_id FROM hours_export WHERE id = $1", export_id)
    return public_id


async def lines(principal: Principal, public_id: UUID) -> tuple[Row, list[dict[str, Any]]]:
    """Return a run and its lines with the identity numbers as the run shows them; the look is an audit event.

    Full numbers are for who may reveal them at every place of the file; an erased person's name and number are gone.
    """
    scope = station_scope(principal)
    async with transaction():
        run = await database.fetch_one("SELECT * FROM hours_export WHERE public_id = $1", public_id)
        if run is None:
            raise NotFound
        rows = await database.fetch(_LINES, run["id"])
        for code in {row["station_code"] for row in rows}:
            scope.require_place(code)
            if run["full_numbers"]:
                principal.scope(Permission.ACCOUNT_REVEAL).require_place(code)
        await audit.record(
            principal, "hours.export_read", "hours_export", run["id"], rows=len(rows), full=run["full_numbers"]
        )
        keys = await vault.subject_keys({row["subject_key_id"] for row in rows})
    return run, [{**row, "id_number": _number(row, keys, full=run["full_numbers"])} for row in rows]


def _number(row: Row, keys: Mapping[int, vault.SubjectKey], *, full: bool) -> str:
    key, sealed = keys.get(row["subject_key_id"]), row["id_card_sealed"]
    if key is None or sealed is None:
        return ""
    number = key.open(sealed)
    return number if full else vault.masked(number, *ID_CARD_SHOWN)
