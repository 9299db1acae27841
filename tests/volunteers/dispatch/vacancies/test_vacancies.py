"""A seat that comes free under a plan in force is answered at once, whoever frees it and however."""

from datetime import timedelta
from typing import Any

import pytest

from app.core import clock, database
from app.core.access import Principal
from tests.refusals import refused
from tests.volunteers import world
from tests.volunteers.dispatch import small
from volunteers.assignments.sign_ups.disruptions import cancel_assignment
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.dispatch import jobs

VACANCIES = "SELECT outcome, run_id, settled_at IS NOT NULL AS settled FROM dispatch_vacancy ORDER BY id"


async def in_force(people: int = 2, seats: int = 1) -> list[Principal]:
    """Put a plan of one shift in force; return the people, the one that was sent first."""
    known = dict(await small.people(people))
    await small.shifts(57, seats=seats)
    coordinator = await small.planner()
    await small.sends_at_once()
    await small.publish(coordinator, await small.solved(coordinator))
    sent = [row["person_id"] for row in await database.fetch("SELECT person_id FROM sign_up ORDER BY id")]
    return [known[person] for person in [*sent, *(known.keys() - set(sent))]]


async def leave(principal: Principal) -> None:
    """Give the seat back."""
    await withdraw(
        principal,
        await database.fetch_value(
            "SELECT s.public_id FROM sign_up s JOIN person p ON p.id = s.person_id WHERE p.account_id = $1 AND s.live",
            principal.actor,
        ),
    )


async def outcomes() -> list[Any]:
    """Return what became of each vacancy."""
    return [row["outcome"] for row in await database.fetch(VACANCIES)]


async def test_somebody_else_is_planned_at_once_for_a_seat_that_was_given_back(db: None) -> None:
    gone, other = await in_force()
    await leave(gone)
    assert await outcomes() == [None]
    assert await jobs.answer_vacancies(clock.now()) == {"replanned": 1}
    assert await jobs.answer_vacancies(clock.now()) == {}
    await jobs.solve_urgent_runs(clock.now())
    run = await database.fetch_one(
        """SELECT r.id, r.kind, r.status, r.previous_id IS NOT NULL AS keeps, p.account_id, v.run_id
           FROM dispatch_run r JOIN dispatch_vacancy v ON v.run_id = r.id
           JOIN dispatch_proposal d ON d.run_id = r.id JOIN person p ON p.id = d.person_id"""
    )
    assert run is not None
    assert (run["kind"], run["status"], run["keeps"]) == ("cancellation", "solved", True)
    assert run["account_id"] == other.actor


async def test_vacancies_wait_while_a_run_of_the_place_is_underway(db: None) -> None:
    people = await in_force(3, seats=2)
    for person in people[:2]:
        await leave(person)
        expected = {"replanned": 1} if person is people[0] else {}
        assert await jobs.answer_vacancies(clock.now()) == expected
    await jobs.solve_urgent_runs(clock.now())
    assert await jobs.answer_vacancies(clock.now()) == {"replanned": 1}


async def test_what_somebody_has_taken_and_what_is_too_late_to_plan_is_left_alone(db: None) -> None:
    gone, other = await in_force()
    await leave(gone)
    await sign_up(other, await database.fetch_value("SELECT id FROM position"))
    assert await jobs.answer_vacancies(clock.now()) == {"filled": 1}
    with clock.travelled_to(world.MONDAY + timedelta(hours=50)):
        await leave(other)
        assert await jobs.answer_vacancies(clock.now()) == {"called": 1}
    assert await database.fetch_value("SELECT count(*) FROM dispatch_run") == 1


async def test_a_vacancy_that_nobody_answered_in_time_is_over(db: None) -> None:
    gone, _ = await in_force()
    await leave(gone)
    with clock.travelled_to(world.MONDAY + timedelta(hours=58)):
        assert await jobs.answer_vacancies(clock.now()) == {"over": 1}


async def test_nothing_is_noted_without_a_plan_in_force_nor_when_the_shift_itself_goes(db: None) -> None:
    [(_, early)] = await small.people(1)
    [reference] = await small.shifts(9)
    await sign_up(early, await database.fetch_value("SELECT id FROM position"))
    await leave(early)
    coordinator = await small.planner()
    await sign_up(early, await database.fetch_value("SELECT id FROM position"))
    await small.publish(coordinator, await small.solved(coordinator))
    await cancel_assignment(coordinator, reference, "the hall is closed")
    assert await outcomes() == []


@pytest.mark.parametrize("reason", ["own_wish", "credential", "recusal", "left", "offer_expired", "training"])
async def test_whoever_frees_the_seat_it_is_noted_in_the_same_transaction(db: None, reason: str) -> None:
    await in_force()
    ended = "UPDATE sign_up SET status = 'released', ended_at = now(), ended_reason = $1"
    await database.execute(ended, reason)
    assert await outcomes() == [None]


async def test_a_vacancy_is_settled_once_and_a_replan_has_its_run(db: None) -> None:
    gone, _ = await in_force()
    await leave(gone)
    replanned = "UPDATE dispatch_vacancy SET outcome = 'replanned', settled_at = now()"
    await refused("dispatch_vacancy_replanned_by_a_run", replanned)
    await refused("dispatch_vacancy_is_settled_once", "UPDATE dispatch_vacancy SET occurred_at = now()")
    await jobs.answer_vacancies(clock.now())
    await refused("dispatch_vacancy_is_settled_once", "UPDATE dispatch_vacancy SET outcome = 'over', run_id = NULL")
