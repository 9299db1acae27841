"""Publishing: exact beside everybody who signs up at that moment, one plan in force, one message each."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from app.core import database
from app.core.access import Principal, Role
from app.core.errors import DomainError, NotPermitted, TransitionRefused
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.dispatch import small
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.dispatch import service
from volunteers.dispatch.publishing.service import AnotherPlanInForce, publish_plan
from volunteers.dispatch.solving import service as solving

WRONGLY_COUNTED = """
SELECT count(*) FROM position p WHERE booked > capacity OR booked <> (
    SELECT count(*) FROM sign_up s WHERE s.position_id = p.id AND s.live AND NOT s.over_quota)
"""
WRONGLY_TOLD = """
SELECT count(*) FROM dispatch_proposal d WHERE NOT d.pinned AND (d.outcome = 'sent') IS DISTINCT FROM EXISTS (
    SELECT FROM sign_up s WHERE s.position_id = d.position_id AND s.person_id = d.person_id AND s.origin = 'dispatch')
  AND d.run_id = (SELECT max(id) FROM dispatch_run WHERE status = 'published')
"""
MESSAGES = "SELECT count(*) FROM notification WHERE once_key LIKE 'dispatched:%:in_app'"
SENT = "SELECT count(DISTINCT person_id) FROM sign_up WHERE origin = 'dispatch'"


async def statuses() -> Counter[str]:
    """Count the runs by status."""
    return Counter(row["status"] for row in await database.fetch("SELECT status FROM dispatch_run"))


async def test_everybody_who_is_sent_gets_one_message_and_nobody_two(db: None) -> None:
    await small.people(3)
    await small.shifts(9, 33, 57, seats=2)
    coordinator = await small.planner()
    run = await small.solved(coordinator)
    published = await small.publish(coordinator, run)
    with pytest.raises(TransitionRefused):
        await publish_plan(coordinator, run)
    assert (published.sent, published.refused) == (6, 0)
    assert await database.fetch_value(MESSAGES) == await database.fetch_value(SENT) == 3


async def test_publishing_takes_the_place_of_the_plan_in_force_and_of_older_drafts(db: None) -> None:
    await small.people(2)
    await small.shifts(9)
    town, district = await small.planner(), await small.planner("330106")
    first, older, city = [await small.solved(who) for who in (town, town)] + [await small.solved(district, "330106")]
    await small.publish(town, first)
    assert await statuses() == {"published": 1, "solved": 2}
    await small.publish(district, city)
    assert await statuses() == {"published": 1, "superseded": 2}
    with pytest.raises(TransitionRefused):
        await small.publish(town, older)
    in_force = await database.fetch_value("SELECT public_id FROM dispatch_run WHERE status = 'published'")
    assert in_force == city


async def test_one_that_the_database_alone_refuses_is_reported_and_the_others_are_sent(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await small.people(5)
    await small.shifts(9, seats=5)
    coordinator = await small.planner()
    run = await small.solved(coordinator)
    # the rules in Python are made blind, so that only the database sees that somebody is elsewhere by now
    await small.shifts(9.5)
    await sign_up(people[2][1], await database.fetch_value("SELECT max(id) FROM position"))
    monkeypatch.setattr("volunteers.assignments.sign_ups.service.reasons_against", lambda *_: {})
    published = await small.publish(coordinator, run)
    assert (published.sent, published.refused) == (4, 1)
    assert (
        await database.fetch_value("SELECT person_id FROM dispatch_proposal WHERE outcome = 'refused'") == people[2][0]
    )
    assert await database.fetch_value(WRONGLY_TOLD) == 0


async def test_another_district_is_refused_and_nothing_has_happened(db: None) -> None:
    await small.people(1)
    await small.shifts(9)
    run = await small.solved(await small.planner())
    with pytest.raises(NotPermitted):
        await small.publish(await world.officer(Role.COORDINATOR, "330127"), run)
    assert await statuses() == {"solved": 1}
    assert await database.fetch_value("SELECT count(*) FROM sign_up") == 0


async def test_publish_beside_simultaneous_sign_ups_and_withdrawals_is_exact(db: None) -> None:
    people = await small.people(24)
    coordinator = await small.planner()
    for number in range(rounds(2, 40)):
        await database.execute("UPDATE dispatch_run SET status = 'superseded' WHERE status = 'published'")
        hours = [9 + 24 * (number % 7), 12 + 24 * (number % 7), 15 + 24 * (number % 7)]
        shifts = await world.publish(
            *[
                await world.draft(hours=hour + number // 7 / 60, positions=(PositionDraft("helper", 6),))
                for hour in hours
            ]
        )
        run = await small.solved(coordinator)
        taken = await sign_up(people[number % 24][1], shifts[0].position_ids[0])
        wishes = [
            sign_up(principal, shifts[turn % 3].position_ids[0])
            for turn, (_, principal) in enumerate(people[number % 24 + 1 :] + people[: number % 24])
        ]
        seen = await asyncio.gather(
            *wishes[:12],
            small.publish(coordinator, run),
            withdraw(people[number % 24][1], taken),
            *wishes[12:],
            return_exceptions=True,
        )
        assert [one for one in seen if isinstance(one, BaseException) and not isinstance(one, DomainError)] == []
        assert not isinstance(seen[12], DomainError)
        assert await database.fetch_value(WRONGLY_COUNTED) == 0
        assert await database.fetch_value(WRONGLY_TOLD) == 0
        await _free_again(people)


async def _free_again(people: list[tuple[int, Principal]]) -> None:
    """Let everybody step back, so that rounds do not stand in each other's way."""
    for person, principal in people:
        rows = await database.fetch("SELECT public_id FROM sign_up WHERE person_id = $1 AND live", person)
        for row in rows:
            await withdraw(principal, row["public_id"])


async def test_of_many_overlapping_plans_published_at_once_one_is_in_force(db: None) -> None:
    await small.people(6)
    await small.shifts(9, 33, seats=3)
    town, district = await small.planner(), await small.planner("330106")
    for _ in range(rounds(2, 30)):
        await database.execute(
            "UPDATE dispatch_run SET status = 'superseded' WHERE status IN ('published', 'approved', 'solved')"
        )
        runs = [(who, await small.solved(who, place)) for who, place in ((town, world.TOWN), (district, "330106")) * 2]
        seen = await asyncio.gather(*[small.publish(*run) for run in runs], return_exceptions=True)
        refused = [one for one in seen if isinstance(one, BaseException)]
        assert all(isinstance(one, (TransitionRefused, AnotherPlanInForce)) for one in refused), refused
        assert (await statuses())["published"] == 1
        assert await database.fetch_value(WRONGLY_COUNTED) == 0
        assert await database.fetch_value("SELECT max(n) FROM (SELECT count(*) AS n FROM notification WHERE channel = "
                                          "'in_app' GROUP BY once_key) AS told") == 1  # fmt: skip


async def test_weeks_beside_each_other_do_not_wait_for_one_another(db: None) -> None:
    await small.people(2)
    await small.shifts(9, 9 + 7 * 24)
    coordinator = await small.planner()
    this = await small.solved(coordinator)
    following = await service.plan_week(coordinator, world.TOWN, small.MONDAY + timedelta(days=7), 1)
    await solving.solve_run(following)
    done = await asyncio.gather(small.publish(coordinator, this), small.publish(coordinator, following))
    assert [one.sent for one in done] == [1, 1]
    assert (await statuses())["published"] == 2
