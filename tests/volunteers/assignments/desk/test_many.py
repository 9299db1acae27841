"""Copies and changes of many assignments: previewed, done once, refused one by one or as a whole."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, NotPermitted
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.test_pages import got, sent
from volunteers.assignments.desk.bulk.service import BulkAction, Change, NoneDone, NothingTicked, change_many
from volunteers.assignments.desk.copies.service import NothingToCopy, Span, copy_days, copy_one, preview
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.service import sign_up

MONDAY = clock.local(world.MONDAY).date()
WEEK = timedelta(days=7)
OPENS = world.MONDAY - timedelta(hours=2)
SAME = """SELECT title_zh, kind, compensation, insured, sign_up_mode, contact_name, parties, east_m,
    (SELECT array_agg((role_zh, capacity, minimum, credentials_any) ORDER BY number) FROM position p
     WHERE p.assignment_id = a.id) AS seats, starts, ends, starts - regulars_until AS ahead
    FROM assignment a WHERE reference = $1"""


@pytest.fixture
async def staff(db: None) -> Principal:
    """Return the staff of a town."""
    return await world.officer(Role.STATION_STAFF, world.TOWN)


async def two(station: int, **changes: object) -> list[Published]:
    """Publish a shift on Monday and one on Wednesday."""
    first = await world.draft(9, station_id=station, title_zh="一", **changes)
    second = replace(first, title_zh="三", starts=first.starts + timedelta(days=2), ends=first.ends + timedelta(days=2))
    return await world.publish(first, second)


async def titles(*, at: int = 0) -> list[str]:
    """Return the titles of the week that begins so many days after Monday."""
    first = world.MONDAY + timedelta(days=at)
    rows = await database.fetch(
        "SELECT title_zh FROM assignment WHERE starts BETWEEN $1 AND $2 AND status <> 'cancelled' ORDER BY starts",
        *(first, first + WEEK),
    )
    return [row["title_zh"] for row in rows]


async def test_a_week_comes_again_with_all_that_its_shifts_say_but_nobody_on_them(staff: Principal) -> None:
    station = await world.station()
    seats = (PositionDraft("讲师", 2, credentials_any=("lawyer",)), PositionDraft("助手"))
    first, _ = await two(
        station, positions=seats, contact_name="王", parties=("p",), point=(7, 8), regulars_until=OPENS
    )
    [(_, volunteer)] = await world.volunteers(1)
    with clock.travelled_to(OPENS):
        await sign_up(volunteer, first.position_ids[1])
    span = Span(station, MONDAY, 7, MONDAY + WEEK)
    assert [copy.state for copy in await preview(staff, span)] == ["new", "new"]
    made, _ = await copy_days(staff, span, [copy.reference for copy in await preview(staff, span)])
    before, after = [await database.fetch_one(SAME, one.reference) for one in (first, made)]
    assert before is not None
    assert before["ahead"] == timedelta(hours=11)
    assert after == {**before, "starts": before["starts"] + WEEK, "ends": before["ends"] + WEEK}
    assert await database.fetch_value("SELECT sum(booked) FROM position WHERE assignment_id = $1", made.id) == 0
    assert [copy.state for copy in await preview(staff, span)] == ["there", "there"]
    with pytest.raises(NothingToCopy):
        await copy_days(staff, span, [first.reference])


async def test_a_day_and_what_is_ticked_only(staff: Principal) -> None:
    station = await world.station()
    first, second = await two(station)
    day = Span(station, MONDAY, 1, MONDAY + timedelta(days=8))
    await copy_days(staff, day, [first.reference, second.reference])
    assert await titles(at=7) == ["一"]
    past = Span(station, MONDAY, 1, MONDAY - timedelta(days=28))
    assert [copy.state for copy in await preview(staff, past)] == ["past"]
    made = await copy_one(staff, second.reference, MONDAY + timedelta(days=9))
    assert made.reference
    assert await titles(at=7) == ["一", "三"]


async def test_two_presses_at_once_copy_once(staff: Principal) -> None:
    station = await world.station()
    for step in range(rounds(3, 100)):
        [stored] = await world.publish(await world.draft(9, station_id=station, title_zh=f"R{step}"))
        asked = [copy_one(staff, stored.reference, MONDAY + timedelta(days=1)) for _ in range(4)]
        done = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(isinstance(one, Published) for one in done) == 1
        assert {type(one) for one in done} <= {Published, NothingToCopy}


async def test_others_stations_are_not_copied_or_changed(staff: Principal) -> None:
    station = await world.station()
    first, _ = await two(station)
    stranger = await world.officer(Role.STATION_STAFF, "330102")
    for refused in (
        preview(stranger, Span(station, MONDAY, 7, MONDAY + WEEK)),
        copy_one(stranger, first.reference, MONDAY + WEEK),
    ):
        with pytest.raises(NotPermitted):
            await refused
    result = await change_many(stranger, [first.reference], Change(BulkAction.CLOSE), all_or_none=False)
    assert (result.done, list(result.refused)) == ((), [first.reference])


@pytest.mark.parametrize(
    ("change", "column", "value"),
    [
        (Change(BulkAction.SHIFT, minutes=30), "starts::text", "01:30"),
        (Change(BulkAction.CLOSE), "status", "closed"),
        (Change(BulkAction.CANCEL, reason="台风"), "cancelled_reason", "台风"),
        (Change(BulkAction.CAPACITY, capacity=9), "(SELECT capacity FROM position WHERE assignment_id = a.id)", "9"),
    ],
)
async def test_one_change_for_all_that_were_ticked(staff: Principal, change: Change, column: str, value: str) -> None:
    stored = await two(await world.station())
    result = await change_many(staff, [one.reference for one in stored], change, all_or_none=True)
    assert len(result.done) == 2
    rows = await database.fetch(f"SELECT {column}::text AS found FROM assignment a")
    assert all(value in row["found"] for row in rows), rows


async def test_what_is_refused_is_named_and_undoes_the_rest_only_if_asked(staff: Principal) -> None:
    first, second = await two(await world.station(), positions=(PositionDraft("讲师", 2),))
    for _, volunteer in await world.volunteers(2):
        await sign_up(volunteer, first.position_ids[0])
    both, one = [first.reference, second.reference, "RW-0000-000000"], Change(BulkAction.CAPACITY, capacity=1)
    with pytest.raises(NoneDone) as refusal:
        await change_many(staff, both, one, all_or_none=True)
    assert refusal.value.values["count"] == 2
    capacities = "SELECT array_agg(capacity ORDER BY id) FROM position"
    assert await database.fetch_value(capacities) == [2, 2]
    result = await change_many(staff, both, one, all_or_none=False)
    assert (result.done, set(result.refused)) == ((second.reference,), {first.reference, both[2]})
    assert "已有 2 人报名" in str(result.refused[first.reference])
    assert await database.fetch_value(capacities) == [2, 1]
    with pytest.raises(NothingTicked):
        await change_many(staff, [], one, all_or_none=False)
    with pytest.raises(InvalidInput):
        await change_many(staff, both, Change(BulkAction.SHIFT), all_or_none=False)


async def test_cancelling_many_against_signing_up_leaves_nobody_on_a_cancelled_shift(staff: Principal) -> None:
    station = await world.station()
    people = await world.volunteers(4)
    for _ in range(rounds(3, 100)):
        stored = await two(station, positions=(PositionDraft("讲师", 4),))
        wishes = [sign_up(who, shift.position_ids[0]) for _, who in people for shift in stored]
        references = [shift.reference for shift in reversed(stored)]
        cancel = change_many(staff, references, Change(BulkAction.CANCEL, reason="x"), all_or_none=False)
        outcomes = await asyncio.gather(*wishes, cancel, return_exceptions=True)
        assert not any("deadlock" in str(one) for one in outcomes)
        assert not await database.fetch_value("SELECT count(*) FROM sign_up WHERE live")


async def test_the_pages_preview_copy_and_change_many(staff: Principal) -> None:
    station = await world.station()
    first, second = await two(station)
    shown = await got(staff, f"/station/copy?station={station}&from={MONDAY}&to={MONDAY + WEEK}")
    assert "将新增" in shown.text
    form = {"station": station, "what": "week", "first": MONDAY.isoformat(), "to": (MONDAY + WEEK).isoformat()}
    assert (await sent(staff, "/station/copy", **form)).status_code == 409
    answer = await sent(staff, "/station/copy", **form, shifts=[first.reference, second.reference])
    assert answer.headers["location"] == f"/station/week?station={station}&week={MONDAY + WEEK}"
    assert await titles(at=7) == ["一", "三"]
    copied = await sent(staff, f"/station/shifts/{first.reference}/copy", to=(MONDAY + timedelta(days=3)).isoformat())
    assert copied.status_code == 303
    listed = await got(staff, f"/station/bulk?station={station}&since={MONDAY}")
    assert f'value="{first.reference}"' in listed.text
    change = {"action": "cancel", "shifts": [first.reference, second.reference], "since": MONDAY.isoformat()}
    refused = await sent(staff, "/station/bulk", **change, rows="good", minutes=0)
    assert refused.text.count("请写明取消的原因") == 2
    assert (await sent(staff, "/station/bulk", **change, reason="台风")).status_code == 303
    assert await titles() == ["一"]


async def test_programs_do_the_same(staff: Principal) -> None:
    station = await world.station()
    first, second = await two(station)
    async with client(staff) as http:
        query = {"station": station, "first": MONDAY.isoformat(), "to": (MONDAY + WEEK).isoformat()}
        listed = await http.get("/api/v1/assignments/copies", params=query)
        assert [copy["state"] for copy in listed.json()] == ["new", "new"]
        made = await http.post("/api/v1/assignments/copies", json={**query, "days": 7})
        assert len(made.json()) == 2
        body = {"references": [first.reference, second.reference, "RW-x"], "action": "close"}
        done = (await http.post("/api/v1/assignments/bulk", json=body)).json()
        assert (done["done"], list(done["refused"])) == ([first.reference, second.reference], ["RW-x"])
        path = f"/api/v1/assignments/{first.reference}"
        assert (await http.patch(path, json={"title_zh": "改名"})).status_code == 200
        assert (await http.patch(path, json={"contact_phone": "x"})).status_code == 422
        seats = await http.post(f"{path}/positions", json=[{"role_zh": "助手", "capacity": 2}])
        assert seats.status_code == 201
        shown = (await http.get(path)).json()
        assert (shown["title_zh"], [p["role_zh"] for p in shown["positions"]]) == ("改名", ["helper", "助手"])
