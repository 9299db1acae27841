"""What holds for standing sign-ups whoever writes, and when everything happens at once."""

from collections.abc import Awaitable
from typing import Any

import asyncpg
import pytest

from app.composition import compose
from app.core import database
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.patterns.test_patterns import MONDAY
from tests.volunteers.assignments.sign_ups.test_races import WRONGLY_COUNTED, outcomes
from tests.volunteers.assignments.standing.stage import mondays, staff, weekly
from volunteers.assignments.patterns import service as patterns
from volunteers.assignments.standing import service


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def test_raw_sql_makes_nobody_stand_who_did_not_agree_nor_seats_them_so(db: None) -> None:
    officer = await staff()
    (person_id, who), (other_id, _) = await world.volunteers(2)
    pattern = await mondays(officer, 2)
    await service.come_every_week(who, weekly(pattern))
    await patterns.generate(officer, pattern, 3)
    insert = """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
                SELECT p.id, a.id, $1, a.starts, a.ends, 'confirmed', 'standing', now()
                FROM position p JOIN assignment a ON a.id = p.assignment_id ORDER BY a.starts LIMIT 1"""
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(insert, other_id)
    assert refusal.value.constraint_name == "sign_up_is_standing"
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(
            """INSERT INTO standing (pattern_id, number, weekday, person_id, valid_from, valid_until, status,
                                     created_at, agreed_by, agreed_at)
               SELECT id, 1, 0, $1, current_date, current_date, 'active', now(), $2, now() FROM shift_pattern""",
            *(other_id, officer.actor),
        )
    assert refusal.value.constraint_name == "standing_with_consent"
    for change in ("weekday = 1", "status = 'proposed'", "agreed_at = now()"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await database.execute(f"UPDATE standing SET {change}")
    with pytest.raises(asyncpg.CheckViolationError):
        await database.execute("UPDATE standing SET valid_until = valid_from + 400")
    assert person_id


async def test_generating_agreeing_and_pausing_at_once_miss_nobody_and_seat_nobody_twice(crowd: None) -> None:
    officer = await staff()
    people = await world.volunteers(4)
    for _number in range(rounds(2, 100)):
        pattern = await mondays(officer, 2)
        first = await service.come_every_week(people[0][1], weekly(pattern))
        attempts: list[Awaitable[Any]] = [patterns.generate(officer, pattern, 3) for _ in range(2)]
        attempts += [service.come_every_week(who, weekly(pattern)) for _, who in people[1:]]
        attempts += [service.pause(people[0][1], first, MONDAY, MONDAY)]
        assert (await outcomes(attempts))["ok"] == len(attempts)
        await patterns.generate(officer, pattern, 3)
        row = await database.fetch_one(
            """SELECT count(*) FILTER (WHERE d.id IS NULL) AS missed, count(DISTINCT a.id) AS shifts
               FROM shift_pattern t JOIN assignment a ON a.pattern_id = t.id JOIN standing s ON s.pattern_id = t.id
               LEFT JOIN standing_shift d ON d.standing_id = s.id AND d.assignment_id = a.id
               WHERE t.public_id = $1 AND (s.public_id <> $2 OR a.pattern_day <> $3)""",
            *(pattern, first, MONDAY),
        )
        assert row is not None
        assert row["missed"] == 0
        assert row["shifts"] >= 3
        assert await database.fetch_value(WRONGLY_COUNTED) == 0
        assert await database.fetch_value("SELECT count(*) FROM position WHERE booked > capacity") == 0
        for index, (_, who) in enumerate(people):
            await database.execute(
                """UPDATE sign_up SET status = 'released', ended_at = now(), ended_reason = 'left'
                   WHERE live AND person_id = $1""",
                people[index][0],
            )
            assert who.signed_in
