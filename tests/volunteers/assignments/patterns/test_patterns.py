"""Weekly patterns: the days they mean, the shifts they make once, and what a change does to shifts ahead."""

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.calendar import Calendar, seed_calendar
from app.core.errors import EditConflict, NotPermitted, TransitionRefused
from app.core.state import advance
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.test_pages import got, sent
from volunteers.assignments.patterns import queries, rules, service
from volunteers.assignments.patterns.jobs import generate_shifts
from volunteers.assignments.patterns.rules import (
    Holidays,
    PatternDraft,
    PatternEvent,
    PatternRefused,
    PatternResting,
    PatternStatus,
    days_between,
)
from volunteers.assignments.rules import Compensation, Kind, PositionDraft
from volunteers.assignments.sign_ups.service import sign_up, withdraw

MONDAY = clock.local(world.MONDAY).date()
PLAIN = PatternDraft(
    kind=Kind.LECTURE,
    title_zh="每周讲座",
    place_id=1,
    station_id=1,
    weekdays=(0, 2),
    from_minute=540,
    minutes=120,
    valid_from=MONDAY,
    compensation=Compensation.UNPAID,
    insured=True,
    positions=(PositionDraft("讲师", 2),),
    holidays=Holidays.KEEP,
    weeks_ahead=3,
)
GOLDEN = Calendar({date(2026, 10, 1): False, date(2026, 10, 10): True})


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ({}, ["10-01", "10-08"]),
        ({"holidays": Holidays.SKIP}, ["10-08"]),
        ({"exchanged_days": True}, ["10-01", "10-08", "10-10"]),
        ({"skipped_days": (date(2026, 10, 8),)}, ["10-01"]),
        ({"valid_from": date(2026, 10, 2)}, ["10-08"]),
        ({"valid_until": date(2026, 10, 7)}, ["10-01"]),
        ({"weekdays": (5,)}, ["10-03", "10-10"]),
    ],
)
def test_which_days_a_pattern_means(changes: dict[str, object], held: list[str]) -> None:
    thursdays = replace(PLAIN, weekdays=(3,), valid_from=date(2026, 1, 1))
    pattern = replace(thursdays, **changes)  # type: ignore[arg-type]
    days = days_between(pattern, date(2026, 10, 1), date(2026, 10, 14), GOLDEN)
    assert [f"{day:%m-%d}" for day in days] == held


@given(
    st.sets(st.integers(0, 6), min_size=1),
    st.dates(date(2026, 1, 1), date(2026, 12, 1)),
    st.integers(0, 60),
    st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.booleans(), max_size=30),
    st.booleans(),
)
def test_a_day_is_held_by_its_own_facts_alone(
    weekdays: set[int], first: date, length: int, exceptions: dict[date, bool], exchanged: bool
) -> None:
    pattern = replace(PLAIN, weekdays=tuple(weekdays), valid_from=date(2026, 1, 1), holidays=Holidays.SKIP,
                      exchanged_days=exchanged)  # fmt: skip
    last = first + timedelta(days=length)
    held = days_between(pattern, first, last, Calendar(exceptions))
    assert held == sorted(set(held))
    for step in range(length + 1):
        day = first + timedelta(days=step)
        wanted = exceptions.get(day) is not False and (
            day.weekday() in weekdays or (exchanged and exceptions.get(day) is True)
        )
        assert (day in held) == wanted


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title_zh": " "}, "title_zh"),
        ({"weekdays": ()}, "weekdays"),
        ({"weekdays": (7,)}, "weekdays"),
        ({"minutes": 721}, "ends"),
        ({"minutes": 0}, "ends"),
        ({"from_minute": 1440}, "starts"),
        ({"valid_until": MONDAY - timedelta(days=1)}, "valid_until"),
        ({"weeks_ahead": 13}, "weeks_ahead"),
        ({"positions": ()}, "positions"),
        ({"kind": Kind.DUTY}, "positions"),
        ({"contact_phone": "x"}, "contact_phone"),
        ({}, None),
    ],
)
def test_what_a_pattern_must_say(changes: dict[str, object], field: str | None) -> None:
    assert set(rules.faults(replace(PLAIN, **changes))) == ({field} if field else set())  # type: ignore[arg-type]


@pytest.mark.parametrize("status", PatternStatus)
@pytest.mark.parametrize("event", PatternEvent)
def test_every_state_and_event(status: PatternStatus, event: PatternEvent) -> None:
    expected = {("active", "pause"): "paused", ("active", "end"): "ended", ("paused", "resume"): "active",
                ("paused", "end"): "ended"}.get((status.value, event.value))  # fmt: skip
    if expected:
        assert advance(rules.TRANSITIONS, status, event) == expected
    else:
        with pytest.raises(TransitionRefused):
            advance(rules.TRANSITIONS, status, event)


@pytest.fixture
async def staff(db: None) -> Principal:
    """Return the staff of a town."""
    return await world.officer(Role.STATION_STAFF, world.TOWN)


async def stated(**changes: object) -> PatternDraft:
    """Return a pattern at a station of the town."""
    given = {"place_id": await world.place_id(world.TOWN), "station_id": await world.station(), **changes}
    return replace(PLAIN, **given)  # type: ignore[arg-type]


async def shifts() -> list[tuple[str, str, int]]:
    """Return the shifts ahead: day, title, seats; without those called off."""
    rows = await database.fetch(
        """SELECT a.starts, a.title_zh, (SELECT sum(p.capacity)::integer FROM position p WHERE p.assignment_id = a.id)
           AS seats FROM assignment a WHERE a.status <> 'cancelled' ORDER BY a.starts"""
    )
    return [(f"{clock.local(row['starts']):%m-%d %H:%M}", row["title_zh"], row["seats"]) for row in rows]


async def test_shifts_are_made_once_however_often_one_asks(staff: Principal) -> None:
    public_id = await service.create_pattern(staff, await stated())
    preview = await queries.coming_days(await queries.pattern(staff, public_id), 3)
    assert preview
    assert not any(day.reference for day in preview)
    made = await service.generate(staff, public_id, 3)
    assert len(made) == len(preview)
    assert await service.generate(staff, public_id, 3) == []
    assert (await generate_shifts(clock.now()))["made"] == 0
    with clock.travelled_to(clock.now() + timedelta(days=7)):
        assert (await generate_shifts(clock.now()))["made"] == 2
    after = await queries.coming_days(await queries.pattern(staff, public_id), 3)
    assert [day.reference for day in after][: len(made)] == [shift.reference for shift in made]


async def test_two_who_generate_at_once_make_each_shift_once(staff: Principal) -> None:
    for _ in range(rounds(3, 100)):
        public_id = await service.create_pattern(staff, await stated())
        made = await asyncio.gather(*(service.generate(staff, public_id, 2) for _ in range(4)))
        assert sorted(map(len, made))[:3] == [0, 0, 0]


async def test_a_public_holiday_falls_out_by_the_states_own_calendar(staff: Principal) -> None:
    await seed_calendar()
    friday = date(2027, 1, 1)
    draft = await stated(weekdays=(4,), valid_from=date(2026, 12, 1), holidays=Holidays.SKIP)
    with clock.travelled_to(clock.at_local(date(2026, 12, 20), world.time(9))):
        public_id = await service.create_pattern(staff, draft)
        days = [one.day for one in await queries.coming_days(await queries.pattern(staff, public_id), 3)]
    assert friday not in days
    assert friday + timedelta(days=7) in days


async def test_a_change_is_followed_by_the_shifts_that_nobody_has_signed_up_for(staff: Principal) -> None:
    draft = await stated(positions=(PositionDraft("讲师", 2), PositionDraft("助手", 1)))
    with clock.travelled_to(world.MONDAY - timedelta(days=6)):
        public_id = await service.create_pattern(staff, draft)
        first, *_ = await service.generate(staff, public_id, 2)
        [(_, volunteer)] = await world.volunteers(1)
        await sign_up(volunteer, first.position_ids[0])
        changed = replace(draft, title_zh="新", weekdays=(0, 3), from_minute=600, positions=(PositionDraft("讲师", 5),))
        done = await service.change_pattern(staff, public_id, changed, 1, follow=True)
        assert done == service.Changed(updated=1, called_off=1, added=3, kept=(first.reference,))
        expected = [("09:00", 0, "每周讲座", 3), *(("10:00", step, "新", 5) for step in (3, 7, 10, 14))]
        assert await shifts() == [
            (f"{MONDAY + timedelta(days=step):%m-%d} {hour}", title, seats) for hour, step, title, seats in expected
        ]
        # The day that the pattern left is free again, should it come back.
        await service.change_pattern(staff, public_id, replace(changed, weekdays=(0, 2)), 2, follow=True)
        assert f"{MONDAY + timedelta(days=2):%m-%d} 10:00" in {day for day, _, _ in await shifts()}


async def test_a_seat_that_something_hangs_on_keeps_its_shift_as_it_was(staff: Principal) -> None:
    draft = await stated(positions=(PositionDraft("讲师", 2), PositionDraft("助手", 1)))
    public_id = await service.create_pattern(staff, draft)
    first, second, *_ = await service.generate(staff, public_id, 2)
    [(_, volunteer)] = await world.volunteers(1)
    await withdraw(volunteer, await sign_up(volunteer, first.position_ids[1]))
    changed = replace(draft, positions=(PositionDraft("讲师", 5),))
    done = await service.change_pattern(staff, public_id, changed, 1, follow=True)
    assert done.kept == (first.reference,)
    rows = await database.fetch("SELECT capacity FROM position WHERE assignment_id = $1 ORDER BY number", first.id)
    assert [row["capacity"] for row in rows] == [2, 1]
    rows = await database.fetch("SELECT capacity FROM position WHERE assignment_id = $1 ORDER BY number", second.id)
    assert [row["capacity"] for row in rows] == [5]


async def test_a_change_that_is_not_to_be_followed_leaves_every_shift_alone(staff: Principal) -> None:
    draft = await stated()
    public_id = await service.create_pattern(staff, draft)
    await service.generate(staff, public_id, 1)
    before = await shifts()
    await service.change_pattern(staff, public_id, replace(draft, title_zh="X"), 1, follow=False)
    assert await shifts() == before
    with pytest.raises(EditConflict):
        await service.change_pattern(staff, public_id, draft, 1, follow=True)


async def test_a_day_called_off_by_hand_stays_called_off(staff: Principal) -> None:
    from volunteers.assignments.sign_ups.disruptions import cancel_assignment

    public_id = await service.create_pattern(staff, await stated())
    first, *_ = await service.generate(staff, public_id, 1)
    await cancel_assignment(staff, first.reference, "台风")
    assert await service.generate(staff, public_id, 1) == []


async def test_a_resting_pattern_makes_nothing_whoever_writes(staff: Principal) -> None:
    public_id = await service.create_pattern(staff, await stated())
    [first, *_] = await service.generate(staff, public_id, 1)
    await service.move_on(staff, public_id, PatternEvent.PAUSE)
    with pytest.raises(PatternResting):
        await service.generate(staff, public_id, 2)
    copied = """INSERT INTO assignment (kind, title_zh, place_id, station_id, east_m, north_m, starts, ends, status,
        compensation, insured, created_by, created_at, pattern_id, pattern_day)
        SELECT kind, title_zh, place_id, station_id, east_m, north_m, starts, ends, status, compensation, insured,
               created_by, created_at, pattern_id, pattern_day + $2::integer FROM assignment WHERE id = $1"""
    with pytest.raises(Exception, match="makes no shift on"):
        await database.execute(copied, first.id, 1)
    await service.move_on(staff, public_id, PatternEvent.RESUME)
    with pytest.raises(Exception, match="assignment_pattern_once"):
        await database.execute(copied, first.id, 0)


async def test_patterns_belong_to_their_stations(staff: Principal) -> None:
    stranger = await world.officer(Role.STATION_STAFF, "330102")
    draft = await stated()
    with pytest.raises(NotPermitted):
        await service.create_pattern(stranger, draft)
    with pytest.raises(PatternRefused):
        await service.create_pattern(staff, replace(draft, place_id=await world.place_id("330102")))
    public_id = await service.create_pattern(staff, draft)
    for refused in (service.generate(stranger, public_id, 1), service.move_on(stranger, public_id, PatternEvent.END)):
        with pytest.raises(NotPermitted):
            await refused
    assert await queries.patterns(stranger) == []


async def test_by_the_pages_a_station_states_previews_and_generates(staff: Principal) -> None:
    station = await world.station()
    typed = {
        **{"kind": "lecture", "title_zh": "每周讲座", "station": station, "weekdays": ["0", "2"], "starts": "09:00"},
        **{"ends": "11:00", "valid_from": MONDAY.isoformat(), "holidays": "keep", "weeks_ahead": 2},
        **{"compensation": "unpaid", "role_zh": "讲师", "capacity": 2, "sign_up_mode": "instant"},
    }
    assert (await sent(staff, "/station/patterns/new", **(typed | {"weekdays": []}))).status_code == 422
    path = (await sent(staff, "/station/patterns/new", **typed)).headers["location"]
    assert "将生成" in (await got(staff, path)).text
    assert (await sent(staff, f"{path}/skip/{MONDAY + timedelta(days=2)}")).status_code == 303
    assert (await sent(staff, f"{path}/generate", weeks=2)).status_code == 303
    assert [day for day, _, _ in await shifts()][:2] == [
        f"{MONDAY:%m-%d} 09:00",
        f"{MONDAY + timedelta(7):%m-%d} 09:00",
    ]
    change = await got(staff, f"{path}/change")
    assert 'value="09:00"' in change.text
    found = await queries.pattern(staff, UUID(path.rsplit("/", 1)[1]))
    answer = await sent(
        staff, f"{path}/change", **(typed | {"title_zh": "改名", "version": found.version, "follow": "on"})
    )
    assert answer.status_code == 303, answer.text
    assert {title for _, title, _ in await shifts()} == {"改名"}
    assert "每周讲座" not in (await got(staff, "/station/patterns")).text
    assert (await sent(staff, f"{path}/status/pause")).status_code == 303
    assert (await sent(staff, f"{path}/status/fly")).status_code == 404
