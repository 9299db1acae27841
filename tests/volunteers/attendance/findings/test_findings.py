"""What looks odd is found once, told in plain words with what shows it, and decided by somebody it is not about."""

import asyncio
import itertools
from datetime import datetime, timedelta

import asyncpg
import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Permission, Principal, Role, system_principal
from app.core.errors import InvalidInput, NotFound, NotPermitted, TransitionRefused
from app.core.state import advance
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.attendance.checking_in.rules import Moment
from volunteers.attendance.checking_in.service import check_by_name
from volunteers.attendance.corrections.service import correct
from volunteers.attendance.findings.queries import View, finding, findings, work_behind
from volunteers.attendance.findings.rules import (
    LONGEST,
    TRANSITIONS,
    DecidedAboutOneself,
    FindingEvent,
    FindingKind,
    FindingStatus,
)
from volunteers.attendance.findings.service import decide, look
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance

SYSTEM = system_principal(Permission.CREDENTIAL_VERIFY)
LATER = world.MONDAY + timedelta(days=14)
FAR = (5_000, 0)


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


@pytest.mark.parametrize(("status", "event"), list(itertools.product(FindingStatus, FindingEvent)))
def test_every_pair_of_status_and_event_is_decided(status: FindingStatus, event: FindingEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


def at(hour: float) -> datetime:
    """Return an instant after Monday midnight."""
    return world.MONDAY + timedelta(hours=hour)


async def worked(
    who: Principal,
    staff: Principal,
    *shifts: tuple[float, float, float | None, float | None, tuple[int, int]],
) -> list[Presence]:
    """Let somebody work shifts (start, length, arrived, left, metres away) and the staff confirm them two weeks on."""
    point = await database.fetch_one("SELECT east_m, north_m FROM place WHERE code = $1", world.TOWN)
    assert point is not None
    presences = []
    for starts, lasting, arrived, left, (east, north) in shifts:
        place = (point["east_m"] + east, point["north_m"] + north)
        [shift] = await world.publish(
            await world.draft(starts, lasting, point=place, positions=(PositionDraft("helper", 9, 0),))
        )
        public_id = await sign_up(who, shift.position_ids[0])
        times = (None if arrived is None else at(arrived), None if left is None else at(left))
        presences.append(Presence(public_id, Outcome.ATTENDED, *times))
    with clock.travelled_to(LATER):
        assert not (await confirm_attendance(staff, presences)).refused
    return presences


async def rule(**figures: int) -> None:
    """Put a rule into force that differs from the first one in some figures."""
    first = await database.fetch_one("SELECT * FROM finding_rule")
    assert first is not None
    await database.insert_row(
        "finding_rule",
        {name: value for name, value in {**first, **figures, "effective_from": clock.now()}.items() if name != "id"},
    )


async def somebody() -> Principal:
    [(_, who)] = await world.volunteers(1)
    return who


async def found(coordinator: Principal, now: datetime = LATER) -> list[View]:
    """Let the night's job run; return everything that is known, the earliest first."""
    with clock.travelled_to(now):
        await look(SYSTEM, now)
        return (await findings(coordinator, None, None, None, 100))[::-1]


async def coordinator_and_staff() -> tuple[Principal, Principal]:
    return await world.officer(Role.COORDINATOR), await world.officer(Role.STATION_STAFF, world.TOWN)


async def test_who_was_in_two_places_at_once_is_found_once(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    who = await somebody()
    await worked(who, staff, (9, 2, None, 13.5, (0, 0)), (13, 2, 12.5, None, FAR))
    [view] = await found(coordinator)
    assert (view.kind, view.evidence.minutes, view.status) == (FindingKind.TWO_PLACES, 60, FindingStatus.OPEN)
    assert f"{view.name} 在两个地方的时间重叠了 60 分钟" in str(view.says())
    assert [work.minutes for work in await work_behind(view)] == [270, 150]
    assert [one.id for one in await found(coordinator)] == [view.id]


async def test_codes_that_were_seen_elsewhere_count_as_well(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    who = await somebody()
    [first] = await worked(who, staff, (9, 2, 9, 13.9, (0, 0)))
    point = await database.fetch_one("SELECT east_m, north_m FROM place WHERE code = $1", world.TOWN)
    assert point is not None
    [shift] = await world.publish(await world.draft(13, point=(point["east_m"] + 5_000, point["north_m"])))
    seen = await sign_up(who, shift.position_ids[0])
    for hour, moment in ((13.0, Moment.IN), (15.0, Moment.OUT)):
        with clock.travelled_to(at(hour)):
            await check_by_name(staff, seen, moment)
    [view] = await found(coordinator)
    assert (view.kind, view.evidence.minutes) == (FindingKind.TWO_PLACES, 54)
    assert first.sign_up in [work.sign_up for work in await work_behind(view)]


async def test_the_same_place_twice_and_a_few_minutes_are_nothing(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    one, other = await somebody(), await somebody()
    await worked(one, staff, (9, 2, None, 13, (0, 0)), (13, 2, 12, None, (0, 0)))
    await worked(other, staff, (9, 2, None, 12.9, (0, 0)), (13, 2, 12.8, None, FAR))
    assert [view.kind for view in await found(coordinator)] == []


async def test_who_could_not_have_got_there_in_time_is_found(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    who, fine = await somebody(), await somebody()
    await worked(who, staff, (9, 2, None, 12.9, (0, 0)), (13, 2, None, None, FAR))
    await worked(fine, staff, (9, 2, None, 12.5, (0, 0)), (13, 2, None, None, FAR))
    [view] = await found(coordinator)
    figures = (view.evidence.metres, view.evidence.gap, view.evidence.needed)
    assert (view.kind, *figures) == (FindingKind.TRAVEL, 5000, 6, 25)
    assert "相距 5.0 公里，只隔 6 分钟，赶路至少要 25 分钟" in str(view.says())


async def test_more_than_twelve_hours_on_a_day_are_found_and_twelve_are_not(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    who, fine = await somebody(), await somebody()
    here = (0, 0)
    await worked(who, staff, (6, 6, None, None, here), (13, 6, None, 19.1, here))
    await worked(fine, staff, (6, 6, None, None, here), (13, 6, None, None, here))
    [view] = await found(coordinator)
    assert (view.kind, view.evidence.minutes) == (FindingKind.LONG_DAY, 726)
    assert view.evidence.day == clock.local(world.MONDAY).date()
    assert "一天记了 12.1 小时" in str(view.says())


async def test_one_confirmer_for_nearly_all_of_a_persons_hours_is_found_once_a_month(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    colleague = await world.officer(Role.STATION_STAFF, world.TOWN)
    who, spread = await somebody(), await somebody()
    days = [(day * 24 + 9.0, 7.0, None, None, (0, 0)) for day in range(3)]
    await worked(who, staff, *days)
    await worked(spread, staff, *days)
    await worked(spread, colleague, (3 * 24 + 9.0, 7.0, None, None, (0, 0)))
    await rule(window_days=45)
    [view] = await found(coordinator)
    assert (view.kind, view.evidence.minutes, view.evidence.whole) == (FindingKind.PERSON_CONFIRMER, 1260, 1260)
    assert "45 天里" in str(view.says())
    next_month = (clock.local(LATER).replace(day=1) + timedelta(days=32)).replace(day=1, hour=12)
    assert [len(await found(coordinator, now)) for now in (LATER + timedelta(hours=1), next_month)] == [1, 2]
    assert len(await found(coordinator, LATER + timedelta(days=46))) == 2  # too long ago by now


async def test_a_station_whose_hours_one_person_confirms_is_found(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    await rule(person_minutes=9999, station_minutes=240, pair_times=99)
    station = await world.station()
    [shift] = await world.publish(await world.draft(station_id=station, positions=(PositionDraft("helper", 9, 0),)))
    sign_ups = [await sign_up(who, shift.position_ids[0]) for _, who in await world.volunteers(2)]
    with clock.travelled_to(LATER):
        await confirm_attendance(staff, [Presence(one, Outcome.ATTENDED) for one in sign_ups])
    assert await found(coordinator) == []  # nobody else could have confirmed there
    await world.officer(Role.STATION_STAFF, world.TOWN)
    [view] = await found(coordinator)
    assert (view.kind, view.evidence.minutes, view.name) == (FindingKind.STATION_CONFIRMER, 240, "")
    assert view.station_zh in str(view.says())
    assert len(await work_behind(view)) == 2


async def test_two_who_only_ever_confirm_and_are_confirmed_together_are_found(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    who = await somebody()
    days = [(day * 24 + 9.0, 1.0, None, None, (0, 0)) for day in range(6)]
    await worked(who, staff, *days[:5])
    assert await found(coordinator) == []
    await worked(who, staff, days[5])
    [view] = await found(coordinator)
    assert (view.kind, view.evidence.times) == (FindingKind.PAIR, 6)
    assert "共 6 次" in str(view.says())


async def one_finding(staff: Principal, coordinator: Principal) -> View:
    await worked(await somebody(), staff, (6, 12, 5.5, None, (0, 0)))
    return (await found(coordinator))[-1]


async def test_a_coordinator_of_the_place_decides_once_with_a_reason_and_never_about_themselves(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    view = await one_finding(staff, coordinator)
    stranger = await world.officer(Role.COORDINATOR, "330127")
    account_id = await database.fetch_value(
        "SELECT p.account_id FROM finding f JOIN person p ON p.id = f.person_id WHERE f.id = $1", view.id
    )
    oneself = Principal(account_id, kind="session", scopes=coordinator.scopes)
    for person, refusal in (
        (staff, NotPermitted),
        (stranger, NotPermitted),
        (oneself, DecidedAboutOneself),
    ):
        with pytest.raises(refusal):
            await decide(person, view.public_id, FindingEvent.DISMISS, "x")
    for reason in (" ", "字" * (LONGEST + 1)):
        with pytest.raises(InvalidInput):
            await decide(coordinator, view.public_id, FindingEvent.DISMISS, reason)
    with pytest.raises(NotFound):
        await finding(stranger, view.public_id)
    with clock.travelled_to(LATER + timedelta(hours=1)):
        await decide(coordinator, view.public_id, FindingEvent.DISMISS, "两班连着，有值班表。")
        with pytest.raises(TransitionRefused):
            await decide(coordinator, view.public_id, FindingEvent.CONFIRM, "再想想")
    assert [(one.status, one.reason) for one in await found(coordinator)] == [("dismissed", "两班连着，有值班表。")]


async def test_the_evidence_shows_what_the_record_says_now(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    [presence] = await worked(await somebody(), staff, (6, 12, 5.5, None, (0, 0)))
    [view] = await found(coordinator)
    with clock.travelled_to(LATER):
        await correct(staff, Presence(presence.sign_up, Outcome.ATTENDED, at(6), at(18)), "6 点才到")
    [work] = await work_behind(view)
    assert (work.minutes, work.corrections) == (720, 1)


async def test_several_nights_at_once_find_everything_once(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    for turn in range(rounds(2, 50)):
        for _ in range(3):
            await worked(await somebody(), staff, (6, 12, 5.5, None, (0, 0)))
        with clock.travelled_to(LATER):
            new = await asyncio.gather(*(look(SYSTEM, LATER) for _ in range(4)))
        assert sum(found_now[FindingKind.LONG_DAY] for found_now in new) == 3
        assert len(await findings(coordinator, None, FindingKind.LONG_DAY, None, 999)) == 3 * (turn + 1)


async def test_raw_sql_cannot_rewrite_a_finding_nor_let_anybody_decide_about_themselves(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    view = await one_finding(staff, coordinator)
    decided = "UPDATE finding SET status = 'dismissed', reason = 'x', decided_at = $2, decided_by = $1"
    account_id = await database.fetch_value("SELECT account_id FROM person JOIN finding f ON f.person_id = person.id")
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        await database.execute(decided, account_id, LATER)
    assert refused.value.constraint_name == "finding_second_party"
    await database.execute(decided, coordinator.actor, LATER)
    for raw in ("UPDATE finding SET reason = 'y'", "UPDATE finding SET evidence = '{}'", "DELETE FROM finding"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await database.execute(raw)
    again = """INSERT INTO finding (kind, subject, person_id, station_id, evidence, first_seen)
               SELECT kind, subject, person_id, station_id, evidence, first_seen FROM finding WHERE public_id = $1"""
    with pytest.raises(asyncpg.UniqueViolationError) as twice:
        await database.execute(again, view.public_id)
    assert twice.value.constraint_name == "finding_once"


async def test_the_coordinator_looks_reads_and_decides_on_pages_and_by_program(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    async with client(coordinator) as http:
        assert "没有要核查的" in (await http.get("/findings")).text
    await worked(await somebody(), staff, (6, 12, 5.5, None, (0, 0)))
    await worked(await somebody(), staff, (6, 12, 5.5, None, (0, 0)))
    with clock.travelled_to(LATER):
        async with client(coordinator) as http:
            assert (await http.post("/findings/look")).status_code == 303
            assert (await http.post("/api/v1/findings/look")).json()["found"]["long_day"] == 0
            assert "2 条到场异常等你核查" in (await http.get("/workbench")).text
            listed = (await http.get("/api/v1/findings?status=open&kind=long_day")).json()["items"]
            first, second = (one["id"] for one in listed)
            page = (await http.get(f"/findings/{first}")).text
            assert "依据，按现在的记录" in page
            assert "12.5 小时" in page
            assert (await http.post(f"/findings/{first}", data={"event": "dismiss", "reason": ""})).status_code == 422
            good = {"event": "confirm", "reason": "值班表上只有 8 小时。"}
            assert (await http.post(f"/findings/{first}", data=good)).status_code == 303
            assert (await http.post(f"/api/v1/findings/{second}/decision", json=good)).status_code == 204
            work = (await http.get(f"/api/v1/findings/{second}")).json()["work"]
            assert [one["minutes"] for one in work] == [750]
            assert "没有要核查的" in (await http.get("/findings")).text
            assert "值班表上只有 8 小时。" in (await http.get("/findings?status=confirmed")).text
        async with client(staff) as http:
            assert (await http.get("/findings")).status_code == 403
