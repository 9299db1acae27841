"""What is locked stays in the next plan, without anybody having signed up for it."""

from uuid import UUID

import pytest

from app.core import database
from app.core.errors import NotFound
from tests.refusals import refused
from tests.volunteers import world
from tests.volunteers.dispatch import small
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.dispatch.engine.check import check
from volunteers.dispatch.engine.instance import Assignment, Plan
from volunteers.dispatch.input import store
from volunteers.dispatch.locks import queries, service
from volunteers.dispatch.locks.rules import AlreadyLocked, NothingToLock, ReasonForLockMissing
from volunteers.dispatch.review.approving import approve_plan, reopen_plan
from volunteers.dispatch.week import read_week

WHY = "Tuesday is always the same one"


async def pairs(run: UUID) -> set[tuple[int, int, bool]]:
    """Return who is where by a plan, and whether they signed up."""
    rows = await database.fetch(
        """SELECT d.position_id, d.person_id, d.pinned FROM dispatch_proposal d
           JOIN dispatch_run r ON r.id = d.run_id WHERE r.public_id = $1""",
        run,
    )
    return {(row["position_id"], row["person_id"], row["pinned"]) for row in rows}


async def test_a_locked_shift_keeps_its_people_in_the_next_plan_and_they_are_asked(db: None) -> None:
    known = await small.people(4)
    [shift] = await small.shifts(9)
    planner = await small.planner()
    first = await small.solved(planner)
    # by itself the next plan would take somebody who was not out lately
    [(position, chosen, _)] = await pairs(first)
    lock = await service.lock_shift(planner, first, shift, WHY)
    assert [one.reference for one in await queries.locks_of(planner, world.TOWN, small.MONDAY)] == [shift]
    week = await read_week(world.TOWN, small.MONDAY)
    assert {(row.position, row.volunteer) for row in week.locked} == {(str(position), str(chosen))}
    await database.execute("UPDATE person SET preferred_kinds = '{duty}' WHERE id = $1", chosen)
    second = await small.solved(planner)
    assert await pairs(second) == {(position, chosen, False)}
    await service.unlock(planner, lock)
    third = await small.solved(planner)
    assert {person for _, person, _ in await pairs(third)} <= {one for one, _ in known} - {chosen}
    with pytest.raises(NotFound):
        await service.unlock(planner, lock)
    assert (await small.publish(planner, second)).sent == 1


async def test_a_lock_never_contradicts_what_people_do_themselves(db: None) -> None:
    known = dict(await small.people(2))
    await small.shifts(9)
    planner = await small.planner()
    run = await small.solved(planner)
    [(_, chosen, _)] = await pairs(run)
    public_id = await database.fetch_value("SELECT public_id FROM person WHERE id = $1", chosen)
    await service.lock_person(planner, run, public_id, WHY)
    await small.shifts(9.5)  # beside it, at the same time
    await sign_up(known[chosen], await database.fetch_value("SELECT max(id) FROM position"))
    week = await read_week(world.TOWN, small.MONDAY)
    assert week.locked == frozenset()
    again = await small.solved(planner)
    instance = await store.read(
        await database.fetch_value("SELECT instance_sha256 FROM dispatch_run WHERE public_id = $1", again)
    )
    shift_of = {p.id: shift.id for shift in instance.shifts for p in shift.positions}
    rows = tuple(Assignment(shift_of[str(p)], str(p), str(who)) for p, who, _ in await pairs(again))
    assert check(instance, Plan(instance.name, rows)).valid


async def test_a_lock_is_of_somebody_there_once_and_says_why(db: None) -> None:
    await small.people(1)
    [shift] = await small.shifts(9)
    planner = await small.planner()
    run = await small.solved(planner)
    with pytest.raises(ReasonForLockMissing):
        await service.lock_shift(planner, run, shift, " ")
    await service.lock_shift(planner, run, shift, WHY)
    with pytest.raises(AlreadyLocked):
        await service.lock_shift(planner, run, shift, WHY)
    [empty] = await small.shifts(33)
    with pytest.raises(NothingToLock):
        await service.lock_shift(planner, run, empty, WHY)
    locked = """INSERT INTO dispatch_lock (run_id, week_start, person_id, assignment_id, reason, locked_by, locked_at)
                SELECT run_id, week_start, p.id, a.id, $1, locked_by, now()
                FROM dispatch_lock, person p, assignment a WHERE a.reference = $2"""
    await refused("dispatch_lock_of_a_person_or_a_shift", locked, WHY, empty)
    await refused("dispatch_lock_is_kept", "UPDATE dispatch_lock SET reason = 'x'")
    await refused("dispatch_lock_is_kept", "DELETE FROM dispatch_lock")
    person = locked.replace("p.id, a.id", "p.id, NULL")
    await refused("dispatch_lock_says_why", person, " ", empty)
    await database.execute(person, WHY, empty)
    await refused("dispatch_lock_person_once", person, WHY, empty)
    nobody = "UPDATE dispatch_lock SET removed_at = now() WHERE person_id IS NOT NULL"
    await refused("dispatch_lock_removed_by_somebody", nobody)
    again = """INSERT INTO dispatch_lock (run_id, week_start, assignment_id, reason, locked_by, locked_at)
               SELECT run_id, week_start, assignment_id, reason, locked_by, now() FROM dispatch_lock
               WHERE assignment_id IS NOT NULL"""
    await refused("dispatch_lock_shift_once", again)
    seat = """INSERT INTO dispatch_lock_seat (lock_id, position_id, person_id)
              SELECT lock_id, position_id, person_id FROM dispatch_lock_seat"""
    await refused("dispatch_lock_seat_once", seat)


async def test_an_approval_is_taken_back_by_hand_too(db: None) -> None:
    await small.people(1)
    await small.shifts(9)
    planner = await small.planner()
    run = await small.solved(planner)
    await approve_plan(planner, run)
    await reopen_plan(planner, run)
    assert await database.fetch_value("SELECT status FROM dispatch_run") == "solved"
