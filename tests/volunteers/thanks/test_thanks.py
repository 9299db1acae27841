"""One tap, one browser, one shift; words without numbers; what insults is hidden with a reason."""

import itertools
import re
from datetime import timedelta

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.errors import TooManyAttempts
from app.composition import compose
from app.core import clock, database, vault
from app.core.access import ANONYMOUS, Role
from app.core.errors import NotFound, NotPermitted, TransitionRefused
from app.core.state import advance
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.sign_ups.test_races import outcomes
from tests.volunteers.thanks.stage import rated, somebody, worked_shift
from volunteers.assignments.sign_ups.leaving import erase_person
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance
from volunteers.thanks import queries, rules, service
from volunteers.thanks.rules import TRANSITIONS, Figures, ThanksEvent, ThanksStatus

START = world.MONDAY + timedelta(hours=9)
DURING = START + timedelta(minutes=30)
LONG = re.compile(r"\d([ .·—-]*\d){6,}")


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


@pytest.mark.parametrize(("status", "event"), list(itertools.product(ThanksStatus, ThanksEvent)))
def test_every_pair_of_status_and_event_is_decided(status: ThanksStatus, event: ThanksEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("讲得清楚，谢谢！", "讲得清楚，谢谢！"),
        ("找我：138 0000 1234 张", "找我：*** 张"),
        ("１３８００００１２３４", "***"),
        ("身份证33010619800101123X谢谢", "身份证***谢谢"),
        ("电话一三八零零零零一二三四", "电话***"),
        ("座机0571-8765-4321", "座机***"),
        ("第 12 次来，等了 30 分钟", "第 12 次来，等了 30 分钟"),
        ("  多\n\n行  ", "多 行"),
    ],
)
def test_numbers_are_covered_however_they_are_written(typed: str, kept: str) -> None:
    assert rules.masked(typed) == kept


@given(st.text(alphabet="0123456789 -谢X", max_size=100))
def test_no_long_number_survives_the_masking(typed: str) -> None:
    assert not LONG.search(rules.masked(typed))


@given(st.lists(st.integers(1, 5), min_size=1, max_size=60))
def test_the_average_lies_between_the_least_and_the_most_and_is_off_by_less_than_a_tenth(stars: list[int]) -> None:
    shown = float(Figures(len(stars), sum(stars)).average)
    assert min(stars) <= shown <= max(stars)
    assert abs(shown - sum(stars) / len(stars)) <= 0.05 + 1e-9


def test_nothing_is_public_before_the_fifth() -> None:
    assert [Figures(count, count * 5).public for count in (0, 4, 5)] == [False, False, True]
    assert Figures(0, 0).average == ""


async def test_one_browser_rates_a_shift_once_and_may_add_one_thanks(db: None) -> None:
    shift, _, code = await worked_shift()
    browser = somebody()
    with clock.travelled_to(DURING):
        with pytest.raises(rules.RateFirst):
            await service.thank(ANONYMOUS, browser, code, "谢谢")
        await service.rate(ANONYMOUS, browser, code.lower(), 5)
        with pytest.raises(rules.AlreadyRated):
            await service.rate(ANONYMOUS, browser, code, 1)
        await service.thank(ANONYMOUS, browser, code, "谢谢，电话 13800001234")
        with pytest.raises(rules.AlreadyThanked):
            await service.thank(ANONYMOUS, browser, code, "还有")
        await service.rate(ANONYMOUS, somebody(), code, 4)
        with pytest.raises(NotFound):
            await service.rate(ANONYMOUS, somebody(), "0000000000", 5)
    assert await queries.shift_figures(shift.id) == Figures(2, 9)
    [thanks] = await queries.shift_thanks(shift.id)
    assert (thanks.words, thanks.stars) == ("谢谢，电话 ***", 5)


async def test_a_shift_is_rated_from_its_start_for_a_week_and_only_if_somebody_is_there(db: None) -> None:
    _, [worker], code = await worked_shift()
    [empty] = await world.publish(await world.draft(40))
    for instant in (START - timedelta(minutes=1), START + timedelta(days=7, hours=3)):
        with clock.travelled_to(instant), pytest.raises(rules.NotRatable):
            await service.rate(ANONYMOUS, somebody(), code, 5)
    with clock.travelled_to(DURING), pytest.raises(rules.OwnShift):
        await service.rate(worker, somebody(), code, 5)
    nobody = await database.fetch_value("SELECT thanks_code FROM assignment WHERE id = $1", empty.id)
    with clock.travelled_to(world.MONDAY + timedelta(hours=41)), pytest.raises(rules.NotRatable):
        await service.rate(ANONYMOUS, somebody(), nobody, 5)
    public_id = await database.fetch_value("SELECT public_id FROM sign_up")
    with clock.travelled_to(START + timedelta(hours=3)):
        await confirm_attendance(await world.officer(Role.STATION_STAFF), [Presence(public_id, Outcome.ABSENT)])
        with pytest.raises(rules.NotRatable):
            await service.rate(ANONYMOUS, somebody(), code, 5)


async def test_one_address_does_not_flood_a_shift(db: None) -> None:
    _, _, code = await worked_shift()
    with clock.travelled_to(DURING):
        for number in range(rules.PER_ADDRESS_AND_SHIFT.attempts):
            await service.rate(ANONYMOUS, service.Visitor(f"b{number}", "10.0.0.1"), code, 5)
        with pytest.raises(TooManyAttempts):
            await service.rate(ANONYMOUS, service.Visitor("one more", "10.0.0.1"), code, 5)


async def test_words_are_hidden_and_shown_with_a_reason_by_somebody_else(db: None) -> None:
    shift, [worker], code = await worked_shift()
    await rated(code, 1, words="骂人的话")
    [thanks] = await queries.shift_thanks(shift.id)
    staff, stranger = await world.officer(Role.STATION_STAFF), await world.officer(Role.STATION_STAFF, "330127")
    hide = ThanksEvent.HIDE
    with pytest.raises(rules.ReasonForHidingMissing):
        await service.moderate(staff, thanks.public_id, hide, " ")
    with pytest.raises(NotPermitted):
        await service.moderate(stranger, thanks.public_id, hide, "辱骂")
    with pytest.raises(NotPermitted):
        await service.moderate(worker, thanks.public_id, hide, "辱骂")
    assert await service.moderate(staff, thanks.public_id, hide, "辱骂") is ThanksStatus.HIDDEN
    with pytest.raises(TransitionRefused):
        await service.moderate(staff, thanks.public_id, hide, "辱骂")
    assert await queries.shift_thanks(shift.id) == []
    assert await queries.my_thanks(worker) == []
    assert await queries.shift_figures(shift.id) == Figures(1, 1)
    [row] = await queries.station_thanks(staff, ThanksStatus.HIDDEN, None, 9)
    assert (row.words, row.reason) == ("骂人的话", "辱骂")
    await service.moderate(staff, thanks.public_id, ThanksEvent.SHOW, "看错了")
    assert len(await queries.my_thanks(worker)) == 1


async def test_raw_sql_neither_rewrites_words_nor_decides_about_its_own_shift(db: None) -> None:
    shift, [worker], code = await worked_shift()
    await rated(code, 5, words="谢谢")
    for statement in (
        "UPDATE shift_thanks SET words = '更好的话'",
        "UPDATE shift_thanks SET status = 'hidden'",
        "DELETE FROM shift_thanks",
        "UPDATE shift_rating SET stars = 5",
        "DELETE FROM shift_rating",
    ):
        with pytest.raises(asyncpg.PostgresError):
            await database.execute(statement)
    decide = """INSERT INTO thanks_moderation (thanks_id, event, reason, decided_by, decided_at)
                SELECT id, $1, 'x', $2, now() FROM shift_thanks"""
    with pytest.raises(asyncpg.CheckViolationError, match="own shift"):
        await database.execute(decide, "hide", worker.actor)
    with pytest.raises(asyncpg.CheckViolationError, match="already"):
        await database.execute(decide, "show", (await world.officer(Role.STATION_STAFF)).actor)
    insert = "INSERT INTO shift_rating (assignment_id, stars, browser_sha256, rated_at) VALUES ($1, 5, 'x', $2)"
    with pytest.raises(asyncpg.CheckViolationError, match="at that time"):
        await database.execute(insert, shift.id, START - timedelta(hours=1))
    await database.execute(insert, shift.id, DURING)
    with pytest.raises(asyncpg.CheckViolationError, match="without_numbers"):
        await database.execute(
            """INSERT INTO shift_thanks (rating_id, words, said_at)
               SELECT max(id), '找我 13800001234', now() FROM shift_rating"""
        )


async def test_an_erased_person_is_named_in_no_thanks_and_the_ratings_stay(db: None) -> None:
    shift, [worker, _], code = await worked_shift(9, world.profile(name="王小芳"), world.profile(name="李强"))
    await rated(code, 5, words="谢谢王小芳律师和李强，王律师很耐心")
    operator = await world.officer(Role.OPERATOR)
    async with database.transaction():
        await erase_person(operator, worker.actor)
    [thanks] = await queries.shift_thanks(shift.id)
    assert thanks.words == "谢谢＊＊＊律师和李强，＊律师很耐心"
    assert await queries.shift_figures(shift.id) == Figures(1, 5)


async def test_a_hundred_taps_of_one_browser_at_once_count_once(crowd: None) -> None:
    for number in range(rounds(2, 100)):
        shift, _, code = await worked_shift(9 + 24 * number)
        browser = somebody()
        with clock.travelled_to(DURING + timedelta(days=number)):
            seen = await outcomes([service.rate(ANONYMOUS, browser, code, 1 + tap % 5) for tap in range(20)])
        assert seen["ok"] == 1
        assert (await queries.shift_figures(shift.id)).count == 1


async def test_codes_are_long_and_each_shift_has_its_own(db: None) -> None:
    codes = await database.fetch("SELECT new_thanks_code() AS code FROM generate_series(1, 2000)")
    assert len({row["code"] for row in codes}) == 2000
    seen = {sign for row in codes for sign in row["code"]}
    assert seen == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    assert {len(row["code"]) for row in codes} == {10}


async def test_the_page_takes_one_tap_without_an_account_and_words_if_one_likes(db: None) -> None:
    _, _, code = await worked_shift()
    with clock.travelled_to(DURING):
        async with client() as http:
            assert (await http.get(f"/t?code={code[:5]}-{code[5:]}")).headers["location"] == f"/t/{code}"
            assert (await http.get("/t/0000000000")).status_code == 404
            page = await http.get(f"/t/{code}")
            assert "不核实身份" in page.text
            token = re.search(r'name="_csrf_token" value="([^"]+)"', page.text)
            assert token
            sent = {"_csrf_token": token[1]}
            assert (await http.post(f"/t/{code}", data={**sent, "stars": "9"})).status_code == 422
            assert (await http.post(f"/t/{code}", data={**sent, "stars": "5"})).status_code == 303
            assert "想说句谢谢吗" in (await http.get(f"/t/{code}")).text
            again = await http.post(f"/t/{code}", data={**sent, "stars": "1"})
            assert (again.status_code, "已经评过" in again.text) == (409, True)
            assert "请写一句话" in (await http.post(f"/t/{code}/words", data={**sent, "words": " "})).text
            assert (await http.post(f"/t/{code}/words", data={**sent, "words": "讲得清楚"})).status_code == 303
            assert "讲得清楚" in (await http.get(f"/t/{code}")).text
        async with client() as forger:
            forger.cookies.set("fahui_browser", "anything.00000000000000000000000000000000")
            token = re.search(r'name="_csrf_token" value="([^"]+)"', (await forger.get("/t")).text)
            answer = await forger.post(f"/t/{code}", data={"_csrf_token": token[1] if token else "", "stars": "1"})
            assert answer.status_code in (403, 409)
    assert await database.fetch_value("SELECT count(*) FROM shift_rating") == 1


async def test_everybody_sees_the_figure_from_five_on_and_never_the_words(db: None) -> None:
    _, _, code = await worked_shift()
    await rated(code, 5, words="讲得清楚")
    await rated(code, 5, 4, 5)
    with clock.travelled_to(DURING):
        async with client() as http:
            assert "满分 5 分" not in (await http.get(f"/places/{world.TOWN}")).text
            await rated(code, 4)
            place = (await http.get(f"/places/{world.TOWN}")).text
    assert "平均 4.6 分" in place
    assert "讲得清楚" not in place


async def test_who_worked_reads_the_thanks_and_the_station_decides(db: None) -> None:
    shift, [worker], code = await worked_shift()
    sign_up = await database.fetch_value("SELECT public_id FROM sign_up")
    await rated(code, 5, words="讲得清楚")
    staff = await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(START + timedelta(hours=3)):
        await confirm_attendance(staff, [Presence(sign_up, Outcome.ATTENDED)])
        async with client(worker) as http:
            for path in (f"/my/assignments/{sign_up}/done", "/my/hours"):
                assert "讲得清楚" in (await http.get(path)).text
            assert f"/t/{code}" in (await http.get(f"/my/assignments/{sign_up}/today")).text
            mine = (await http.get("/api/v1/thanks")).json()
            assert (mine["ratings"], mine["stars_in_all"], len(mine["thanks"])) == (1, 5, 1)
        async with client(staff) as http:
            assert code in (await http.get(f"/station/shifts/{shift.reference}")).text
            assert code in (await http.get(f"/station/week/notice?week={clock.local(world.MONDAY):%Y-%m-%d}")).text
            [entry] = (await http.get("/api/v1/station-thanks")).json()["items"]
            refused = await http.post(f"/station/thanks/{entry['id']}/hide", data={"reason": ""})
            assert "请写明原因" in refused.text
            assert (await http.post(f"/station/thanks/{entry['id']}/hide", data={"reason": "x"})).status_code == 303
            shown = {"event": "show", "reason": "看错了"}
            answer = await http.post(f"/api/v1/station-thanks/{entry['id']}/decisions", json=shown)
            assert (answer.status_code, answer.json()) == (201, {"status": "shown"})
            assert "看错了" in (await http.get("/station/thanks?status=shown")).text


def test_a_browser_is_another_one_at_each_shift() -> None:
    assert service.browser_sha256(1, "b") != service.browser_sha256(2, "b") != vault.digest("b")
