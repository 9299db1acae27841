"""What looks odd is found once, and told in plain words with what shows it; what is as it should be is left alone."""

import asyncio
from datetime import timedelta

from app.core import clock, database
from app.core.access import Role
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.attendance.findings.stage import (
    LATER,
    SYSTEM,
    at,
    coordinator_and_staff,
    found,
    rule,
    somebody,
    worked,
)
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.attendance.checking_in.rules import Moment
from volunteers.attendance.checking_in.service import check_by_name
from volunteers.attendance.findings.queries import findings, work_behind
from volunteers.attendance.findings.rules import FindingKind, FindingStatus
from volunteers.attendance.findings.service import look
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance

FAR = (5_000, 0)


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


async def test_several_nights_at_once_find_everything_once(db: None) -> None:
    coordinator, staff = await coordinator_and_staff()
    for turn in range(rounds(2, 50)):
        for _ in range(3):
            await worked(await somebody(), staff, (6, 12, 5.5, None, (0, 0)))
        with clock.travelled_to(LATER):
            new = await asyncio.gather(*(look(SYSTEM, LATER) for _ in range(4)))
        assert sum(found_now[FindingKind.LONG_DAY] for found_now in new) == 3
        assert len(await findings(coordinator, None, FindingKind.LONG_DAY, None, 999)) == 3 * (turn + 1)
