"""People who worked at odd times, and the night's look at them."""

from datetime import datetime, timedelta

from app.core import clock, database
from app.core.access import Permission, Principal, Role, system_principal
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.attendance.findings.queries import View, findings
from volunteers.attendance.findings.service import look
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance

SYSTEM = system_principal(Permission.CREDENTIAL_VERIFY)
LATER = world.MONDAY + timedelta(days=14)


def at(hour: float) -> datetime:
    """Return an instant after Monday midnight."""
    return world.MONDAY + timedelta(hours=hour)


async def worked(
    who: Principal,
    staff: Principal,
    *shifts: tuple[float, float, float | None, float | None, tuple[int, int]],
) -> list[Presence]:
    """Let somebody work shifts (start, length, arrived, left, metres away) and the staff confirm them two weeks on."""
    point = await database.fetch_one("SELECT east_m, north_m FROM place WHERE code = $1", world.TOWN)
    assert point is not None
    presences = []
    for starts, lasting, arrived, left, (east, north) in shifts:
        place = (point["east_m"] + east, point["north_m"] + north)
        [shift] = await world.publish(
            await world.draft(starts, lasting, point=place, positions=(PositionDraft("helper", 9, 0),))
        )
        public_id = await sign_up(who, shift.position_ids[0])
        times = (None if arrived is None else at(arrived), None if left is None else at(left))
        presences.append(Presence(public_id, Outcome.ATTENDED, *times))
    with clock.travelled_to(LATER):
        assert not (await confirm_attendance(staff, presences)).refused
    return presences


async def rule(**figures: int) -> None:
    """Put a rule into force that differs from the first one in some figures."""
    first = await database.fetch_one("SELECT * FROM finding_rule")
    assert first is not None
    await database.insert_row(
        "finding_rule",
        {name: value for name, value in {**first, **figures, "effective_from": clock.now()}.items() if name != "id"},
    )


async def somebody() -> Principal:
    [(_, who)] = await world.volunteers(1)
    return who


async def found(coordinator: Principal, now: datetime = LATER) -> list[View]:
    """Let the night's job run; return everything that is known, the earliest first."""
    with clock.travelled_to(now):
        await look(SYSTEM, now)
        return (await findings(coordinator, None, None, None, 100))[::-1]


async def coordinator_and_staff() -> tuple[Principal, Principal]:
    return await world.officer(Role.COORDINATOR), await world.officer(Role.STATION_STAFF, world.TOWN)
