"""A small week to plan: some shifts, and people who are always free; no demonstration needed."""

from uuid import UUID

from app.core import clock
from app.core.access import Principal, Role
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.dispatch import service
from volunteers.dispatch.solving import service as solving
from volunteers.people.rules import Window

MONDAY = clock.local(world.MONDAY).date()
ALWAYS = tuple(Window(day, 0, 1440) for day in range(7))
SECONDS = 1


async def people(how_many: int, **changes: object) -> list[tuple[int, Principal]]:
    """Register people who are always free."""
    return await world.people([world.profile(availability=ALWAYS, **changes) for _ in range(how_many)])


async def shifts(*hours: float, seats: int = 1, minimum: int = 1, **changes: object) -> list[str]:
    """Publish shifts that begin so many hours after Monday's midnight; return their references."""
    given = {"positions": (PositionDraft("helper", seats, minimum),), **changes}
    published = await world.publish(*[await world.draft(hours=hour, **given) for hour in hours])
    return [one.reference for one in published]


async def planner(place: str = world.TOWN) -> Principal:
    """Return a coordinator of the town."""
    return await world.officer(Role.COORDINATOR, place)


async def solved(coordinator: Principal, place: str = world.TOWN, seconds: int | None = SECONDS) -> UUID:
    """Ask for a plan of the week and solve it."""
    run = await service.plan_week(coordinator, place, MONDAY, seconds)
    await solving.solve_run(run)
    return run
