"""Trainings: defined by a station, recorded for many at once by a second party, never rewritten."""

import asyncio
from dataclasses import replace
from datetime import date
from itertools import product

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, NotPermitted, SamePersonRefused, TransitionRefused
from app.core.state import advance
from tests.app.web.client import client
from tests.volunteers import world
from tests.volunteers.assignments.patterns.test_patterns import PLAIN
from tests.volunteers.people.trainings.stage import DAY, a_training, completed, gated, public_ids
from tests.world import account
from volunteers.assignments.desk.service import add_positions
from volunteers.assignments.patterns import service as patterns
from volunteers.assignments.rules import PositionDraft
from volunteers.people.registration.service import Registration, register_people
from volunteers.people.trainings import queries, service
from volunteers.people.trainings.rules import (
    TRANSITIONS,
    NotYetHeld,
    OutOfReach,
    TrainingEvent,
    TrainingStatus,
    TrainingUnknown,
)


@pytest.mark.parametrize(("status", "event"), list(product(TrainingStatus, TrainingEvent)))
def test_a_training_moves_only_as_the_table_says(status: TrainingStatus, event: TrainingEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is not status
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


async def test_nobody_records_or_takes_back_their_own_training(staff: Principal) -> None:
    both = await account(Role.STATION_STAFF, world.TOWN)
    person_id = (await register_people(world.IMPORTER, [Registration(both.actor, world.profile())])).person_ids[
        both.actor
    ]
    reference = await a_training(staff)
    with pytest.raises(SamePersonRefused):
        await completed(both, reference, [(person_id, both)], clock.today())
    await completed(staff, reference, [(person_id, both)], clock.today())
    [done] = await queries.trainees(staff, reference, "", completed=True)
    assert done.completion is not None
    with pytest.raises(SamePersonRefused):
        await service.revoke_completion(both, done.completion, "by mistake")


async def test_a_completion_is_never_rewritten_and_its_last_day_follows_from_the_training(staff: Principal) -> None:
    reference = await a_training(staff, valid_months=1)
    [person] = await world.volunteers(1)
    await completed(staff, reference, [person], date(2026, 1, 31))
    row = await database.fetch_one("SELECT id, valid_until FROM training_completion")
    assert row is not None
    assert row["valid_until"] == date(2026, 2, 27)
    for change in ("valid_until = '2030-01-01'", "completed_on = '2025-01-01'", "recorded_by = recorded_by + 1"):
        with pytest.raises(asyncpg.RestrictViolationError) as refusal:
            await database.execute(f"UPDATE training_completion SET {change}")
        assert refusal.value.constraint_name == "training_completion_is_kept"
    with pytest.raises(asyncpg.RestrictViolationError):
        await database.execute("DELETE FROM training_completion")


async def test_many_are_recorded_at_once_and_twice_is_once(staff: Principal) -> None:
    reference = await a_training(staff)
    people = await world.volunteers(12)
    counts = await asyncio.gather(*(completed(staff, reference, people, clock.today()) for _ in range(3)))
    assert sum(counts) == 12
    assert len(await queries.trainees(staff, reference, "", completed=True)) == 12
    assert await queries.trainees(staff, reference, "", completed=False) == []


async def test_only_who_holds_it_records_only_whom_they_reach_and_nothing_ahead(staff: Principal) -> None:
    reference = await a_training(staff)
    near, far = await world.people([world.profile(), world.profile(home_place_code="330102")])
    stranger = await world.officer(Role.STATION_STAFF, "330102")
    with pytest.raises(NotPermitted):
        await completed(stranger, reference, [near], clock.today())
    with pytest.raises(OutOfReach):
        await completed(staff, reference, [near, far], clock.today())
    with pytest.raises(NotYetHeld):
        await completed(staff, reference, [near], clock.today() + DAY)
    with pytest.raises(InvalidInput):
        await service.record_completions(staff, reference, [], clock.today())
    with pytest.raises(NotPermitted):
        await a_training(stranger)
    with pytest.raises(InvalidInput):
        await a_training(staff, title_zh=" ")


async def test_a_seat_asks_only_for_trainings_that_exist_and_they_are_never_lost(staff: Principal) -> None:
    with pytest.raises(TrainingUnknown):
        await gated("PX-2026-999999")
    shift = await gated()
    with pytest.raises(TrainingUnknown):
        await add_positions(staff, [(shift.reference, PositionDraft("more", trainings_all=("PX-1999-000001",)))])
    reference = await a_training(staff)
    for statement in ("DELETE FROM training", "UPDATE training SET reference = 'PX-1'"):
        with pytest.raises(asyncpg.RestrictViolationError) as refusal:
            await database.execute(statement)
        assert refusal.value.constraint_name == "training_is_kept"
    assert await service.move_on(staff, reference, TrainingEvent.END) is TrainingStatus.ENDED


async def test_pages_and_api_lead_from_defining_to_signing_up(staff: Principal) -> None:
    [person] = await world.volunteers(1)
    [public_id] = await public_ids([person])
    station = await world.station()
    async with client(staff) as http:
        empty = await http.post("/station/trainings", data={"station": station, "title_zh": "调解入门"})
        made = await http.post(
            "/station/trainings",
            data={"station": station, "title_zh": "调解入门", "where_zh": "二楼", "valid_months": ""},
        )
        path = made.headers["location"]
        page = await http.get(path)
        none = await http.post(path, data={"completed_on": clock.today().isoformat()})
        taken = await http.post(path, data={"completed_on": clock.today().isoformat(), "people": str(public_id)})
        desk = await http.get("/station/new")
    reference = path.rsplit("/", 1)[1]
    assert (empty.status_code, made.status_code, none.status_code, taken.status_code) == (422, 303, 422, 303)
    assert "调解入门" in empty.text
    assert str(public_id) in page.text
    assert reference in desk.text
    async with client(person[1]) as http:
        listed = (await http.get("/trainings")).text
        shown = (await http.get(f"/trainings/{reference}")).text
        own = (await http.get("/api/v1/people/me/trainings")).json()
        profile = (await http.get("/my/profile")).text
    assert "已完成" in listed
    assert "二楼" in shown
    assert [one["reference"] for one in own] == [reference]
    assert "调解入门" in profile


async def test_shifts_of_a_pattern_and_what_programs_see_ask_for_the_same(staff: Principal) -> None:
    reference = await a_training(staff)
    station = await world.station()
    positions = (PositionDraft("讲师", trainings_all=(reference,)),)
    grounds = {"place_id": await world.place_id(world.TOWN), "station_id": station, "positions": positions}
    public_id = await patterns.create_pattern(staff, replace(PLAIN, **grounds))
    made = await patterns.generate(staff, public_id, 2)
    rows = await database.fetch("SELECT trainings_all FROM position")
    assert [row["trainings_all"] for row in rows] == [[reference]] * len(made)
    async with client(staff) as http:
        seen = (await http.get(f"/api/v1/assignments/{made[0].reference}")).json()
        body = {"station": station, "title_zh": "急救", "where_zh": "每月"}
        assert (await http.post("/api/v1/trainings", json=body)).status_code == 201
    assert seen["positions"][0]["trainings_all"] == [reference]
