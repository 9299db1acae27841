"""A station's regulars first: who counts, who waits until when, and the ways that stay open."""

from datetime import datetime, timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import InvalidInput, NotFound, NotPermitted
from app.web.filters import local_time
from app.web.i18n import day, translate
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.sign_ups.test_races import outcomes
from volunteers.assignments.call_outs.service import call_by_hand
from volunteers.assignments.desk.service import change_details
from volunteers.assignments.patterns import service as patterns
from volunteers.assignments.patterns.rules import PatternDraft
from volunteers.assignments.queries import AssignmentFilter, open_assignments
from volunteers.assignments.regulars import rules, service
from volunteers.assignments.requests import service as requests
from volunteers.assignments.rules import Compensation, DraftRefused, Kind, PositionDraft, SignUpMode
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.disruptions import reschedule
from volunteers.assignments.sign_ups.queries import why_not
from volunteers.assignments.sign_ups.rules import Origin, RegularsFirst
from volunteers.assignments.sign_ups.service import Wanted, sign_up, sign_up_many
from volunteers.assignments.waiting.service import join_line
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance

OPENS = world.MONDAY - timedelta(hours=2)


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def shift(
    station: int, hours: float = 9, seats: int = 3, until: datetime | None = OPENS, **changes: object
) -> Published:
    positions = (PositionDraft("helper", seats),)
    [found] = await world.publish(
        await world.draft(hours, station_id=station, positions=positions, regulars_until=until, **changes)
    )
    return found


async def staff() -> Principal:
    return await world.officer(Role.STATION_STAFF, world.TOWN)


async def marked(station: int, person: int, by: Principal | None = None) -> None:
    """Let somebody come once and be marked."""
    await database.execute(
        "INSERT INTO station_regular (station_id, person_id, marked_by, marked_at) VALUES ($1, $2, $3, now())",
        *(station, person, (by or await staff()).actor),
    )


async def came(station: int, who: Principal, times: int, days_ago: int = 0) -> None:
    """Let somebody work at a station so often, in the weeks before the test week."""
    officer, then = await staff(), world.MONDAY - timedelta(days=200 + days_ago)
    with clock.travelled_to(then - timedelta(days=1)):
        made = [
            (await world.publish(await world.draft(station_id=station, starts=at, ends=at + timedelta(hours=2))))[0]
            for at in (then + timedelta(days=n) for n in range(times))
        ]
        seats = [await sign_up(who, one.position_ids[0]) for one in made]
    with clock.travelled_to(then + timedelta(days=times + 1)):
        await confirm_attendance(officer, [Presence(seat, Outcome.ATTENDED) for seat in seats])


@given(st.integers(0, 9), st.booleans())
def test_three_times_or_a_mark_make_a_regular(times: int, mark: bool) -> None:
    assert rules.is_regular(times, mark) == (mark or times > 2)


async def test_until_the_time_only_regulars_sign_up_and_afterwards_everybody(db: None) -> None:
    station = await world.station()
    (regular, first), (_, other) = await world.volunteers(2)
    await marked(station, regular)
    found = await shift(station)
    [seat] = found.position_ids
    with pytest.raises(RegularsFirst) as refusal:
        await sign_up(other, seat)
    told = translate(refusal.value.reasons[0])
    assert f"{day(OPENS)} {clock.local(OPENS):%H:%M} 起人人都能报" in told
    [answer] = await why_not(other, found.reference)
    assert [translate(reason) for reason in answer.reasons] == [told]
    assert await sign_up(first, seat)
    with clock.travelled_to(OPENS - timedelta(seconds=1)), pytest.raises(RegularsFirst):
        await sign_up(other, seat)
    with clock.travelled_to(OPENS):
        assert await sign_up(other, seat)


async def test_who_came_three_times_in_half_a_year_is_a_regular_by_that(db: None) -> None:
    station, elsewhere = await world.station(), await world.station()
    (_, often), (_, twice), (_, long_ago), (_, at_another) = await world.volunteers(4)
    await came(station, often, 3, -100)
    await came(station, twice, 2, -90)
    await came(station, long_ago, 4)
    await came(elsewhere, at_another, 3, -80)
    found = await shift(station, 9, 9)
    assert await sign_up(often, found.position_ids[0])
    for nobody in (twice, long_ago, at_another):
        with pytest.raises(RegularsFirst):
            await sign_up(nobody, found.position_ids[0])


async def test_the_list_of_what_one_may_take_leaves_out_what_is_for_regulars(db: None) -> None:
    station = await world.station()
    (regular, _), (other, _) = await world.volunteers(2)
    await marked(station, regular)
    found = await shift(station)
    for person, seen in ((regular, [found.reference]), (other, [])):
        rows = await open_assignments(AssignmentFilter(person_id=person, eligible=True))
        assert [row.reference for row in rows] == seen


async def test_a_plan_waits_too_but_whom_the_station_lets_in_sits_down(db: None) -> None:
    station = await world.station()
    people = await world.volunteers(4)
    found = await shift(station, seats=4)
    [seat] = found.position_ids
    coordinator = await world.officer(Role.COORDINATOR)
    planned = await sign_up_many(coordinator, [Wanted(seat, people[0][0])], Origin.DISPATCH)
    assert [type(one) for one in planned.refused.values()] == [RegularsFirst]
    listed = await sign_up_many(coordinator, [Wanted(seat, people[1][0])], Origin.IMPORT)
    assert len(listed.taken) == 1
    await change_details(coordinator, found.reference, {"sign_up_mode": SignUpMode.REQUEST})
    asked = await requests.ask(people[2][1], seat, "")
    assert (await requests.choose(await staff(), [asked])).taken == 1


async def test_nobody_gets_round_the_head_start_by_standing_in_line(db: None) -> None:
    station = await world.station()
    (regular, first), (another, second), (_, other) = await world.volunteers(3)
    await marked(station, regular)
    await marked(station, another)
    found = await shift(station, seats=1)
    [seat] = found.position_ids
    await sign_up(first, seat)
    with pytest.raises(RegularsFirst):
        await join_line(other, seat)
    assert await join_line(second, seat)
    with pytest.raises(asyncpg.CheckViolationError, match="regulars"):
        await database.execute(
            """INSERT INTO waiting_entry (position_id, person_id, line, status, joined_at)
               SELECT $1, p.id, 9, 'waiting', now() FROM person p WHERE p.account_id = $2""",
            *(seat, other.actor),
        )


async def test_raw_sql_seats_nobody_before_the_time_and_a_call_lets_in(db: None) -> None:
    station = await world.station()
    (regular, _), (person, who) = await world.volunteers(2)
    await marked(station, regular)
    found = await shift(station)
    insert = """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
                SELECT p.id, a.id, $2, a.starts, a.ends, $4, $3, now()
                FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1"""
    for origin, status in (("self", "confirmed"), ("dispatch", "confirmed"), ("dispatch", "offered")):
        with pytest.raises(asyncpg.CheckViolationError, match="regulars"):
            await database.execute(insert, found.position_ids[0], person, origin, status)
    await database.execute(insert, found.position_ids[0], regular, "self", "confirmed")
    with pytest.raises(asyncpg.CheckViolationError, match="regulars"):
        await database.execute("UPDATE sign_up SET person_id = $1", person)
    with pytest.raises(asyncpg.CheckViolationError, match="marks themselves"):
        await marked(station, person, who)
    await call_by_hand(await staff(), found.reference, 1)
    called = await database.fetch_value("SELECT count(*) FROM call_out_ask WHERE person_id = $1", person)
    if called:  # who is called to cover need not wait
        await database.execute(insert, found.position_ids[0], person, "self", "confirmed")


async def test_the_head_start_ends_before_the_shift_and_moves_with_it(db: None) -> None:
    station = await world.station()
    with pytest.raises(DraftRefused) as refusal:
        await shift(station, until=world.MONDAY + timedelta(hours=9))
    assert "regulars_until" in refusal.value.fields
    found = await shift(station)
    officer = await staff()
    starts = world.MONDAY + timedelta(hours=33)
    await reschedule(officer, found.reference, starts, starts + timedelta(hours=2))
    moved = "SELECT regulars_until FROM assignment WHERE id = $1"
    assert await database.fetch_value(moved, found.id) == OPENS + timedelta(hours=24)
    with pytest.raises(InvalidInput):
        await change_details(officer, found.reference, {"regulars_until": starts})
    await change_details(officer, found.reference, {"regulars_until": None})
    assert await database.fetch_value(moved, found.id) is None


async def test_a_pattern_gives_each_of_its_shifts_a_head_start(db: None) -> None:
    officer, today = await staff(), clock.today()
    station = await world.station()
    stated = PatternDraft(
        kind=Kind.LECTURE, title_zh="讲座", place_id=await world.place_id(world.TOWN), station_id=station,
        weekdays=tuple(range(7)), from_minute=540, minutes=120, valid_from=today + timedelta(days=9),
        compensation=Compensation.UNPAID, insured=True, positions=(PositionDraft("讲师"),), regulars_hours=72,
    )  # fmt: skip
    public_id = await patterns.create_pattern(officer, stated)
    made = await patterns.generate(officer, public_id, 2)
    ahead = "SELECT DISTINCT starts - regulars_until AS ahead FROM assignment WHERE pattern_id IS NOT NULL"
    assert made
    assert [row["ahead"] for row in await database.fetch(ahead)] == [timedelta(hours=72)]
    changed = PatternDraft(**{**{name: getattr(stated, name) for name in stated.__slots__}, "regulars_hours": None})
    await patterns.change_pattern(officer, public_id, changed, 1, follow=True)
    assert [row["ahead"] for row in await database.fetch(ahead)] == [None]


async def test_marking_is_for_the_station_and_for_those_who_come(db: None) -> None:
    station = await world.station()
    (person, who), (stranger, _) = await world.volunteers(2)
    found = await shift(station, until=None)
    await sign_up(who, found.position_ids[0])
    ids = {row["id"]: row["public_id"] for row in await database.fetch("SELECT id, public_id FROM person")}
    officer = await staff()
    with pytest.raises(NotFound):
        await service.mark(officer, station, ids[stranger])
    with pytest.raises(NotPermitted):
        await service.mark(await world.officer(Role.STATION_STAFF, "330127100"), station, ids[person])
    await service.mark(officer, station, ids[person])
    with pytest.raises(rules.MarkedAlready):
        await service.mark(officer, station, ids[person])
    await service.unmark(officer, station, ids[person])
    with pytest.raises(rules.NotMarked):
        await service.unmark(officer, station, ids[person])
    await service.mark(officer, station, ids[person])


async def test_however_many_come_at_once_only_regulars_get_in(crowd: None) -> None:
    station = await world.station()
    people = await world.volunteers(16)
    for person, _ in people[:4]:
        await marked(station, person)
    for number in range(rounds(2, 60)):
        found = await shift(station, 9 + 24 * number, 8)
        seen = await outcomes([sign_up(who, found.position_ids[0]) for _, who in people])
        assert seen["ok"] == 4


async def test_the_page_marks_the_form_opens_early_and_the_api_does_the_same(db: None) -> None:
    station = await world.station()
    [(person, who)] = await world.people([world.profile(name="王芳")])
    seen = await shift(station, until=None)
    await sign_up(who, seen.position_ids[0])
    public_id = await database.fetch_value("SELECT public_id FROM person WHERE id = $1", person)
    officer = await staff()
    day = clock.local(world.MONDAY) + timedelta(days=1)
    sent = {
        **{"kind": "lecture", "title_zh": "讲座", "station": str(station), "compensation": "unpaid"},
        **{"starts": f"{day:%Y-%m-%d}T09:00", "ends": f"{day:%Y-%m-%d}T11:00", "role_zh": "讲师", "capacity": "2"},
    }
    async with client(officer) as http:
        assert "标为常来的人" in (await http.get("/station/regulars")).text
        assert (await http.post(f"/station/{station}/regulars/{public_id}/mark")).status_code == 303
        assert "站点标记" in (await http.get(f"/station/regulars?station={station}")).text
        late = await http.post("/station/new", data={**sent, "regulars_until": sent["starts"]})
        assert (late.status_code, "要在任务开始前结束" in late.text) == (422, True)
        made = await http.post("/station/new", data={**sent, "regulars_until": f"{day:%Y-%m-%d}T08:00"})
        assert made.status_code == 303
        reference = made.headers["location"].rsplit("/", 1)[1]
        opens = day.replace(hour=8, minute=0, second=0, microsecond=0)
        said = f"先请常来的人，{local_time(opens)} 起对所有人开放"
        assert said in (await http.get(f"/assignments/{reference}")).text
        shown = (await http.get(f"/api/v1/assignments/{reference}")).json()
        [listed] = [row for row in (await http.get("/api/v1/assignments")).json()["items"] if row["regulars_until"]]
        assert datetime.fromisoformat(shown["regulars_until"]) == opens
        assert listed == shown
        with clock.travelled_to(opens):
            assert "起对所有人开放" not in (await http.get(f"/assignments/{reference}")).text
        [entry] = (await http.get(f"/api/v1/stations/{station}/regulars")).json()
        assert (entry["name"], entry["marked"], entry["regular"], entry["times"]) == ("王芳", True, True, 0)
        path = f"/api/v1/stations/{station}/regulars/{public_id}"
        assert (await http.delete(path)).status_code == 204
        assert (await http.put(path)).status_code == 204
    [(_, other)] = await world.volunteers(1)
    async with client(other) as http:
        assert "起人人都能报" in (await http.get(f"/assignments/{reference}")).text
        refused = await http.post(f"/assignments/{reference}/1/sign-up")
        assert refused.status_code == 409
