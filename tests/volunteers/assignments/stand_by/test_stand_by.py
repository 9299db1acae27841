"""Who said that they would step in is called first, and only they say so."""

import itertools
from datetime import time, timedelta
from uuid import UUID

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Principal
from app.core.errors import NotFound, TransitionRefused
from app.core.state import advance
from tests.app.web.client import client
from tests.volunteers import world
from tests.volunteers.assignments.call_outs import stage
from volunteers.assignments.sign_ups.rules import SignUpRefused
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.assignments.stand_by import queries, service
from volunteers.assignments.stand_by.rules import (
    TRANSITIONS,
    AlreadyOnStandBy,
    StandByEvent,
    StandByStatus,
    TooFarAway,
    part_of,
)


@pytest.mark.parametrize(("status", "event"), list(itertools.product(StandByStatus, StandByEvent)))
def test_every_pair_of_status_and_event_is_decided(status: StandByStatus, event: StandByEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


async def station_of(shift_id: int) -> int:
    return int(await database.fetch_value("SELECT station_id FROM assignment WHERE id = $1", shift_id))


async def first_asked(lawyer: Principal, taken: str | UUID) -> list[int]:
    """Let the lawyer withdraw; return who is asked, the first first."""
    await withdraw(lawyer, UUID(str(taken)))
    return [row["person_id"] for row in await database.fetch("SELECT person_id FROM call_out_ask ORDER BY wave, rank")]


async def test_who_stands_by_for_the_shift_is_asked_before_who_lives_nearer(db: None) -> None:
    scene = await stage.scene()
    far, person = scene.others[3]
    await service.stand_by_for(person, scene.shift.position_ids[0])
    assert (await first_asked(scene.lawyer, scene.sign_up))[0] == far


@pytest.mark.parametrize(("hour", "called"), [(9, True), (21, True), (22, False)])
async def test_who_stands_by_each_week_is_asked_on_that_weekday_and_only_for_shifts_that_end_before_midnight(
    db: None, hour: int, called: bool
) -> None:
    starts = clock.at_local(clock.today() + timedelta(days=3), time(hour))
    found = await stage.shift(starts=starts, ends=starts + timedelta(hours=3))
    [(ready, person)] = await stage.lawyers(1)
    station, weekday = await station_of(found.id), clock.local(starts).weekday()
    await service.stand_by_at(person, station, (weekday + 1) % 7, "day")
    assert ready not in await queries.called_first(found.position_ids[0])
    await service.stand_by_at(person, station, weekday, "day")
    assert (ready in await queries.called_first(found.position_ids[0])) is called


@pytest.mark.parametrize(
    ("hour", "part", "called"), [(9, "am", True), (9, "pm", False), (11, "am", False), (14, "pm", True)]
)
async def test_a_part_of_the_day_holds_for_shifts_that_lie_wholly_in_it(
    db: None, hour: int, part: str, called: bool
) -> None:
    starts = clock.at_local(clock.today() + timedelta(days=3), time(hour))
    found = await stage.shift(starts=starts, ends=starts + timedelta(hours=3))
    [(person_id, who)] = await stage.lawyers(1)
    await service.stand_by_at(who, await station_of(found.id), starts.weekday(), part)
    assert ((await queries.called_first(found.position_ids[0])) == [person_id]) is called


async def test_a_stand_by_is_offered_once_by_who_may_have_the_seat_and_taken_back_by_themselves(db: None) -> None:
    scene = await stage.scene(2)
    (_, one), (_, other) = scene.others
    position = scene.shift.position_ids[0]
    offered = await service.stand_by_for(one, position)
    with pytest.raises(AlreadyOnStandBy):
        await service.stand_by_for(one, position)
    with pytest.raises(NotFound):
        await service.end_stand_by(other, offered)
    await service.end_stand_by(one, offered)
    with pytest.raises(TransitionRefused):
        await service.end_stand_by(one, offered)
    assert await queries.called_first(position) == []
    [(_, layman)] = await world.people([world.profile()])
    with pytest.raises(SignUpRefused):
        await service.stand_by_for(layman, position)


async def test_a_weekly_stand_by_needs_a_station_within_reach_and_no_second_one_for_the_same_hours(db: None) -> None:
    scene = await stage.scene(1)
    [(person_id, who)] = scene.others
    station = await station_of(scene.shift.id)
    await service.stand_by_at(who, station, 1, "am")
    with pytest.raises(AlreadyOnStandBy):
        await service.stand_by_at(who, station, 1, "day")
    await service.stand_by_at(who, station, 1, "pm")
    assert [(one.weekday, one.part) for one in await queries.my_stand_bys(who)] == [(1, "am"), (1, "pm")]
    await database.execute("UPDATE person SET max_travel_m = 1000, home_east_m = 90000 WHERE id = $1", person_id)
    with pytest.raises(TooFarAway):
        await service.stand_by_at(who, station, 2, "am")
    assert await queries.near_stations(who) == []


async def test_the_database_keeps_what_was_offered(db: None) -> None:
    scene = await stage.scene(1)
    [(person_id, who)] = scene.others
    await service.stand_by_for(who, scene.shift.position_ids[0])
    with pytest.raises(asyncpg.RestrictViolationError):
        await database.execute("UPDATE stand_by SET position_id = NULL, station_id = 1, weekday = 1")
    with pytest.raises(asyncpg.CheckViolationError, match="stand_by_for_one_shift_or_each_week"):
        await database.execute(
            "INSERT INTO stand_by (person_id, status, created_at) VALUES ($1, 'ready', now())", person_id
        )


async def test_it_is_offered_on_a_full_shift_and_seen_by_the_station(db: None) -> None:
    scene = await stage.scene(1)
    [(_, who)] = scene.others
    reference = scene.shift.reference
    async with client(who) as page:
        assert "做替补" in (await page.get(f"/assignments/{reference}")).text
        assert (await page.post(f"/assignments/{reference}/1/stand-by")).status_code == 303
        assert "你是替补" in (await page.get(f"/assignments/{reference}")).text
        [entry] = (await page.get("/api/v1/stand-by", headers={"accept": "application/json"})).json()
        assert entry["assignment"] == reference
        assert reference in (await page.get("/my/assignments")).text
        refused = await page.post("/my/stand-by", data={"station": "0", "weekday": "1", "part": "am"})
        assert refused.status_code == 404
    async with client(scene.staff) as page:
        assert "替补" in (await page.get(f"/station/shifts/{reference}")).text


def test_each_part_of_the_day_has_its_name() -> None:
    assert [part_of(0, 720), part_of(720, 1080), part_of(1080, 1440), part_of(0, 1440)] == ["am", "pm", "eve", "day"]


async def test_who_has_the_seat_meanwhile_is_not_offered_to_step_in(db: None) -> None:
    found = await stage.shift(60 * 24)
    [(_, who), (_, other)] = await stage.lawyers(2)
    await sign_up(who, found.position_ids[0])
    position = found.position_ids[0]
    assert not _open(await queries.on_position(who, position))
    assert _open(await queries.on_position(other, position))


def _open(shown: queries.OnPosition | None) -> bool:
    assert shown is not None
    return shown.open_to
