"""What the log adds to the pages of the day."""

from app.core import clock, database
from app.core.access import Principal
from app.web.slots import Fill
from volunteers.assignments.rules import Kind
from volunteers.assignments.sign_ups.rules import SignUpStatus
from volunteers.attendance.log import rules
from volunteers.attendance.log.queries import logs_of_shift
from volunteers.attendance.log.rules import MATTER_NAMES


async def on_day(principal: Principal, sign_up_id: int) -> Fill | None:
    """Fill ``day_page.standing``: the way to the log, as soon as there is something to write."""
    row = await database.fetch_one(
        """SELECT s.public_id, s.status, s.starts, a.kind, (SELECT l.people FROM duty_log l WHERE l.sign_up_id = s.id
                                                           ORDER BY l.number DESC LIMIT 1) AS people
           FROM sign_up s JOIN assignment a ON a.id = s.assignment_id JOIN person ON person.id = s.person_id
           WHERE s.id = $1 AND person.account_id = $2""",
        *(sign_up_id, principal.account_id),
    )
    if row is None or not rules.may_write(Kind(row["kind"]), SignUpStatus(row["status"]), row["starts"], clock.now()):
        return None
    return Fill("volunteers/attendance/log/on_day.html", {"row": row})


async def on_shift(principal: Principal, assignment_id: int) -> Fill | None:
    """Fill ``station_shift.main``: what those on the shift wrote down."""
    reference = await database.fetch_value("SELECT reference FROM assignment WHERE id = $1", assignment_id)
    logs = await logs_of_shift(principal, reference)
    if not logs:
        return None
    return Fill("volunteers/attendance/log/on_shift.html", {"logs": logs, "matters": MATTER_NAMES})
