"""A small week to plan: some shifts, and people who are always free; no demonstration needed."""

from uuid import UUID

from app.accounts.principals import principals_of_accounts
from app.core import clock, database
from app.core.access import Principal, Role
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.dispatch import service
from volunteers.dispatch.offers.answering import answer_own
from volunteers.dispatch.offers.rules import OfferEvent
from volunteers.dispatch.publishing.service import PublishedPlan, publish_plan
from volunteers.dispatch.review.approving import approve_plan
from volunteers.dispatch.settings.rules import Asking
from volunteers.dispatch.settings.service import state_settings
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


async def publish(coordinator: Principal, run: UUID) -> PublishedPlan:
    """Approve a plan and publish it."""
    await approve_plan(coordinator, run)
    return await publish_plan(coordinator, run)


async def sends_at_once(place: str = "330106") -> None:
    """State that people are sent without being asked first."""
    coordinator = await planner(place)
    await state_settings(coordinator, place, {"asking": Asking.SEND}, "as ever")


async def answer(event: OfferEvent = OfferEvent.ACCEPT) -> int:
    """Let everybody answer all their open offers; return how many there were."""
    rows = await database.fetch(
        """SELECT o.public_id, person.account_id FROM dispatch_offer o
           JOIN dispatch_invitation i ON i.id = o.invitation_id JOIN person ON person.id = i.person_id
           WHERE o.status = 'offered' ORDER BY o.id"""
    )
    people = await principals_of_accounts({row["account_id"] for row in rows})
    for row in rows:
        await answer_own(people[row["account_id"]], row["public_id"], event)
    return len(rows)
