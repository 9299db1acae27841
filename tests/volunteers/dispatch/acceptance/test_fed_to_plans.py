"""What is known of people reaches the plan itself: regulars go where they belong, and a kind refused goes to others."""

from app.core import database
from tests.volunteers import world
from tests.volunteers.dispatch import small

NEXT_WEEK = 7 * 24
PROPOSED = "SELECT person_id FROM dispatch_proposal WHERE NOT pinned ORDER BY id"
REFUSED = """
INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at, ended_at,
                     ended_reason)
SELECT p.id, a.id, $1, a.starts, a.ends, 'withdrawn', 'dispatch', now(), now(), 'own_wish'
FROM position p JOIN assignment a ON a.id = p.assignment_id ORDER BY p.id LIMIT 3
"""


async def test_a_plan_sends_the_station_its_regular_week_after_week(db: None) -> None:
    """Whoever has the lowest number would be sent otherwise, so the regular is the last of three."""
    people = [person for person, _ in await small.people(3)]
    station, planner = await world.station(), await small.planner()
    await small.shifts(57, station_id=station)
    marked = "INSERT INTO station_regular (station_id, person_id, marked_by, marked_at) VALUES ($1, $2, $3, now())"
    await database.execute(marked, station, people[-1], planner.actor)
    await small.solved(planner)
    assert await database.fetch_value(PROPOSED) == people[-1]


async def test_a_plan_asks_others_for_a_kind_that_somebody_keeps_refusing(db: None) -> None:
    """Without the refusals the first of two would be sent."""
    people = [person for person, _ in await small.people(2)]
    await small.shifts(*(NEXT_WEEK + hour for hour in (9, 33, 57)))
    await database.execute(REFUSED, people[0])
    await small.shifts(81)
    planner = await small.planner()
    await small.solved(planner)
    assert [row["person_id"] for row in await database.fetch(PROPOSED)] == [people[1]]
