"""Friends go together: each agrees for themselves, the last yes seats all of them or nobody, whoever writes."""

import itertools
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import NotFound, TransitionRefused
from app.core.state import advance
from app.core.text import Message
from tests.volunteers import world
from tests.volunteers.assignments.sign_ups.test_races import WRONGLY_COUNTED
from volunteers.assignments.companions import service
from volunteers.assignments.companions.jobs import end_overdue_companions
from volunteers.assignments.companions.rules import (
    LAST_YES,
    LONGEST_GATHERING,
    SHORTEST_GATHERING,
    TRANSITIONS,
    AlreadyCompanion,
    AlreadyGathering,
    GroupEvent,
    GroupIsComplete,
    GroupIsIncomplete,
    GroupIsOver,
    GroupStatus,
    MakerDissolves,
    Obstacle,
    TooFewSeats,
    TooLateToGather,
    WrongSize,
    gather_until,
    token_sha256,
)
from volunteers.assignments.rules import PositionDraft, SignUpMode
from volunteers.assignments.sign_ups.disruptions import cancel_assignment
from volunteers.assignments.sign_ups.rules import AlreadySignedUp, AskFirst, CredentialMissing
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.people.credentials.rules import CredentialKind
from volunteers.people.rules import PersonEvent
from volunteers.people.service import change_status


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def shift(capacity: int = 5, hours: float = 9, **changes: object) -> tuple[int, str]:
    [found] = await world.publish(await world.draft(hours, positions=(PositionDraft("helper", capacity),), **changes))
    return found.position_ids[0], found.reference


async def on(position_id: int) -> set[int]:
    rows = await database.fetch("SELECT person_id FROM sign_up WHERE position_id = $1 AND live", position_id)
    return {row["person_id"] for row in rows}


async def status_of(group: UUID) -> str:
    return str(await database.fetch_value("SELECT status FROM companion_group WHERE public_id = $1", group))


async def told(who: Principal) -> list[str]:
    rows = await database.fetch(
        "SELECT msgid, detail::text FROM notification WHERE account_id = $1 AND channel = 'in_app' ORDER BY id",
        who.actor,
    )
    return [row["msgid"] + row["detail"] for row in rows]


@pytest.mark.parametrize(("status", "event"), list(itertools.product(GroupStatus, GroupEvent)))
def test_every_pair_of_status_and_event_is_decided(status: GroupStatus, event: GroupEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


@given(st.integers(-100, 20_000))
def test_a_group_gathers_for_a_day_at_most_and_ends_in_time_to_set_out(minutes: int) -> None:
    now = world.MONDAY
    starts = now + timedelta(minutes=minutes)
    until = gather_until(now, starts)
    if until is None:
        assert starts - now < LAST_YES + SHORTEST_GATHERING
    else:
        assert now < until <= starts - LAST_YES
        assert until - now <= LONGEST_GATHERING


@given(st.integers(0, 6), st.sets(st.integers(1, 6), min_size=1))
def test_the_reasons_of_a_person_are_told_to_that_person_alone(free: int, people: set[int]) -> None:
    obstacle = Obstacle(6, free, {one: (f"name {one}", [Message(f"secret {one}")]) for one in people})
    for reader in range(1, 7):
        said = str(obstacle.told_to(reader))
        assert {one for one in people if f"secret {one}" in said} == ({reader} & people)
        assert {one for one in people if f"name {one}" in said} == people - {reader}


async def test_the_last_yes_seats_all_and_until_then_nobody_holds_a_seat(db: None) -> None:
    (one_id, one), (two_id, two), (three_id, three), (_, late) = await world.volunteers(4)
    position, _ = await shift()
    made = await service.gather(one, position, 3)
    assert await database.fetch_value("SELECT token_sha256 FROM companion_group") == token_sha256(made.token)
    first = await service.agree(two, made.token)
    assert (first.status, first.agreed, first.size) == ("gathering", 2, 3)
    assert await on(position) == set()
    with pytest.raises(AlreadyCompanion):
        await service.agree(two, made.token)
    with pytest.raises(GroupIsIncomplete):
        await service.try_again(one, made.public_id)
    last = await service.agree(three, made.token)
    assert (last.status, last.obstacle) == ("seated", None)
    assert await on(position) == {one_id, two_id, three_id}
    assert await database.fetch_value("SELECT DISTINCT origin FROM sign_up") == "companions"
    with pytest.raises(GroupIsOver):
        await service.agree(late, made.token)
    with pytest.raises(TransitionRefused):
        await service.dissolve(one, made.public_id)
    assert [len(await told(who)) for who in (one, two, three, late)] == [2, 1, 1, 0]
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_when_seats_are_gone_nobody_is_seated_everybody_hears_why_and_the_group_tries_again(db: None) -> None:
    (one_id, one), (two_id, two), (_, other), (_, fourth) = await world.volunteers(4)
    position, _ = await shift(2)
    made = await service.gather(one, position, 2)
    taken = await sign_up(other, position)
    answer = await service.agree(two, made.token)
    assert (answer.status, answer.obstacle) == ("gathering", Obstacle(2, 1, {}))
    assert len(await on(position)) == 1
    for who in (one, two):
        assert "只剩" in (await told(who))[-1]
    with pytest.raises(GroupIsComplete):
        await service.agree(fourth, made.token)
    await withdraw(other, taken)
    assert (await service.try_again(two, made.public_id)).status == "seated"
    assert await on(position) == {one_id, two_id}


async def test_who_no_longer_fits_keeps_all_from_their_seats_and_only_they_hear_the_reason(db: None) -> None:
    (_, one), (_, two) = await world.volunteers(2)
    position, _ = await shift()
    made = await service.gather(one, position, 2)
    await change_status(one, PersonEvent.PAUSE)
    answer = await service.agree(two, made.token)
    assert answer.obstacle is not None
    assert await on(position) == set()
    assert "暂停" in (await told(one))[-1]
    assert "暂停" not in (await told(two))[-1]
    await change_status(one, PersonEvent.RESUME)
    assert (await service.try_again(one, made.public_id)).status == "seated"


async def test_who_may_not_sit_there_hears_it_when_they_agree(db: None) -> None:
    lawyer = world.profile(credentials=(world.licence(CredentialKind.LAWYER),))
    (_, one), (_, plain) = await world.people([lawyer, world.profile()])
    [found] = await world.publish(
        await world.draft(9, positions=(PositionDraft("lawyer", 4, credentials_any=("lawyer",)),))
    )
    with pytest.raises(CredentialMissing):
        await service.gather(plain, found.position_ids[0], 2)
    made = await service.gather(one, found.position_ids[0], 2)
    with pytest.raises(CredentialMissing):
        await service.agree(plain, made.token)
    assert await database.fetch_value("SELECT count(*) FROM companion") == 1


async def test_a_group_is_made_only_where_it_could_be_seated(db: None) -> None:
    [(_, one)] = await world.volunteers(1)
    position, _ = await shift(3)
    for size in (1, 7):
        with pytest.raises(WrongSize):
            await service.gather(one, position, size)
    with pytest.raises(TooFewSeats):
        await service.gather(one, position, 4)
    asked, _ = await shift(5, 33, sign_up_mode=SignUpMode.REQUEST)
    with pytest.raises(AskFirst):
        await service.gather(one, asked, 2)
    starts = world.MONDAY + timedelta(hours=9)
    with clock.travelled_to(starts - LAST_YES), pytest.raises(TooLateToGather):
        await service.gather(one, position, 2)
    await service.gather(one, position, 2)
    with pytest.raises(AlreadyGathering):
        await service.gather(one, position, 2)
    await sign_up(one, position)
    with pytest.raises(AlreadySignedUp):
        await service.gather(one, position, 2)


async def test_people_leave_come_back_and_the_maker_dissolves_and_makes_a_new_link(db: None) -> None:
    (_, one), (_, two), (_, stranger) = await world.volunteers(3)
    position, _ = await shift()
    made = await service.gather(one, position, 3)
    await service.agree(two, made.token)
    with pytest.raises(MakerDissolves):
        await service.leave(one, made.public_id)
    for act in (service.leave, service.dissolve, service.try_again, service.renew_link):
        with pytest.raises(NotFound):
            await act(stranger, made.public_id)
    for act in (service.dissolve, service.renew_link):
        with pytest.raises(NotFound):
            await act(two, made.public_id)
    await service.leave(two, made.public_id)
    fresh = await service.renew_link(one, made.public_id)
    with pytest.raises(NotFound):
        await service.agree(two, made.token)
    assert (await service.agree(two, fresh)).agreed == 2
    await service.dissolve(one, made.public_id)
    assert await status_of(made.public_id) == "dissolved"
    assert len(await told(two)) == 1
    with pytest.raises(GroupIsOver):
        await service.agree(stranger, fresh)


async def test_time_ends_a_group_and_so_does_the_end_of_its_shift(db: None) -> None:
    (_, one), (_, two) = await world.volunteers(2)
    (position, _), (other, reference) = await shift(), await shift(5, 33)
    made, second = await service.gather(one, position, 2), await service.gather(two, other, 2)
    await cancel_assignment(await world.officer(Role.COORDINATOR), reference, "停电")
    assert await status_of(second.public_id) == "expired"
    with clock.travelled_to(made.until):
        with pytest.raises(GroupIsOver):
            await service.agree(two, made.token)
        assert await end_overdue_companions(clock.now()) == {"ended": 1}
        assert await end_overdue_companions(clock.now()) == {"ended": 0}
    assert await status_of(made.public_id) == "expired"
    assert len(await told(one)) == 1


async def test_raw_sql_seats_no_group_by_halves_nor_anybody_without_one(db: None) -> None:
    (one_id, one), (two_id, two), (three_id, _) = await world.volunteers(3)
    position, _ = await shift()
    made = await service.gather(one, position, 2)
    seat = """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
              SELECT p.id, a.id, $2, a.starts, a.ends, 'confirmed', 'companions', now()
              FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1 RETURNING id"""
    seated = "UPDATE companion_group SET status = 'seated', ended_at = now()"
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(seat, position, one_id)
    assert refusal.value.constraint_name == "sign_up_of_companions"
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        async with database.transaction():
            given_seat = await database.fetch_value(seat, position, one_id)
            await database.execute("UPDATE companion SET sign_up_id = $1", given_seat)
            await database.execute(seated)
    assert refusal.value.constraint_name == "companions_are_seated"
    join = "INSERT INTO companion (group_id, person_id, agreed_at) SELECT id, $1, now() FROM companion_group"
    with pytest.raises(asyncpg.UniqueViolationError):
        await database.execute(join, one_id)
    await service.agree(two, made.token)
    for act in (join.replace("$1", str(three_id)), "DELETE FROM companion", "UPDATE companion SET sign_up_id = NULL"):
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await database.execute(act)
        assert refusal.value.constraint_name == "companion_while_gathering"
    assert await on(position) == {one_id, two_id}


async def test_raw_sql_opens_no_second_group_and_changes_none_that_ended(db: None) -> None:
    (_, one) = (await world.volunteers(1))[0]
    position, _ = await shift(hours=9 + 48)
    made = await service.gather(one, position, 2)
    again = """INSERT INTO companion_group (position_id, assignment_id, made_by, size, token_sha256, status, made_at,
                                            until)
               SELECT position_id, assignment_id, made_by, 2, sha256('x'), 'gathering', made_at, {}
               FROM companion_group"""
    with pytest.raises(asyncpg.UniqueViolationError):
        await database.execute(again.format("until"))
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(again.format("until + interval '1 minute'"))
    assert refusal.value.constraint_name == "companion_group_one_day"
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(again.format("made_at + interval '1 hour'").replace("'gathering'", "'expired'"))
    assert refusal.value.constraint_name == "companion_group_before_the_shift"
    await service.dissolve(one, made.public_id)
    for act in ("SET status = 'gathering', ended_at = NULL", "SET status = 'expired'", "SET size = 6"):
        with pytest.raises(asyncpg.RestrictViolationError) as refused:
            await database.execute(f"UPDATE companion_group {act}")
        assert refused.value.constraint_name == "companion_group_is_final"
