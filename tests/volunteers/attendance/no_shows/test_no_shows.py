"""Who did not come hears it, loses for a while what the rule says, and gets it back the moment it is set right."""

from datetime import datetime
from uuid import UUID

import asyncpg
import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal, Role
from app.web.i18n import day
from tests.app.web.client import client
from tests.volunteers import world
from tests.volunteers.attendance.no_shows.stage import at, missed, no_show_of, shift, staff
from volunteers.assignments.call_outs.service import did_not_come
from volunteers.assignments.queries import AssignmentFilter, open_assignments
from volunteers.assignments.requests import service as requests
from volunteers.assignments.requests.queries import on_position
from volunteers.assignments.requests.rules import NoRequestNeeded
from volunteers.assignments.rules import SignUpMode
from volunteers.assignments.sign_ups.queries import why_not
from volunteers.assignments.sign_ups.rules import AfterNoShows, Origin
from volunteers.assignments.sign_ups.service import Wanted, sign_up, sign_up_many, withdraw
from volunteers.attendance.corrections.service import correct
from volunteers.attendance.no_shows.queries import my_bar, my_no_shows
from volunteers.attendance.no_shows.rules import Verdict
from volunteers.attendance.no_shows.service import answer_excuse, state_excuse
from volunteers.attendance.queries import my_hours
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def somebody() -> Principal:
    [(_, who)] = await world.volunteers(1)
    return who


async def barred(who: Principal, instant: datetime) -> str:
    """Return what keeps somebody from signing up at an instant."""
    with clock.travelled_to(instant):
        bar = await my_bar(who)
    return bar.consequence if bar else ""


async def tries(who: Principal, instant: datetime, day: float) -> bool:
    """Tell whether somebody may sign up at an instant for a shift on a day."""
    found = await shift(day)
    with clock.travelled_to(instant):
        try:
            await sign_up(who, found.position_ids[0])
        except AfterNoShows:
            return False
    return True


async def told(who: Principal) -> list[str]:
    rows = await database.fetch(
        """SELECT once_key FROM notification WHERE account_id = $1 AND link = '/my/no-shows' AND channel = 'in_app'
           ORDER BY id""",
        who.actor,
    )
    return [row["once_key"].split(":")[0] for row in rows]


async def test_the_second_no_show_makes_seats_by_request_only_for_thirty_days(shared_db: None) -> None:
    who = await somebody()
    await missed(who, 0, 1)
    assert await barred(who, at(1, 11.9)) == ""
    assert await barred(who, at(1, 12)) == "request"
    assert await barred(who, at(31, 11.9)) == "request"
    assert await barred(who, at(31, 12)) == ""
    assert not await tries(who, at(2), 40)
    assert await tries(who, at(31, 12), 41)
    assert await told(who) == ["no-show", "no-show", "no-show-bar"]


async def test_no_shows_count_together_within_ninety_days_only(shared_db: None) -> None:
    near, far = await somebody(), await somebody()
    await missed(near, 0, 89)
    await missed(far, 0, 90)
    assert [await barred(who, at(90, 13)) for who in (near, far)] == ["request", ""]


async def test_one_no_show_and_stepping_back_in_time_have_no_consequence(shared_db: None) -> None:
    who = await somebody()
    await missed(who, 0)
    for number in (2, 3, 4):
        found = await shift(number)
        await withdraw(who, await sign_up(who, found.position_ids[0]))
    assert await barred(who, at(5)) == ""
    assert await tries(who, at(1), 6)


async def test_the_fourth_no_show_leaves_no_way_in_at_all(shared_db: None) -> None:
    who = await somebody()
    person_id = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", who.actor)
    await missed(who, 0, 1, 2, 3)
    now = at(4)
    assert await barred(who, now) == "pause"
    instant, by_request = await shift(10), await shift(11, SignUpMode.REQUEST)
    coordinator = await world.officer(Role.COORDINATOR)
    with clock.travelled_to(now):
        with pytest.raises(AfterNoShows):
            await sign_up(who, instant.position_ids[0])
        with pytest.raises(AfterNoShows):
            await requests.ask(who, by_request.position_ids[0])
        found = await on_position(who, by_request.position_ids[0])
        assert found is not None
        assert not found.open_to
        for origin in (Origin.DISPATCH, Origin.IMPORT):
            seated = await sign_up_many(coordinator, [Wanted(instant.position_ids[0], person_id)], origin)
            assert [type(refusal) for refusal in seated.refused.values()] == [AfterNoShows]
        eligible = AssignmentFilter(person_id=person_id, eligible=True)
        assert await open_assignments(eligible) == []
    assert await told(who) == ["no-show"] + ["no-show", "no-show-bar"] * 3


async def test_whom_the_station_chooses_comes_in_spite_of_it_also_to_a_shift_that_takes_others_at_once(
    shared_db: None,
) -> None:
    who = await somebody()
    [found, by_request] = [await shift(10), await shift(12, SignUpMode.REQUEST)]
    with pytest.raises(NoRequestNeeded):
        await requests.ask(who, found.position_ids[0])
    await missed(who, 0, 1)
    with clock.travelled_to(at(2)):
        [answer] = await why_not(who, found.reference)
        assert answer.only_ask
        [reason] = answer.reasons
        assert "2 次报了名没有到场" in str(reason)
        assert clock.local(at(31, 12)).strftime("%Y-%m-%d") in str(reason)
        [by_request_answer] = await why_not(who, by_request.reference)
        assert by_request_answer.only_ask
        asked = [await requests.ask(who, one.position_ids[0]) for one in (found, by_request)]
        assert (await requests.choose(await staff(), asked)).taken == 2


async def test_a_correction_lifts_the_consequence_at_once_and_brings_it_back(shared_db: None) -> None:
    who = await somebody()
    _, second = await missed(who, 0, 1)
    officer = await staff()
    with clock.travelled_to(at(2)):
        await correct(officer, Presence(second, Outcome.ATTENDED), "签到表上有名字")
        assert await my_bar(who) is None
        assert [row.corrected for row in await my_no_shows(who)] == [True, False]
        assert (await my_hours(who)).minutes == 120
    with clock.travelled_to(at(3)):
        await correct(officer, Presence(second, Outcome.ABSENT), "认错人了")
    assert (await my_hours(who)).minutes == 0
    assert await barred(who, at(2.9)) == ""
    assert await barred(who, at(4)) == "request"


async def test_a_correction_to_absent_is_a_no_show_like_any_other(shared_db: None) -> None:
    who = await somebody()
    await missed(who, 0)
    found = await shift(1)
    public_id = await sign_up(who, found.position_ids[0])
    officer = await staff()
    with clock.travelled_to(at(1, 12)):
        await confirm_attendance(officer, [Presence(public_id, Outcome.ATTENDED)])
    assert await barred(who, at(2)) == ""
    with clock.travelled_to(at(2, 10)):
        await correct(officer, Presence(public_id, Outcome.ABSENT), "替别人签的到")
    assert await barred(who, at(2, 11)) == "request"
    assert (await told(who)).count("no-show") == 2


async def test_did_not_come_on_the_board_is_the_same_no_show(shared_db: None) -> None:
    who = await somebody()
    found = await shift(0)
    public_id = await sign_up(who, found.position_ids[0])
    officer = await staff()
    with clock.travelled_to(at(0, 9.5)):
        await did_not_come(officer, public_id)
        assert [row.reference for row in await my_no_shows(who)] == [found.reference]


async def test_an_accepted_excuse_lifts_it_and_a_refused_one_does_not(shared_db: None) -> None:
    who = await somebody()
    sign_ups = await missed(who, 0, 1)
    officer = await staff()
    with clock.travelled_to(at(2)):
        first = await state_excuse(who, await no_show_of(sign_ups[0]), "公交停运")
        await answer_excuse(officer, first, Verdict.REFUSE, "当天公交正常")
        assert await barred(who, at(2)) == "request"
        second = await state_excuse(who, await no_show_of(sign_ups[1]), "发烧去了医院")
        await answer_excuse(officer, second, Verdict.ACCEPT, "有病历")
        assert await my_bar(who) is None
    assert await tries(who, at(2), 9)
    assert (await told(who))[-2:] == ["excuse-answered"] * 2


async def test_the_rule_of_the_day_of_the_shift_judges_it(shared_db: None) -> None:
    who, later = await somebody(), await somebody()
    await missed(who, 300, 301)
    await missed(later, 400, 401)
    await database.execute(
        """INSERT INTO no_show_rule (within_days, request_after, pause_after, lasts_days, excuse_days, effective_from)
           VALUES (90, NULL, 2, 10, 3, $1)""",
        at(350),
    )
    assert [await barred(one, instant) for one, instant in ((who, at(302)), (later, at(402)))] == ["request", "pause"]
    assert await barred(later, at(412)) == ""


RAW = """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
         SELECT p.id, a.id, person.id, a.starts, a.ends, 'confirmed', $3, $4
         FROM position p JOIN assignment a ON a.id = p.assignment_id JOIN person ON person.account_id = $2
         WHERE p.id = $1"""


async def raw_refusal(position_id: int, who: Principal, origin: str, created_at: datetime) -> str:
    try:
        await database.execute(RAW, position_id, who.actor, origin, created_at)
    except asyncpg.CheckViolationError as refused:
        return str(refused.constraint_name)
    return ""


async def test_raw_sql_meets_the_same_refusal_on_every_path(shared_db: None) -> None:
    twice, often = await somebody(), await somebody()
    await missed(twice, 0, 1)
    await missed(often, 0, 1, 2, 3)
    now = at(4)
    for who, origin, refusal in (
        (twice, "self", "sign_up_after_no_shows"),
        (twice, "import", ""),
        (often, "self", "sign_up_after_no_shows"),
        (often, "dispatch", "sign_up_after_no_shows"),
        (often, "import", "sign_up_after_no_shows"),
        (often, "chosen", "sign_up_after_no_shows"),
    ):
        found = await shift(20)
        assert (origin, await raw_refusal(found.position_ids[0], who, origin, now)) == (origin, refusal)
    for raw in ("UPDATE no_show SET corrected = true", "DELETE FROM no_show"):
        with pytest.raises(asyncpg.RestrictViolationError) as kept:
            await database.execute(raw)
        assert kept.value.constraint_name == "no_show_is_kept"


async def page_of(who: Principal, path: str) -> str:
    async with client(who) as http:
        answer = await http.get(path)
    assert answer.status_code == 200
    return answer.text


async def test_everybody_reads_the_rule_before_signing_up_and_who_is_barred_reads_why_and_until_when(
    shared_db: None,
) -> None:
    who = await somebody()
    found = await shift(30)
    page = await page_of(who, f"/assignments/{found.reference}")
    assert "报了名不来会怎样" in page
    assert "90 天内满 2 次" in page
    assert "没有未到场记录" in await page_of(who, "/my/no-shows")
    sign_ups: list[UUID] = await missed(who, 0, 1)
    with clock.travelled_to(at(2)):
        page = await page_of(who, f"/assignments/{found.reference}")
        until = f"{day(at(31, 12))} {clock.local(at(31, 12)):%H:%M}"
        assert f"到 {until} 为止，每个任务都要先申请" in page
        assert "由站点选人，不占名额" in page
        own = await page_of(who, "/my/no-shows")
        assert until in own
        assert own.count(">说明原因</a>") == 2
        assert "未到场记录" in await page_of(who, "/my/assignments")
        assert "在这里说明" in await page_of(who, f"/my/assignments/{sign_ups[0]}/record")
        assert "没有到场" in await page_of(who, "/workbench")
        async with client(who) as http:
            said = (await http.get("/api/v1/no-shows")).json()
            assert said["bar"]["consequence"] == "request"
            assert [one["standing"] for one in said["no_shows"]] == [True, True]
            assert (await http.get("/api/v1/no-show-rule")).json()["lasts_days"] == 30
    assert "现在的规定" in await page_of(who, "/no-shows")
