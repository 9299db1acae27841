"""Real connections at the same instant: the guarantees hold and nobody waits for a deadlock to be found."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import asyncpg
import pytest

from app.core import database
from app.core.access import Role
from app.core.errors import DomainError
from tests.conftest import rounds
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.disruptions import cancel_assignment, reschedule, set_capacity
from volunteers.assignments.sign_ups.leaving import declare_recusal
from volunteers.assignments.sign_ups.rules import (
    ElsewhereAtThatTime,
    NoTimeForTravel,
    NotOpenForSignUp,
    Origin,
    ShiftIsFull,
)
from volunteers.assignments.sign_ups.service import Wanted, sign_up, sign_up_many, withdraw

WRONGLY_COUNTED = """
SELECT count(*) FROM position p WHERE booked <> (SELECT count(*) FROM sign_up s WHERE s.position_id = p.id
                                                     AND s.live AND NOT s.over_quota)
"""
LIVE_SINCE = """
SELECT s.public_id, s.starts, s.ends, p.account_id FROM sign_up s JOIN person p ON p.id = s.person_id
WHERE s.live AND s.starts >= $1 ORDER BY s.starts
"""


async def outcomes(attempts: Sequence[Awaitable[Any]]) -> Counter[str]:
    """Run all at once; count successes and refusals by class, and let anything else rise."""
    results = await asyncio.gather(*attempts, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException) and not isinstance(result, DomainError):
            raise result
    return Counter(type(result).__name__ if isinstance(result, DomainError) else "ok" for result in results)


async def test_forty_people_on_five_places_are_exactly_five(crowd: None) -> None:
    people = await world.volunteers(40)
    for number in range(rounds(3, 100)):
        [shift] = await world.publish(await world.draft(9 + 24 * number, positions=(PositionDraft("helper", 5),)))
        seen = await outcomes([sign_up(principal, shift.position_ids[0]) for _, principal in people])
        assert seen == {"ok": 5, ShiftIsFull.__name__: 35}
        assert await database.fetch_value("SELECT booked FROM position WHERE id = $1", shift.position_ids[0]) == 5
        assert await database.fetch_value("SELECT count(*) FROM sign_up WHERE assignment_id = $1", shift.id) == 5


async def test_one_person_on_eight_overlapping_shifts_is_on_exactly_one(crowd: None) -> None:
    [(person_id, principal)] = await world.volunteers(1)
    for number in range(rounds(3, 100)):
        start = 9 + 24 * number
        shifts = await world.publish(*[await world.draft(start + minute / 60, 2) for minute in range(0, 80, 10)])
        seen = await outcomes([sign_up(principal, shift.position_ids[0]) for shift in shifts])
        assert seen == {"ok": 1, ElsewhereAtThatTime.__name__: 7}
        live = "SELECT count(*) FROM sign_up WHERE person_id = $1 AND live AND assignment_id = ANY($2)"
        assert await database.fetch_value(live, person_id, [shift.id for shift in shifts]) == 1


async def test_neighbouring_shifts_without_time_to_travel_are_never_both_taken(crowd: None) -> None:
    [(_, principal)] = await world.volunteers(1)
    for number in range(rounds(3, 100)):
        start = 9 + 24 * number
        drafts = [await world.draft(start + 2 * place, 2, point=(place * 9000, 0)) for place in range(4)]
        shifts = await world.publish(*drafts)
        seen = await outcomes([sign_up(principal, shift.position_ids[0]) for shift in shifts])
        assert set(seen) == {"ok", NoTimeForTravel.__name__}
        taken = await database.fetch(
            "SELECT starts, ends FROM sign_up WHERE live AND starts >= $1 ORDER BY starts", drafts[0].starts
        )
        assert all(b["starts"] - a["ends"] >= timedelta(minutes=33) for a, b in pairwise(taken))


async def test_a_raw_insert_waits_for_the_same_persons_other_one_and_then_sees_it(crowd: None) -> None:
    [(person_id, _)] = await world.volunteers(1)
    for number in range(rounds(2, 20)):
        here, there = await world.publish(
            *[await world.draft(9 + 24 * number + 2 * place, 2, point=(place * 9000, 0)) for place in range(2)]
        )
        inserted, may_commit = asyncio.Event(), asyncio.Event()
        first = asyncio.create_task(hold_open(here.position_ids[0], person_id, inserted, may_commit))
        await inserted.wait()
        second = asyncio.create_task(raw_sign_up(there.position_ids[0], person_id))
        await asyncio.sleep(0.05)
        may_commit.set()
        await first
        with pytest.raises(asyncpg.ExclusionViolationError) as violation:
            await second
        assert violation.value.constraint_name == "sign_up_travel_and_rest"


async def hold_open(position_id: int, person_id: int, inserted: asyncio.Event, may_commit: asyncio.Event) -> None:
    """Insert a sign-up and keep the transaction open until told otherwise."""
    async with database.transaction():
        await raw_sign_up(position_id, person_id)
        inserted.set()
        await may_commit.wait()


async def raw_sign_up(position_id: int, person_id: int) -> None:
    await database.execute(
        """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
           SELECT p.id, a.id, $2, a.starts, a.ends, 'confirmed', 'self', now()
           FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1""",
        position_id,
        person_id,
    )


async def test_nobody_stays_on_an_assignment_that_is_cancelled_meanwhile(crowd: None) -> None:
    people = await world.volunteers(12)
    officer = await world.officer(Role.COORDINATOR)
    for number in range(rounds(3, 100)):
        [shift] = await world.publish(await world.draft(9 + 24 * number, positions=(PositionDraft("helper", 20),)))
        attempts: list[Awaitable[Any]] = [sign_up(principal, shift.position_ids[0]) for _, principal in people]
        attempts.insert(number % 12, cancel_assignment(officer, shift.reference, "weather"))
        seen = await outcomes(attempts)
        assert seen["ok"] + seen[NotOpenForSignUp.__name__] == 13
        assert await database.fetch_value("SELECT booked FROM position WHERE id = $1", shift.position_ids[0]) == 0
        assert not await database.fetch_value(
            "SELECT count(*) FROM sign_up WHERE assignment_id = $1 AND live", shift.id
        )


async def test_all_our_paths_at_once_never_deadlock_and_the_counts_hold(crowd: None) -> None:
    people = await world.volunteers(10)
    officer = await world.officer(Role.COORDINATOR)
    positions = (PositionDraft("a", 3), PositionDraft("b", 2))
    for number in range(rounds(3, 100)):
        start = 24 * 7 * number
        at = [world.MONDAY + timedelta(hours=start + hour) for hour in range(24)]
        shifts = await world.publish(
            *[await world.draft(start + 9 + 3 * hour, 2, positions=positions, parties=("x",)) for hour in range(4)]
        )
        seats = [position for shift in shifts for position in shift.position_ids]
        await outcomes([sign_up(principal, seats[index % 8]) for index, (_, principal) in enumerate(people)])
        rows = await database.fetch(LIVE_SINCE, at[0])
        by_account = {principal.actor: principal for _, principal in people}
        wishes = [Wanted(seat, person_id) for seat in reversed(seats) for person_id, _ in people]
        await outcomes(
            [
                sign_up_many(officer, wishes, Origin.DISPATCH),
                *(withdraw(by_account[row["account_id"]], row["public_id"]) for row in rows),
                *(sign_up(principal, seat) for _, principal in people for seat in seats[:3]),
                cancel_assignment(officer, shifts[0].reference, "weather"),
                reschedule(officer, shifts[1].reference, at[13], at[14]),
                set_capacity(officer, shifts[2].reference, 1, 1),
                declare_recusal(people[0][1], f"party-{number}"),
                sign_up_many(officer, wishes[::-1], Origin.IMPORT),
            ]
        )
        assert await database.fetch_value(WRONGLY_COUNTED) == 0


@pytest.mark.parametrize("attempt", range(rounds(2, 20)))
async def test_two_plans_for_the_same_seats_share_them_without_overbooking(crowd: None, attempt: int) -> None:
    people = await world.volunteers(12)
    officer = await world.officer(Role.COORDINATOR)
    shifts = await world.publish(
        *[await world.draft(9 + 4 * n, positions=(PositionDraft("helper", 4),)) for n in range(3)]
    )
    seats = [shift.position_ids[0] for shift in shifts]
    first = [Wanted(seat, person) for seat in seats for person, _ in people[:6]]
    second = [Wanted(seat, person) for seat in reversed(seats) for person, _ in people[6:]]
    plans = await asyncio.gather(*(sign_up_many(officer, wishes, Origin.DISPATCH) for wishes in (first, second)))
    assert sum(len(plan.taken) for plan in plans) == 12
    assert await database.fetch_value("SELECT count(*) FROM position WHERE booked = capacity") == 3
