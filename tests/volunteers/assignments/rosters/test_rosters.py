"""Rosters: a station's week with how it is covered, paper, an organization's people."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import ANONYMOUS, Grant, Principal, Role, scopes_of
from tests.volunteers import world
from tests.volunteers.assignments.test_pages import got
from tests.world import role_map
from volunteers.assignments.rosters.queries import RosterSeat, RosterShift
from volunteers.assignments.rules import AssignmentStatus, Compensation, Kind, PositionDraft
from volunteers.assignments.sign_ups.disruptions import cancel_assignment
from volunteers.assignments.sign_ups.service import sign_up

MONDAY = clock.local(world.MONDAY).date()


@pytest.mark.parametrize(
    ("status", "booked", "word"),
    [("open", 0, "missing"), ("open", 1, "free"), ("closed", 2, "full"), ("draft", 0, "off"), ("cancelled", 0, "off")],
)
def test_how_a_shift_is_covered(status: str, booked: int, word: str) -> None:
    seat = RosterSeat("lawyer", "", 1, 2, booked, ())
    shift = RosterShift(
        *("RW-1", Kind.DUTY, "x", "", world.MONDAY, world.MONDAY, AssignmentStatus(status), Compensation.UNPAID),
        *(True, "", "", "", "", "", (seat, replace_seat(seat))),
    )
    assert shift.coverage == word


def replace_seat(seat: RosterSeat) -> RosterSeat:
    """Return a second kind of seat that lacks nobody."""
    return RosterSeat("guide", "", 0, max(1, seat.booked - 1), max(1, seat.booked - 1), ())


async def test_a_week_shows_each_shift_on_its_day_with_its_people(db: None) -> None:
    staff, station = await world.officer(Role.STATION_STAFF, world.TOWN), await world.station()
    two = (PositionDraft("讲师", 2, 1),)
    drafts = [await world.draft(9, station_id=station, title_zh="早课", positions=two)]
    drafts += [replace(drafts[0], title_zh="晚课", starts=drafts[0].starts + timedelta(days=2, hours=9),
                       ends=drafts[0].ends + timedelta(days=2, hours=9))]  # fmt: skip
    first, second = await world.publish(*drafts)
    [(_, volunteer)] = await world.people([world.profile(name="林晓芸")])
    await sign_up(volunteer, first.position_ids[0])
    week = (await got(staff, f"/station/week?week={MONDAY}")).text
    assert (
        week.index("早课")
        < week.index("林晓芸")
        < week.index("还可报 1 人")
        < week.index("晚课")
        < week.index("缺 1 人")
    )
    notice = (await got(staff, f"/station/week/notice?week={MONDAY}")).text
    assert "林晓芸" in notice
    assert "（待定）" in notice
    assert 'class="qr"' in notice
    roster = (await got(staff, f"/station/roster?day={MONDAY}")).text
    assert "林晓芸" in roster
    assert "晚课" not in roster
    await cancel_assignment(staff, second.reference, "台风")
    assert "晚课" not in (await got(staff, f"/station/week/notice?week={MONDAY}")).text
    assert "已取消" in (await got(staff, f"/station/week?week={MONDAY}")).text


async def test_a_station_is_shown_to_those_who_answer_for_it(db: None) -> None:
    mine, theirs = await world.station(), await world.station("330102")
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    assert (await got(staff, f"/station/week?station={mine}")).status_code == 200
    for path in ("week", "week/notice", "roster"):
        assert (await got(staff, f"/station/{path}?station={theirs}")).status_code == 404


async def test_a_poster_leads_to_what_is_open(db: None) -> None:
    [stored] = await world.publish(await world.draft(title_zh="民法典讲座"))
    poster = await got(ANONYMOUS, f"/assignments/{stored.reference}/poster")
    assert "民法典讲座" in poster.text
    assert 'class="qr"' in poster.text
    await cancel_assignment(await world.officer(Role.COORDINATOR), stored.reference, "台风")
    assert (await got(ANONYMOUS, f"/assignments/{stored.reference}/poster")).status_code == 404


async def member_of(organization_id: int) -> Principal:
    """Return somebody who acts for an organization."""
    grant = Grant(Role.PROVIDER, organization_id=organization_id)
    [account_id] = await world.accounts(1)
    return Principal(account_id, kind="session", grants=(grant,), scopes=scopes_of([grant], role_map()))


async def test_an_organization_sees_its_own_people_only(db: None) -> None:
    from tests.world import organization

    ours, theirs = await organization(), await organization()
    profiles = [world.profile(name="自己人"), world.profile(name="别家人")]
    people = await world.people(profiles)
    for (person_id, _), house in zip(people, (ours, theirs), strict=True):
        await database.execute("UPDATE person SET organization_id = $2 WHERE id = $1", person_id, house.id)
    [stored] = await world.publish(await world.draft(positions=(PositionDraft("讲师", 2),)))
    for _, volunteer in people:
        await sign_up(volunteer, stored.position_ids[0])
    member = await member_of(ours.id)
    dates = f"since={MONDAY}&until={MONDAY}"
    for path in ("", "/export"):
        shown = (await got(member, f"/organization/schedule{path}?{dates}")).content.decode()
        assert "自己人" in shown
        assert "别家人" not in shown
    outside = (await got(member, f"/organization/schedule?since={MONDAY + timedelta(days=1)}")).text
    assert "自己人" not in outside
