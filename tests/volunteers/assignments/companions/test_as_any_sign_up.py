"""What the database asks of whoever chooses a seat, it asks of companions, also of raw SQL."""

from datetime import timedelta

import asyncpg
import pytest

from app.composition import compose
from app.core import database
from tests.volunteers import world
from volunteers.assignments.companions import service
from volunteers.assignments.rules import PositionDraft, SignUpMode
from volunteers.assignments.sign_ups.rules import RegularsFirst

SEAT = """
INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
SELECT p.id, a.id, $2, a.starts, a.ends, 'confirmed', 'companions', now()
FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1
"""


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def test_where_the_station_chooses_or_its_regulars_come_first_friends_wait_like_anybody(db: None) -> None:
    [(person_id, who)] = await world.volunteers(1)
    positions = (PositionDraft("helper", 4),)
    [asked, ahead] = await world.publish(
        await world.draft(9, positions=positions, sign_up_mode=SignUpMode.REQUEST),
        await world.draft(33, positions=positions),
    )
    await database.execute(
        "UPDATE assignment SET regulars_until = $2 WHERE id = $1", ahead.id, world.MONDAY + timedelta(hours=20)
    )
    with pytest.raises(RegularsFirst):
        await service.gather(who, ahead.position_ids[0], 2)
    for shift, constraint in ((asked, "sign_up_is_asked_for"), (ahead, "sign_up_regulars_first")):
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await database.execute(SEAT, shift.position_ids[0], person_id)
        assert refusal.value.constraint_name == constraint
