"""Where people are missing, and why: every cause is one that the facts prove, and something can be done."""

import csv
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.composition import compose
from app.core import clock, database
from app.core.access import Role
from app.core.errors import NotPermitted
from tests.app.web.client import client
from tests.volunteers import world
from volunteers.assignments.requests import service as requests
from volunteers.assignments.rules import AssignmentStatus, Kind, PositionDraft, SignUpMode
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.gaps import queries, rules
from volunteers.gaps.rules import Action, Cause, Facts, actions, causes
from volunteers.people.rules import Limits

FIRST, LAST = world.MONDAY, world.MONDAY + timedelta(days=7)
NOW = clock.now()
HALL = PositionDraft("律师", 2, 1, "lawyer", ("lawyer",), languages_all=("hangzhou",))


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def shift(hours: float = 9, **changes: object) -> Published:
    given = {"kind": Kind.DUTY, "positions": (HALL,), "title_zh": "律师值班", **changes}
    [found] = await world.publish(await world.draft(hours, **given))
    return found


async def found_gaps() -> list[queries.Gap]:
    return await queries.gaps(world.CITY, FIRST, LAST)


async def why() -> tuple[Cause, ...]:
    [gap] = await found_gaps()
    return gap.causes


async def lawyers(how_many: int = 1, **changes: object) -> list[tuple[int, object]]:
    stated = {"credentials": (world.licence(),), "languages": ("putonghua", "hangzhou"), **changes}
    return [
        (await world.people([world.profile(**{**stated, "credentials": (world.licence(),)})]))[0]
        for _ in range(how_many)
    ]


@st.composite
def counted(draw: st.DrawFn) -> Facts:
    licensed = draw(st.integers(0, 9))
    fit = draw(st.integers(0, licensed))
    at_limits = draw(st.integers(0, fit))
    return Facts(
        status=draw(st.sampled_from([AssignmentStatus.DRAFT, AssignmentStatus.OPEN, AssignmentStatus.CLOSED])),
        starts=NOW + timedelta(hours=draw(st.integers(1, 400))),
        by_request=draw(st.booleans()),
        missing=draw(st.integers(1, 3)),
        asking=draw(st.integers(0, 2)),
        offered=draw(st.integers(0, 2)),
        licensed=licensed,
        fit=fit,
        at_limits=at_limits,
        free=draw(st.integers(0, fit - at_limits)),
        planned=draw(st.booleans()),
        plan_reason=draw(st.sampled_from(["", "distance"])),
    )


@given(counted())
def test_there_is_always_a_cause_something_to_do_and_nothing_twice(facts: Facts) -> None:
    found, can = causes(facts), actions(facts, NOW)
    assert len(set(found)) == len(found) >= 1
    assert len(set(can)) == len(can) >= 1
    assert (Cause.NOBODY_LICENSED in found) == (facts.licensed == 0)
    assert (Cause.NOT_PUBLISHED in found) == (facts.status is AssignmentStatus.DRAFT)
    assert Cause.PLAN not in found or Cause.NOT_DISPATCHED not in found
    assert (Action.PUBLISH in can) == (Cause.NOT_PUBLISHED in found)
    people = {Cause.NOBODY_LICENSED, Cause.NOBODY_FITS, Cause.ALL_AT_LIMITS, Cause.ALL_BUSY}
    assert len(people & set(found)) <= 1
    assert not (facts.free and people & set(found))


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_share_is_nothing_just_where_nothing_is_missing(missing: int, required: int) -> None:
    shown = rules.percent(min(missing, required), required)
    assert (shown == 0) == (missing == 0)
    assert 0 <= shown <= 100


def test_a_week_begins_on_its_monday_but_never_in_the_past() -> None:
    today = clock.local(NOW).date()
    first, last = rules.period(today, NOW)
    assert (first, clock.local(last).weekday()) == (NOW, 0)
    first, last = rules.period(today + timedelta(days=7), NOW)
    assert last - first == timedelta(days=7)
    first, last = rules.period(None, NOW)
    assert timedelta(days=13) < last - first <= timedelta(days=14)


async def test_the_first_cause_follows_what_is_known_about_people(db: None) -> None:
    await shift()
    assert (await why())[0] is Cause.NOBODY_LICENSED
    await lawyers(languages=("putonghua",))
    assert (await why())[0] is Cause.NOBODY_FITS
    far = await world.place_id("330127100")
    assert far
    await lawyers(home_place_code="330127100")
    assert (await why())[0] is Cause.NOBODY_FITS
    [(_, tired)] = await lawyers(limits=Limits(max_minutes_day=1440, max_minutes_week=10_000, max_shifts_week=1))
    other = await world.publish(await world.draft(33))
    await sign_up(tired, other[0].position_ids[0])
    assert (await why())[0] is Cause.ALL_AT_LIMITS
    [(_, elsewhere)] = await lawyers()
    busy = await world.publish(await world.draft(10))
    await sign_up(elsewhere, busy[0].position_ids[0])
    assert (await why())[0] is Cause.ALL_BUSY
    await lawyers()
    [gap] = await found_gaps()
    assert gap.causes == (Cause.NOT_DISPATCHED, Cause.FEW_SIGN_UPS)
    assert (gap.facts.licensed, gap.facts.fit, gap.facts.at_limits, gap.facts.free) == (4, 3, 1, 1)
    await database.execute(
        """INSERT INTO dispatch_run (place_id, week_start, status, time_limit_s, created_at, instance_sha256)
           SELECT id, $1, 'solved', 1, now(), sha256('') FROM place WHERE code = '330106'""",
        clock.local(world.MONDAY).date(),
    )
    assert await why() == (Cause.FEW_SIGN_UPS,)
    await database.execute(
        """INSERT INTO dispatch_gap (run_id, position_id, empty_seats, held, reason, refusals)
           SELECT max(id), $1, 1, false, 'language', '{}' FROM dispatch_run""",
        gap.position_id,
    )
    assert await why() == (Cause.PLAN, Cause.FEW_SIGN_UPS)


async def test_what_the_office_holds_back_is_said_first(db: None) -> None:
    [(_, who)] = await lawyers()
    draft = await shift(status=AssignmentStatus.DRAFT)
    [gap] = await found_gaps()
    assert (gap.causes[0], gap.actions[0]) == (Cause.NOT_PUBLISHED, Action.PUBLISH)
    await database.execute("UPDATE assignment SET status = 'cancelled', cancelled_reason = 'x' WHERE id = $1", draft.id)
    asked = await shift(sign_up_mode=SignUpMode.REQUEST)
    await requests.ask(who, asked.position_ids[0], "")
    [gap] = await found_gaps()
    assert (gap.causes[0], gap.actions[0]) == (Cause.ASKING, Action.CHOOSE)
    await database.execute("UPDATE assignment SET status = 'closed' WHERE id = $1", asked.id)
    assert (await why())[:2] == (Cause.CLOSED, Cause.ASKING)


async def test_who_is_only_offered_a_seat_has_not_taken_it_and_extra_seats_are_no_gap(db: None) -> None:
    [(person, who), (_, other)] = await lawyers(2)
    found = await shift()
    await database.execute(
        """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
           SELECT p.id, a.id, $2, a.starts, a.ends, 'offered', 'dispatch', now()
           FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1""",
        *(found.position_ids[0], person),
    )
    assert (await why())[0] is Cause.OFFERED
    [part] = await queries.areas("330106", FIRST, LAST)
    assert (part.required, part.missing, part.percent, part.shifts) == (1, 1, 100, 1)
    assert who
    await sign_up(other, found.position_ids[0])
    assert await found_gaps() == []
    [part] = await queries.areas(world.CITY, FIRST, LAST)
    assert (part.code, part.required, part.missing) == ("330106", 1, 0)


async def test_the_green_channel_comes_first_and_pages_go_on_where_they_stopped(db: None) -> None:
    station = await world.station()
    made = [await shift(9 + n * 3, station_id=station, title_zh=f"班 {n}", green=n == 3) for n in range(5)]
    found = await found_gaps()
    assert [gap.reference for gap in found] == [made[n].reference for n in (3, 0, 1, 2, 4)]
    rest = await queries.gaps(world.CITY, FIRST, LAST, found[1].key, 2)
    assert [gap.reference for gap in rest] == [made[1].reference, made[2].reference]
    assert queries.by_cause(found) == {Cause.NOBODY_LICENSED: 5}


async def test_the_pages_show_the_map_the_town_the_seat_and_hand_out_a_file(db: None) -> None:
    week = clock.local(world.MONDAY).date()
    officer = await world.officer(Role.COORDINATOR)
    async with client(officer) as http:
        assert "这几天没有任务" in (await http.get(f"/gaps?week={week}")).text
        found = await shift(title_zh="=值班", title_en="=Duty")
        page = (await http.get(f"/gaps?week={week}")).text
        assert f'href="/gaps?week={week}&amp;place=330106"' in page
        assert "够得着的地方没有持证的人" in page
        assert "三墩镇" in (await http.get(f"/gaps?place=330106&week={week}")).text
        assert "缺人的原因" in (await http.get(f"/gaps/causes?week={week}")).text
        file = await http.get(f"/gaps/export?week={week}")
        assert file.headers["content-type"].startswith("text/csv")
        line = file.content.decode("utf-8-sig").splitlines()[1]
        assert f"{found.reference},'=值班," in line
        parts = (await http.get(f"/api/v1/gaps?week={week}")).json()
        assert [(part["place"], part["missing"], part["percent"]) for part in parts] == [("330106", 1, 100)]
        [seat] = (await http.get(f"/api/v1/gaps/seats?week={week}")).json()["items"]
        assert (seat["assignment"], seat["causes"][0]) == (found.reference, "nobody_licensed")
        assert (await http.post(f"/gaps/{found.reference}/by-request")).status_code == 303
        assert "先申请" in (await http.get(f"/assignments/{found.reference}")).text
    async with client(await world.officer(Role.COORDINATOR, "330127")) as http:
        assert (await http.get("/gaps")).status_code == 200
        assert (await http.get("/gaps?place=330106")).status_code == 403
        assert (await http.get("/gaps/export?place=3301")).status_code == 403
    with pytest.raises(NotPermitted):
        queries.area_of(await world.officer(Role.STATION_STAFF), "")


async def test_a_file_is_complete_where_causes_are_not_counted_for_all(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [await shift(9 + n * 3, title_zh=f"班 {n}", green=n == 3) for n in range(5)]
    week = clock.local(world.MONDAY).date()
    officer = await world.officer(Role.COORDINATOR)
    monkeypatch.setattr(queries, "MOST", 2)
    async with client(officer) as http:
        file = await http.get(f"/gaps/export?week={week}")
    header, *lines = csv.reader(file.content.decode("utf-8-sig").splitlines())
    rows = [dict(zip(header, line, strict=True)) for line in lines]
    assert [row["任务"] for row in rows] == [made[n].reference for n in (3, 0, 1, 2, 4)]
    assert [row["缺几人"] for row in rows] == ["1"] * 5
    assert ["未计算" in row["原因"] for row in rows] == [False, False, True, True, True]
    assert [row["有空"] for row in rows] == ["0", "0", "", "", ""]


def test_a_gap_near_its_start_is_mended_by_calling() -> None:
    near = Facts(AssignmentStatus.OPEN, NOW + timedelta(hours=5), False, 1, 0, 0, 3, 2, 0, 1, True, "")
    assert actions(near, NOW)[0] is Action.CALL
    assert Action.CALL not in actions(replace(near, free=0), NOW)
    assert Action.CALL not in actions(replace(near, starts=NOW + timedelta(days=9)), NOW)
