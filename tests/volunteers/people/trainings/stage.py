"""A station that holds trainings, and shifts that ask for them."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from app.core import clock, database
from app.core.access import Principal
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.service import Published
from volunteers.people.trainings import service
from volunteers.people.trainings.rules import (
    TrainingDraft,
)

DAY = timedelta(days=1)
MONDAY = clock.local(world.MONDAY).date()


async def a_training(staff: Principal, station: int | None = None, **changes: object) -> str:
    """Define a training at a station of the town, by default a new one."""
    given: dict[str, object] = {"title_zh": "上岗培训", "title_en": "Induction", "where_zh": "每周六上午", **changes}
    return await service.define(staff, TrainingDraft(station_id=station or await world.station(), **given))  # type: ignore[arg-type]


async def gated(*references: str, **changes: object) -> Published:
    """Publish a shift whose only seat asks for trainings."""
    positions = (PositionDraft("helper", 5, 0, trainings_all=references),)
    [shift] = await world.publish(await world.draft(9, positions=positions, **changes))
    return shift


async def public_ids(people: Sequence[tuple[int, Principal]]) -> list[UUID]:
    """Return the public ids of people."""
    rows = await database.fetch(
        "SELECT public_id FROM person WHERE id = ANY ($1) ORDER BY id", [found for found, _ in people]
    )
    return [row["public_id"] for row in rows]


async def completed(staff: Principal, reference: str, people: Sequence[tuple[int, Principal]], day: date) -> int:
    """Record people as of a day."""
    return await service.record_completions(staff, reference, await public_ids(people), day)
