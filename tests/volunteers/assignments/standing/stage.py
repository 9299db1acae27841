"""A station with a pattern of Mondays, and what its shifts and people look like."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from app.core import clock, database
from app.core.access import Principal, Role
from tests.volunteers import world
from tests.volunteers.assignments.patterns.test_patterns import PLAIN
from volunteers.assignments.patterns import service as patterns
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.standing.service import Weekly

SEATED = """
SELECT person.name, s.origin FROM sign_up s JOIN person ON person.id = s.person_id
JOIN assignment a ON a.id = s.assignment_id WHERE s.live ORDER BY a.starts, s.id
"""


async def staff() -> Principal:
    return await world.officer(Role.STATION_STAFF, world.TOWN)


async def mondays(officer: Principal, capacity: int = 1, **changes: object) -> UUID:
    """State a pattern of Mondays, three weeks ahead, without making its shifts."""
    place = await world.place_id(world.TOWN)
    draft = replace(
        PLAIN,
        weekdays=(0,),
        place_id=place,
        station_id=await world.station(),
        positions=(PositionDraft("讲师", capacity, 0),),
        valid_from=clock.today(),
        **changes,  # type: ignore[arg-type]
    )
    return await patterns.create_pattern(officer, draft)


def weekly(pattern: UUID, days: int = 100, **changes: object) -> Weekly:
    return replace(Weekly(pattern, 1, 0, clock.today(), clock.today() + timedelta(days=days)), **changes)  # type: ignore[arg-type]


async def refusals() -> list[str]:
    rows = await database.fetch("SELECT reasons FROM standing_shift WHERE sign_up_id IS NULL ORDER BY id")
    return [row["reasons"] for row in rows]


async def seats() -> list[tuple[str, str]]:
    return [(row["name"], row["origin"]) for row in await database.fetch(SEATED)]


async def name_of(person_id: int) -> str:
    return str(await database.fetch_value("SELECT name FROM person WHERE id = $1", person_id))


async def told(who: Principal) -> int:
    count = "SELECT count(*) FROM notification WHERE account_id = $1 AND channel = 'in_app'"
    return int(await database.fetch_value(count, who.actor))
