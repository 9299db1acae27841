"""What people beyond the quota add to a shift's page at the station."""

from app.core import clock, database
from app.core.access import Permission, Principal
from app.web.slots import Fill
from volunteers.assignments.over_quota.queries import beyond_quota
from volunteers.assignments.tags import SIGN_UP_TAGS

_SHIFT = """
SELECT a.reference, a.starts > $2 AND a.status IN ('open', 'closed')
           AND EXISTS (SELECT FROM position p WHERE p.assignment_id = a.id AND p.booked >= p.capacity) AS full_ahead
FROM assignment a JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
WHERE a.id = $1
"""


async def on_shift(principal: Principal, assignment_id: int) -> Fill | None:
    """Fill ``station_shift.main``: who was added and why, and the way to add one more to what is full."""
    if not principal.can(Permission.ASSIGNMENT_PUBLISH):
        return None
    shift = await database.fetch_one(_SHIFT, assignment_id, clock.now())
    rows = await beyond_quota(assignment_id)
    if shift is None or not (rows or shift["full_ahead"]):
        return None
    words = {"rows": rows, "shift": shift, "sign_up_tags": SIGN_UP_TAGS}
    return Fill("volunteers/assignments/over_quota/on_shift.html", words)
