"""People who worked a shift of two hours that the station confirmed."""

from uuid import UUID

from app.core import clock, database
from app.core.access import Principal, Role
from tests.volunteers import world
from tests.volunteers.attendance.test_attendance import AFTER, signed_up
from volunteers.assignments.rules import Compensation
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance


async def worked(
    how_many: int = 1, compensation: Compensation = Compensation.UNPAID, outcome: Outcome = Outcome.ATTENDED
) -> list[tuple[Principal, UUID, int]]:
    """Return people with the sign-up they worked and the attendance that was confirmed."""
    signed = await signed_up(how_many, compensation)
    staff = await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(AFTER):
        await confirm_attendance(staff, [Presence(public_id, outcome, people_served=4) for _, public_id in signed])
    rows = await database.fetch(
        "SELECT t.id, s.public_id FROM attendance t JOIN sign_up s ON s.id = t.sign_up_id WHERE s.public_id = ANY($1)",
        [public_id for _, public_id in signed],
    )
    attended = {row["public_id"]: row["id"] for row in rows}
    return [(who, public_id, attended[public_id]) for who, public_id in signed]
