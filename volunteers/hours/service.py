"""Putting hours right: never an edit, always one more entry with its reason."""

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.errors import DomainError, NotFound
from volunteers.hours.rules import MOST_REASON, EntryKind, HoursImplausible, NotCredited, OwnHours, ReasonMissing

CONSTRAINTS: dict[str, type[DomainError]] = {
    "hours_second_party": OwnHours,
    "hours_plausible": HoursImplausible,
    "hours_for_unpaid_work": NotCredited,
    "hours_entry_says_why": ReasonMissing,
}
_LOAD = """
SELECT s.person_id, place.code AS station_code, coalesce(h.minutes, 0)::integer AS credited,
       earns_hours(a.compensation, (a.starts AT TIME ZONE 'Asia/Shanghai')::date) AS earns
FROM attendance t JOIN sign_up s ON s.id = t.sign_up_id JOIN assignment a ON a.id = s.assignment_id
JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
CROSS JOIN LATERAL (SELECT sum(minutes) AS minutes FROM hours_entry WHERE attendance_id = t.id) AS h
WHERE t.id = $1
"""


async def correct_hours(principal: Principal, attendance_id: int, minutes: int, reason: str) -> int | None:
    """Bring what is credited for one attendance to ``minutes``, in the caller's transaction.

    Writes the difference as one entry and returns its id; None if nothing changes or the work is paid. The caller
    holds what lies before the person in the lock order; the person is locked here.
    """
    scope = principal.scope(Permission.ATTENDANCE_CONFIRM)
    person_id = await database.fetch_value(
        "SELECT s.person_id FROM attendance t JOIN sign_up s ON s.id = t.sign_up_id WHERE t.id = $1", attendance_id
    )
    await database.locked("person", [person_id])
    row = await database.fetch_one(_LOAD, attendance_id)
    if row is None:
        raise NotFound
    scope.require_place(row["station_code"])
    if not row["earns"] or minutes == row["credited"]:
        return None
    entry = {
        "attendance_id": attendance_id,
        "person_id": person_id,
        "kind": EntryKind.CORRECTION,
        "minutes": minutes - row["credited"],
        "reason": reason.strip()[:MOST_REASON],
        "recorded_by": principal.actor,
        "credited_at": clock.now(),
    }
    async with database.refusing(CONSTRAINTS):
        entry_id = await database.insert_row("hours_entry", entry)
    await audit.record(principal, "hours.corrected", "hours_entry", entry_id, attendance=attendance_id)
    return entry_id
