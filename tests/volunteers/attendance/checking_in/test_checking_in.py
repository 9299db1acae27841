"""The code of a shift: what shows it, who takes it, how often and when."""

import re
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.errors import TooManyAttempts
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import NotFound, NotPermitted
from tests.app.web.client import client
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.attendance.checking_in import queries, rules, service
from volunteers.attendance.checking_in.rules import Moment
from volunteers.attendance.checking_in.secret import secret_of
from volunteers.attendance.rules import OwnAttendance

START, END = world.MONDAY + timedelta(hours=9), world.MONDAY + timedelta(hours=11)
MINUTE = timedelta(minutes=1)


async def on_shift(how_many: int = 1) -> tuple[Published, list[tuple[Principal, UUID]]]:
    people = await world.volunteers(how_many)
    [shift] = await world.publish(await world.draft(positions=(PositionDraft("helper", how_many),)))
    return shift, [(who, await sign_up(who, shift.position_ids[0])) for _, who in people]


def code_at(public_id: UUID, instant: clock.datetime) -> str:
    return rules.digits_of(secret_of(public_id), rules.step_of(instant))


def test_the_digits_are_those_of_the_standard() -> None:
    # RFC 6238, appendix B, SHA-256, its 8 digits cut to the last 6.
    secret = b"12345678901234567890123456789012"
    known = {59: "119246", 1111111109: "084774", 1111111111: "062674", 1234567890: "819424", 20000000000: "737706"}
    assert {at: rules.digits_of(secret, at // 30) for at in known} == known


@given(secret=st.binary(min_size=20, max_size=20), seconds=st.integers(0, 2**33), drift=st.integers(-90, 90))
def test_a_code_is_taken_one_step_before_and_after_and_no_further(secret: bytes, seconds: int, drift: int) -> None:
    now = clock.datetime.fromtimestamp(seconds + 100, clock.UTC)
    shown = now + timedelta(seconds=drift)
    digits = rules.digits_of(secret, rules.step_of(shown))
    near = abs(rules.step_of(shown) - rules.step_of(now)) <= 1
    found = rules.step_of_code(secret, digits, now)
    assert (found is not None) == near or (found is not None and rules.digits_of(secret, found) == digits)


def test_what_is_typed_or_scanned_is_read_and_what_is_neither_is_refused() -> None:
    one = uuid4()
    assert rules.read(" 204 615 ") == rules.Shown("204615", None)
    assert rules.read(f"https://x.example/station/check-in?c={one}.204615") == rules.Shown("204615", one)
    assert rules.read(f"{one}.204615") == rules.Shown("204615", one)
    for nonsense in ("", "20461", "2046155", "abc123", "x" * 36 + ".204615", "-" * 36 + ".204615"):
        with pytest.raises(rules.CodeUnreadable):
            rules.read(nonsense)


async def test_the_first_code_says_who_came_a_later_one_that_they_go(shared_db: None) -> None:
    _, [(_, public_id)] = await on_shift()
    staff = await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(START + 4 * MINUTE):
        checked = await service.check_by_code(staff, code_at(public_id, clock.now()))
        assert checked == service.Checked(public_id, Moment.IN)
        seen = await queries.expected_one(staff, public_id)
        assert (seen.status, seen.arrived_at, seen.late) == ("checked_in", clock.now(), 4)
        with pytest.raises(rules.CodeUsed):
            await service.check_by_code(staff, code_at(public_id, clock.now()))
    with clock.travelled_to(START + 6 * MINUTE):
        again = await service.check_by_code(staff, code_at(public_id, clock.now()))
        assert again.moment is None, "somebody who has just come is not sent away by a second tap"
    with clock.travelled_to(END):
        gone = await service.check_by_code(staff, code_at(public_id, clock.now()))
        assert gone.moment is Moment.OUT
        assert (await queries.expected_one(staff, public_id)).left_at == END
    with clock.travelled_to(END + MINUTE), pytest.raises(rules.AlreadyLeft):
        await service.check_by_name(staff, public_id, Moment.OUT)


async def test_a_code_opens_nothing_elsewhere_at_another_time_or_after_withdrawal(shared_db: None) -> None:
    _, [(_, public_id)] = await on_shift()
    staff, stranger = await world.officer(Role.STATION_STAFF), await world.officer(Role.STATION_STAFF, "330108")
    for instant in (START - 61 * MINUTE, END + 181 * MINUTE):
        with clock.travelled_to(instant):
            with pytest.raises(rules.CodeUnknown):
                await service.check_by_code(staff, code_at(public_id, instant))
            with pytest.raises(rules.NotTheTime):
                await service.check_by_name(staff, public_id, Moment.IN)
    with clock.travelled_to(START):
        with pytest.raises(rules.NotArrived):
            await service.check_by_name(staff, public_id, Moment.OUT)
        with pytest.raises(rules.CodeUnknown):
            await service.check_by_code(stranger, code_at(public_id, START))
        with pytest.raises(NotPermitted):
            await service.check_by_name(stranger, public_id, Moment.IN)
        with pytest.raises(rules.CodeUnknown):
            await service.check_by_code(
                staff, code_at(public_id, START - 2 * rules.STEP_SECONDS * timedelta(seconds=1))
            )
        with pytest.raises(rules.CodeUnknown):
            await service.check_by_code(staff, f"{uuid4()}.{code_at(public_id, START)}")
    await database.execute(
        "UPDATE sign_up SET status = 'withdrawn', ended_at = now(), ended_reason = 'own_wish' WHERE public_id = $1",
        public_id,
    )
    with clock.travelled_to(START), pytest.raises(rules.CodeUnknown):
        await service.check_by_code(staff, code_at(public_id, START))


async def test_guessing_is_limited(shared_db: None) -> None:
    staff = await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(START):
        for _ in range(rules.CODES_PER_CLERK.attempts):
            with pytest.raises(rules.CodeUnknown):
                await service.check_by_code(staff, "000000")
        with pytest.raises(TooManyAttempts):
            await service.check_by_code(staff, "000000")


async def test_nobody_checks_themselves_in_and_raw_sql_cannot_either(shared_db: None) -> None:
    _, [(who, public_id), (_, other)] = await on_shift(2)
    staff = await world.officer(Role.STATION_STAFF)
    both = Principal(
        who.account_id, name="T", kind="session", grants=staff.grants, scopes={**who.scopes, **staff.scopes}
    )
    with clock.travelled_to(START), pytest.raises(OwnAttendance):
        await service.check_by_code(both, code_at(public_id, START))
    raw = """INSERT INTO check_in (sign_up_id, moment, at, recorded_by)
             SELECT id, $2, $3, $4 FROM sign_up WHERE public_id = $1"""
    await database.execute("UPDATE sign_up SET status = 'checked_in' WHERE public_id = $1", public_id)
    for values, constraint in (
        ((public_id, "in", START, who.account_id), "check_in_second_party"),
        ((public_id, "in", START - 61 * MINUTE, staff.account_id), "check_in_in_time"),
        ((public_id, "out", END, staff.account_id), "check_in_before_out"),
        ((other, "in", START, staff.account_id), "check_in_agrees"),
    ):
        with pytest.raises(asyncpg.CheckViolationError) as refused:
            await database.execute(raw, *values)
        assert refused.value.constraint_name == constraint
    await database.execute(raw, public_id, "in", START, staff.account_id)
    with pytest.raises(asyncpg.UniqueViolationError):
        await database.execute(raw, public_id, "in", START + MINUTE, staff.account_id)
    with pytest.raises(asyncpg.PostgresError, match="append-only"):
        await database.execute("UPDATE check_in SET at = at - interval '1 hour'")


async def test_only_the_owner_is_given_the_secret_and_only_on_the_day(shared_db: None) -> None:
    _, [(who, public_id), (other, _)] = await on_shift(2)
    with pytest.raises(NotFound):
        await queries.my_day(other, public_id)
    with clock.travelled_to(START - timedelta(days=1)):
        assert queries.code_of(await queries.my_day(who, public_id)) is None
    with clock.travelled_to(START - timedelta(hours=8)):
        code = queries.code_of(await queries.my_day(who, public_id))
        assert code
        assert bytes.fromhex(code.secret) == secret_of(public_id)
        assert code.digits == code_at(public_id, clock.now())
    with clock.travelled_to(START + timedelta(days=1)):
        assert queries.code_of(await queries.my_day(who, public_id)) is None


async def test_the_page_shows_the_code_and_the_station_sees_name_and_time_big(shared_db: None) -> None:
    _, [(who, public_id)] = await on_shift()
    staff = await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(START - 5 * MINUTE):
        async with client(who) as http:
            page = await http.get(f"/my/assignments/{public_id}/today")
            digits = re.search(r'day-digits"[^>]*>(\d{3}) (\d{3})', page.text)
            assert digits
            assert "".join(digits.groups()) == code_at(public_id, clock.now())
            assert (await http.get(f"/my/assignments/{uuid4()}/today")).status_code == 404
        async with client(staff) as http:
            wrong = await http.post("/station/check-in", data={"code": "12"})
            assert wrong.status_code == 422
            assert "请输入对方手机上的 6 位数字" in wrong.text
            assert 'value="12"' in wrong.text
            scanned = await http.get(f"/station/check-in?c={public_id}.{''.join(digits.groups())}")
            name = await database.fetch_value(
                "SELECT name FROM person JOIN sign_up ON person.id = person_id WHERE sign_up.public_id = $1", public_id
            )
            assert f'desk-name">{name}' in scanned.text
            assert "camera=(self)" in scanned.headers["permissions-policy"]
            looked = "SELECT count(*) FROM check_in JOIN sign_up ON sign_up.id = sign_up_id WHERE public_id = $1"
            assert await database.fetch_value(looked, public_id) == 0, "looking at a scanned code writes nothing"
            taken = await http.post("/station/check-in", data={"code": "".join(digits.groups())})
            assert taken.status_code == 303
            answer = await http.get(taken.headers["location"])
            assert name in answer.text
            assert "准时" in answer.text
        async with client(who) as http:
            changed = await http.get(f"/my/assignments/{public_id}/today/now?seen=x")
            assert "08:55 已签到" in changed.text


async def test_programs_show_and_take_codes(shared_db: None) -> None:
    _, [(who, public_id)] = await on_shift()
    staff = await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(START):
        async with client(who) as http:
            own = (await http.get(f"/api/v1/sign-ups/{public_id}/check-in-code")).json()
            assert (own["period"], own["digits"]) == (30, code_at(public_id, START))
        async with client(staff) as http:
            taken = await http.post("/api/v1/check-ins", json={"code": own["digits"]})
            assert (taken.json()["moment"], taken.json()["minutes_late"]) == ("in", 0)
            assert (await http.post("/api/v1/check-ins", json={})).status_code == 422
            again = await http.post("/api/v1/check-ins", json={"sign_up": str(public_id)})
            assert again.json()["moment"] is None, "who has come comes once"
    with clock.travelled_to(END):
        async with client(staff) as http:
            gone = await http.post("/api/v1/check-ins", json={"sign_up": str(public_id), "moment": "out"})
            assert (gone.json()["moment"], clock.datetime.fromisoformat(gone.json()["left_at"])) == ("out", END)
