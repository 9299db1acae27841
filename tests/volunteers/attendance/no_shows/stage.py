"""People who did not come."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core import clock, database
from app.core.access import Principal, Role
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft, SignUpMode
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance


def at(day: float, hour: float = 9) -> datetime:
    """Return an hour of a day after next Monday."""
    return world.MONDAY + timedelta(days=day, hours=hour)


async def shift(day: float, mode: SignUpMode = SignUpMode.INSTANT, capacity: int = 5) -> Published:
    """Publish a lecture from 9 to 11 on a day."""
    seats = (PositionDraft("helper", capacity=capacity, minimum=0),)
    [found] = await world.publish(await world.draft(day * 24 + 9, positions=seats, sign_up_mode=mode))
    return found


async def staff() -> Principal:
    """Return somebody of the town's station."""
    return await world.officer(Role.STATION_STAFF, world.TOWN)


async def missed(who: Principal, *days: float) -> list[UUID]:
    """Let somebody sign up today for shifts on these days and come to none; return the sign-ups.

    Each is recorded at noon of its day.
    """
    shifts = [await shift(day) for day in days]
    sign_ups = [await sign_up(who, found.position_ids[0]) for found in shifts]
    officer = await staff()
    for day, public_id in zip(days, sign_ups, strict=True):
        with clock.travelled_to(at(day, 12)):
            confirmed = await confirm_attendance(officer, [Presence(public_id, Outcome.ABSENT)])
        assert not confirmed.refused
    return sign_ups


async def no_show_of(sign_up_id: UUID) -> UUID:
    """Return the public id of what was recorded about a sign-up."""
    found: UUID = await database.fetch_value(
        "SELECT n.public_id FROM no_show n JOIN sign_up s ON s.id = n.sign_up_id WHERE s.public_id = $1", sign_up_id
    )
    return found
