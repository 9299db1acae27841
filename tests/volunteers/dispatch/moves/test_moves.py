"""Changing a plan by hand: every hard rule is asked at once, who and why stays, and each change is undone."""

import json
from typing import Any
from uuid import UUID

import pytest

from app.core import database
from app.core.access import Principal
from app.core.errors import NotFound
from tests.refusals import refused
from tests.volunteers import world
from tests.volunteers.dispatch import small
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.dispatch.moves import service
from volunteers.dispatch.moves.queries import moves_of
from volunteers.dispatch.moves.rules import MoveRefused, NobodyChosen, NothingToUndo, PlanIsOut, ReasonForMoveMissing
from volunteers.dispatch.moves.shift import candidates, partners, planned_shift
from volunteers.dispatch.review.approving import approve_plan
from volunteers.people.rules import Limits, Window

WHY = "the village asked for her"


async def person(person_id: int) -> UUID:
    """Return somebody's public id."""
    found: UUID = await database.fetch_value("SELECT public_id FROM person WHERE id = $1", person_id)
    return found


async def on(reference: str) -> list[UUID]:
    """Return who is on a shift by the only plan."""
    run = await database.fetch_value("SELECT public_id FROM dispatch_run")
    return [one.person for seats in (await planned_shift(run, reference)).seats for one in seats.people]


async def planned(*shifts: float, people: int = 2, **changes: Any) -> tuple[Principal, UUID, list[str], list[UUID]]:
    """Plan a week; return the planner, the run, the shifts' references, and the people."""
    known = await small.people(people)
    references = await small.shifts(*shifts, **changes)
    coordinator = await small.planner()
    run = await small.solved(coordinator)
    return coordinator, run, references, [await person(one) for one, _ in known]


async def codes(move: Any) -> set[str]:
    """Return the codes of the rules for which a move is refused."""
    with pytest.raises(MoveRefused) as refusal:
        await move
    assert len(refusal.value.reasons) == len(refusal.value.fields)
    return set(refusal.value.fields)


async def test_somebody_is_taken_off_somebody_else_put_there_and_both_undone(db: None) -> None:
    planner, run, [shift], people = await planned(9)
    [first] = await on(shift)
    [other] = [one for one in people if one != first]
    before = await database.fetch_one("SELECT vector FROM dispatch_run")
    await service.take(planner, run, [(shift, 1, first)], WHY)
    assert await on(shift) == []
    assert await database.fetch_value("SELECT vector[3] FROM dispatch_run") == 1
    assert [row["empty_seats"] for row in await database.fetch("SELECT empty_seats FROM dispatch_gap")] == [1]
    found = await candidates(planner, run, await planned_shift(run, shift))
    assert found is not None
    assert {one.person for one in found[1]} == set(people)
    await service.put(planner, run, [(shift, 1, other)], WHY)
    assert await on(shift) == [other]
    assert await database.fetch("SELECT FROM dispatch_gap") == []
    [seat] = (await planned_shift(run, shift)).seats
    assert [(one.reason, one.moved_by != "", one.moved_at is not None) for one in seat.people] == [(WHY, True, True)]
    for _ in range(2):
        await service.undo(planner, run)
    assert await on(shift) == [first]
    assert await database.fetch_one("SELECT vector FROM dispatch_run") == before
    with pytest.raises(NothingToUndo):
        await service.undo(planner, run)
    assert [(one.kind, one.undone) for one in await moves_of(run)] == [
        ("undo", False),
        ("undo", False),
        ("put", True),
        ("take", True),
    ]


async def test_two_people_change_seats(db: None) -> None:
    planner, run, [one, other], _ = await planned(9, 9)
    [first], [second] = await on(one), await on(other)
    found = await partners(planner, run, await planned_shift(run, one), 1, first)
    assert [(partner.person, partner.reference) for partner in found] == [(second, other)]
    await service.swap(planner, run, (one, 1, first), (other, 1, second), WHY)
    assert (await on(one), await on(other)) == ([second], [first])
    await service.undo(planner, run)
    assert (await on(one), await on(other)) == ([first], [second])


async def test_what_breaks_a_hard_rule_is_refused_by_its_name_and_changes_nothing(db: None) -> None:
    once = Limits(max_minutes_day=1440, max_minutes_week=10_000, max_shifts_week=1)
    short = Limits(max_minutes_day=60, max_minutes_week=60, max_shifts_week=9)
    people = [
        world.profile(name="busy", availability=small.ALWAYS, limits=once),
        world.profile(name="morning", availability=(Window(1, 0, 720),)),
        world.profile(name="far", availability=small.ALWAYS),
        world.profile(name="short", availability=small.ALWAYS, limits=short),
    ]
    await world.people(people)
    await database.execute("UPDATE person SET home_east_m = home_east_m + 500000 WHERE name = 'far'")
    seats = {
        "held": (9, PositionDraft("helper")),
        "beside": (9.5, PositionDraft("helper", languages_all=("sign",))),
        "licensed": (33, PositionDraft("lawyer", credentials_any=("lawyer",))),
        "gendered": (33, PositionDraft("man", gender="M")),
        "pair": (81, PositionDraft("helper", 2, 2)),
    }
    shifts = {name: (await small.shifts(hour, positions=(seat,)))[0] for name, (hour, seat) in seats.items()}
    planner = await small.planner()
    run = await small.solved(planner)
    rows = await database.fetch("SELECT name, public_id FROM person")
    who = {row["name"]: row["public_id"] for row in rows}
    before = {name: await on(shift) for name, shift in shifts.items()}
    assert {name: len(people) for name, people in before.items() if people} == {"held": 1}
    assert before["held"] == [who["busy"]]
    for name, shift, broken in (
        ("busy", "beside", {"language", "elsewhere", "shift_limit"}),
        ("busy", "pair", {"shift_limit", "shift_not_held"}),
        ("morning", "licensed", {"credential"}),
        ("morning", "gendered", {"gender"}),
        ("morning", "held", {"availability", "seats_taken"}),
        ("far", "held", {"distance", "seats_taken"}),
        ("short", "held", {"day_limit", "week_limit", "seats_taken"}),
    ):
        assert await codes(service.put(planner, run, [(shifts[shift], 1, who[name])], WHY)) == broken, (name, shift)
    assert {name: await on(shift) for name, shift in shifts.items()} == before
    assert await moves_of(run) == []


async def test_who_signed_up_themselves_stays_and_a_shift_is_not_left_half_empty(db: None) -> None:
    [(own, principal), *_] = await small.people(3)
    [mixed] = await small.shifts(9, seats=3, minimum=2)
    await sign_up(principal, await database.fetch_value("SELECT id FROM position"))
    planner = await small.planner()
    run = await small.solved(planner)
    own_id, people = await person(own), await on(mixed)
    others = [one for one in people if one != own_id]
    assert await codes(service.take(planner, run, [(mixed, 1, own_id)], WHY)) == {"signed_up"}
    await service.take(planner, run, [(mixed, 1, others[0])], WHY)
    await service.take(planner, run, [(mixed, 1, others[1])], WHY)  # nobody is sent in vain: who stays chose it
    assert await on(mixed) == [own_id]


async def test_only_an_unpublished_plan_is_changed_with_a_reason_and_an_approval_does_not_outlive_it(db: None) -> None:
    planner, run, [shift], [first, second] = await planned(9, seats=2)
    with pytest.raises(ReasonForMoveMissing):
        await service.take(planner, run, [(shift, 1, first)], " ")
    with pytest.raises(NobodyChosen):
        await service.take(planner, run, [], WHY)
    with pytest.raises(NotFound):
        await service.take(planner, run, [(shift, 2, first)], WHY)
    await approve_plan(planner, run)
    await service.take(planner, run, [(shift, 1, first)], WHY)
    assert await database.fetch_one("SELECT status, approved_at, approved_by FROM dispatch_run") == {
        "status": "solved",
        "approved_at": None,
        "approved_by": None,
    }
    assert (await small.publish(planner, run)).sent == 1
    with pytest.raises(PlanIsOut):
        await service.take(planner, run, [(shift, 1, second)], WHY)


async def test_what_was_approved_stays_as_it_is_whoever_writes(db: None) -> None:
    planner, run, _, _ = await planned(9)
    taken = "UPDATE dispatch_proposal SET outcome = 'taken'"
    await refused("dispatch_proposal_taken_by_a_move", taken)
    await approve_plan(planner, run)
    for change in (
        taken,
        "UPDATE dispatch_proposal SET pinned = true",
        "DELETE FROM dispatch_proposal",
        """INSERT INTO dispatch_proposal (run_id, position_id, person_id, pinned)
           SELECT d.run_id, d.position_id, p.id, false FROM dispatch_proposal d, person p""",
    ):
        await refused("dispatch_proposals_are_frozen", change)
    published = "UPDATE dispatch_run SET status = 'published', published_at = approved_at"
    await database.execute("UPDATE dispatch_run SET status = 'solved', approved_at = NULL, approved_by = NULL")
    await refused("dispatch_run_approved_first", f"{published}, approved_at = now()")
    await refused("dispatch_run_approved_when", "UPDATE dispatch_run SET approved_at = now()")


async def test_a_move_says_who_why_and_what_and_is_undone_once(db: None) -> None:
    planner, run, [shift], [first, *_] = await planned(9, seats=2)
    await service.take(planner, run, [(shift, 1, first)], WHY)
    made = """INSERT INTO dispatch_move (run_id, number, kind, undoes_id, reason, moved_by, moved_at)
              SELECT run_id, $1, $2, $3, $4, moved_by, now() FROM dispatch_move WHERE number = 1"""
    move = await database.fetch_value("SELECT id FROM dispatch_move")
    await refused("dispatch_move_in_order", made, 1, "put", None, WHY)
    await refused("dispatch_move_says_why", made, 2, "put", None, " ")
    await refused("dispatch_move_undoes_one", made, 2, "undo", None, "")
    await service.undo(planner, run)
    await refused("dispatch_move_undone_once", made, 3, "undo", move, "")
    again = """INSERT INTO dispatch_move_seat (move_id, position_id, person_id, does)
               SELECT move_id, position_id, person_id, 'put' FROM dispatch_move_seat"""
    await refused("dispatch_move_seat_once", again)
    await refused("append_only", "UPDATE dispatch_move SET reason = 'x'")


async def counted() -> dict[str, tuple[int, str, dict[str, int]]]:
    """Return what is kept of each empty seat: how many, the reason, who is kept away by what."""
    rows = await database.fetch(
        """SELECT a.reference, g.empty_seats, g.reason, g.refusals::text AS refusals FROM dispatch_gap g
           JOIN position p ON p.id = g.position_id JOIN assignment a ON a.id = p.assignment_id"""
    )
    return {row["reference"]: (row["empty_seats"], row["reason"], json.loads(row["refusals"])) for row in rows}


async def test_a_move_also_corrects_why_the_people_moved_do_not_fill_other_seats(db: None) -> None:
    """Two people, three shifts at once: whoever is taken off could now stand on the one that stays empty."""
    planner, run, shifts, _ = await planned(9, 9.5, 10)
    [(empty, (seats, reason, kept_away))] = (await counted()).items()
    assert (seats, reason, kept_away) == (1, "elsewhere", {"elsewhere": 2})
    busy = next(shift for shift in shifts if shift != empty)
    [first] = await on(busy)
    await service.take(planner, run, [(busy, 1, first)], WHY)
    assert (await counted())[empty][2] == {"elsewhere": 1, "shift_not_held": 1}
    await service.undo(planner, run)
    assert await counted() == {empty: (1, "elsewhere", {"elsewhere": 2})}
