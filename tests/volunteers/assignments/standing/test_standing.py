"""Every Tuesday: seated first and in order when the shifts are made, told why not, and one date off ends nothing."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.composition import compose
from app.core import clock, database
from app.core.access import Role
from app.core.errors import NotFound, NotPermitted, TransitionRefused
from app.core.state import advance
from tests.app.web.client import client
from tests.volunteers import world
from tests.volunteers.assignments.patterns.test_patterns import MONDAY
from tests.volunteers.assignments.sign_ups.test_races import WRONGLY_COUNTED
from tests.volunteers.assignments.standing.stage import mondays, name_of, refusals, seats, staff, told, weekly
from volunteers.assignments.patterns import service as patterns
from volunteers.assignments.patterns.jobs import generate_shifts
from volunteers.assignments.patterns.rules import PatternEvent
from volunteers.assignments.rules import SignUpMode
from volunteers.assignments.sign_ups.leaving import leave
from volunteers.assignments.sign_ups.rules import Reason
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.assignments.standing import queries, service
from volunteers.assignments.standing.jobs import end_standing_terms
from volunteers.assignments.standing.rules import (
    LONGEST_TERM,
    TRANSITIONS,
    AlreadyStanding,
    NoSuchWeekday,
    PauseOverlaps,
    StandingEvent,
    StandingStatus,
    StationInvites,
    TermRefused,
    term_fault,
)


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


@pytest.mark.parametrize(("status", "event"), list(itertools.product(StandingStatus, StandingEvent)))
def test_every_pair_of_status_and_event_is_decided(status: StandingStatus, event: StandingEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


@given(st.integers(-400, 800), st.integers(-400, 800))
def test_a_term_lies_ahead_and_lasts_a_year_at_most(first: int, last: int) -> None:
    today = date(2026, 12, 1)
    begins, ends = today + timedelta(days=first), today + timedelta(days=last)
    sound = begins >= today and begins <= ends <= begins + LONGEST_TERM
    assert (term_fault(today, begins, ends) == {}) is sound


async def test_who_agreed_first_is_seated_first_and_who_got_no_seat_is_told_why(db: None) -> None:
    officer = await staff()
    (first_id, first), (second_id, second) = await world.volunteers(2)
    pattern = await mondays(officer)
    await service.come_every_week(first, weekly(pattern))
    await service.come_every_week(second, weekly(pattern))
    made = await patterns.generate(officer, pattern, 3)
    assert len(made) >= 3
    assert await seats() == [(await name_of(first_id), "standing")] * len(made)
    assert await refusals() == [Reason.SEATS_TAKEN] * len(made)
    assert (await told(first), await told(second)) == (1, len(made))
    assert await generate_shifts(clock.now()) == {"made": 0}
    assert await database.fetch_value("SELECT count(*) FROM standing_shift") == 2 * len(made)
    assert await database.fetch_value(WRONGLY_COUNTED) == 0
    assert [row.name for row in await queries.in_turn(await database.fetch_value("SELECT id FROM shift_pattern"))] == [
        await name_of(first_id),
        await name_of(second_id),
    ]


async def test_shifts_that_are_there_are_taken_at_once_and_one_date_given_back_ends_nothing(db: None) -> None:
    officer = await staff()
    (_, busy), (person_id, who) = await world.volunteers(2)
    pattern = await mondays(officer)
    made = await patterns.generate(officer, pattern, 3)
    await sign_up(busy, made[0].position_ids[0])
    await service.come_every_week(who, weekly(pattern))
    [mine] = await queries.my_standing(who)
    assert [one.reasons for one in mine.shifts] == [(Reason.SEATS_TAKEN,), *[()] * (len(made) - 1)]
    given_back = await database.fetch_value(
        "SELECT min(public_id::text)::uuid FROM sign_up WHERE person_id = $1", person_id
    )
    await withdraw(who, given_back)
    await patterns.generate(officer, pattern, 3)
    assert (
        await database.fetch_value("SELECT count(*) FROM sign_up WHERE person_id = $1 AND live", person_id)
        == len(made) - 2
    )
    await patterns.generate(officer, pattern, 6)
    assert (
        await database.fetch_value("SELECT count(*) FROM sign_up WHERE person_id = $1 AND live", person_id)
        > len(made) - 2
    )
    assert (await queries.my_standing(who))[0].status is StandingStatus.ACTIVE


async def test_days_off_are_left_out_and_taken_back_are_filled(db: None) -> None:
    officer = await staff()
    [(person_id, who)] = await world.volunteers(1)
    pattern = await mondays(officer)
    standing = await service.come_every_week(who, weekly(pattern))
    await service.pause(who, standing, MONDAY, MONDAY + timedelta(days=8))
    with pytest.raises(PauseOverlaps):
        await service.pause(who, standing, MONDAY + timedelta(days=8), MONDAY + timedelta(days=9))
    with pytest.raises(TermRefused):
        await service.pause(who, standing, MONDAY, MONDAY - timedelta(days=1))
    made = await patterns.generate(officer, pattern, 4)
    days = "SELECT a.pattern_day FROM sign_up s JOIN assignment a ON a.id = s.assignment_id WHERE s.live ORDER BY 1"
    taken = [row["pattern_day"] for row in await database.fetch(days)]
    assert len(taken) == len(made) - 2
    assert not [day for day in taken if MONDAY <= day <= MONDAY + timedelta(days=8)]
    [mine] = await queries.my_standing(who)
    await service.resume(who, standing, mine.pauses[0].public_id)
    assert len(await database.fetch(days)) == len(made)
    assert person_id


async def test_a_station_asks_and_nothing_happens_until_the_person_agrees(db: None) -> None:
    officer = await staff()
    (person_id, who), (other_id, other) = await world.volunteers(2)
    pattern = await mondays(officer, 2, sign_up_mode=SignUpMode.REQUEST)
    with pytest.raises(StationInvites):
        await service.come_every_week(who, weekly(pattern))
    with pytest.raises(NotPermitted):
        await service.propose(
            await world.officer(Role.STATION_STAFF, "330127100"), weekly(pattern), await name_of(person_id)
        )
    proposed = await service.propose(officer, weekly(pattern), await name_of(person_id))
    declined = await service.propose(officer, weekly(pattern), await name_of(other_id))
    with pytest.raises(AlreadyStanding):
        await service.propose(officer, weekly(pattern), await name_of(person_id))
    await patterns.generate(officer, pattern, 3)
    assert await seats() == []
    with pytest.raises(NotFound):
        await service.answer(other, proposed, StandingEvent.AGREE)
    await service.answer(who, proposed, StandingEvent.AGREE)
    await service.answer(other, declined, StandingEvent.DECLINE)
    assert {name for name, _ in await seats()} == {await name_of(person_id)}
    with pytest.raises(TransitionRefused):
        await service.answer(other, declined, StandingEvent.AGREE)
    await service.end(officer, proposed)
    with pytest.raises(NotPermitted):
        await service.end(other, proposed)


async def test_terms_weekdays_leaving_and_the_patterns_end_are_the_end_of_it(db: None) -> None:
    officer = await staff()
    (_, one), (_, two) = await world.volunteers(2)
    pattern = await mondays(officer, 2)
    for wrong in ({"weekday": 1}, {"number": 2}):
        with pytest.raises(NoSuchWeekday):
            await service.come_every_week(one, weekly(pattern, **wrong))
    with pytest.raises(TermRefused):
        await service.come_every_week(one, weekly(pattern, 400))
    first = await service.come_every_week(one, weekly(pattern, 5))
    await service.come_every_week(two, weekly(pattern))
    with clock.travelled_to(clock.now() + timedelta(days=7)):
        assert await end_standing_terms(clock.now()) == {"ended": 1}
    with pytest.raises(TransitionRefused):
        await service.end(one, first)
    await leave(two)
    statuses = "SELECT status FROM standing ORDER BY id"
    assert [row["status"] for row in await database.fetch(statuses)] == ["ended", "ended"]
    await service.come_every_week(one, weekly(pattern))
    await patterns.move_on(officer, pattern, PatternEvent.END)
    assert [row["status"] for row in await database.fetch(statuses)] == ["ended"] * 3
    with pytest.raises(NoSuchWeekday):
        await service.come_every_week(one, weekly(pattern))


async def test_the_pages_and_the_api_agree_show_and_end(db: None) -> None:
    officer = await staff()
    (person_id, who), (other_id, other) = await world.volunteers(2)
    pattern = await mondays(officer, 2)
    made = await patterns.generate(officer, pattern, 3)
    reference = made[0].reference
    until = (clock.today() + timedelta(days=90)).isoformat()
    async with client(who) as page:
        assert "每周一都来" in (await page.get(f"/assignments/{reference}")).text
        assert "先约的在前" in (await page.get(f"/assignments/{reference}/1/standing")).text
        wrong = {"valid_from": clock.today().isoformat(), "valid_until": "2020-01-01"}
        kept = await page.post(f"/assignments/{reference}/1/standing", data=wrong)
        assert (kept.status_code, "结束日期要在开始之后" in kept.text) == (422, True)
        sent = {**wrong, "valid_until": until}
        assert (await page.post(f"/assignments/{reference}/1/standing", data=sent)).status_code == 303
        assert "已报名" in (await page.get("/my/standing")).text
        assert "每周都来" in (await page.get("/my/assignments")).text
        [entry] = (await page.get("/api/v1/standing")).json()
        assert len(entry["shifts"]) == len(made)
        assert "P*" in (await page.get(f"/assignments/{reference}/1/standing")).text
        days = {"first_day": MONDAY.isoformat(), "last_day": MONDAY.isoformat()}
        assert (await page.post(f"/my/standing/{entry['id']}/pauses", data=days)).status_code == 303
        assert "销假" in (await page.get("/my/standing")).text
        assert (await page.delete(f"/api/v1/standing/{entry['id']}")).status_code == 204
        assert "你还没有约过" in (await page.get("/my/standing")).text
        assert "已经约好的，按先后" not in (await page.get(f"/assignments/{reference}/1/standing")).text
    async with client(officer) as desk:
        path = f"/station/patterns/{pattern}"
        assert "请人每周都来" in (await desk.get(path)).text
        said = {"who": await name_of(other_id), "position": "1", "weekday": "0", "valid_until": until}
        assert (await desk.post(f"{path}/standing", data=said)).status_code == 303
        assert "等本人答应" in (await desk.get(path)).text
        [turn] = (await desk.get(f"/api/v1/patterns/{pattern}/standing")).json()
        assert (turn["status"], turn["name"]) == ("proposed", await name_of(other_id))
    async with client(other) as page:
        assert "站点请你每周一都来" in (await page.get("/workbench")).text
        assert (await page.post(f"/my/standing/{turn['id']}/agree")).status_code == 303
    async with client(officer) as desk:
        assert (await desk.post(f"/station/patterns/{pattern}/standing/{turn['id']}/end")).status_code == 303
    assert person_id
