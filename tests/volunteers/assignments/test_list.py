"""The list of open assignments: its filters, "for me", its pages and its price in statements."""

from datetime import timedelta
from typing import Any

import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from tests.volunteers import world
from volunteers.assignments.queries import AssignmentFilter, AssignmentRow, open_assignments
from volunteers.assignments.rules import AssignmentEvent, AssignmentStatus, Compensation, Kind, PositionDraft
from volunteers.assignments.service import change_status, publish_assignments
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.people.rules import Limits, Window

LAWYER = (PositionDraft("lawyer", credentials_any=("lawyer",)),)


async def titles(**asked: Any) -> list[str]:
    """Return the titles that a filter finds."""
    return [row.title_zh for row in await open_assignments(AssignmentFilter(**asked))]


async def publish(*said: tuple[str, float, dict[str, Any]]) -> None:
    """Publish assignments by title, hours and what is special about them."""
    await world.publish(*[await world.draft(hours, title_zh=title, **changes) for title, hours, changes in said])


async def test_each_filter_narrows_the_list(db: None) -> None:
    other_town = {"place_id": await world.place_id("330102"), "station_id": await world.station("330102")}
    await publish(
        ("duty", 9, {"kind": Kind.DUTY, "positions": LAWYER}),
        ("paid", 10, {"compensation": Compensation.SUBSIDY}),
        ("far", 11, other_town),
        ("later", 200, {}),
    )
    officer = await world.officer(Role.COORDINATOR)
    drafts = [await world.draft(title_zh="draft", status=AssignmentStatus.DRAFT), await world.draft(title_zh="closed")]
    closed = (await publish_assignments(officer, drafts))[1]
    await change_status(officer, closed.reference, AssignmentEvent.CLOSE)
    assert await titles() == ["duty", "paid", "far", "later"]
    assert await titles(place_code="330106") == ["duty", "paid", "later"]
    assert await titles(kind=Kind.DUTY) == ["duty"]
    assert await titles(compensation=Compensation.SUBSIDY) == ["paid"]
    assert await titles(credential="lawyer") == ["duty"]
    assert await titles(since=world.MONDAY + timedelta(days=7)) == ["later"]
    assert await titles(until=world.MONDAY + timedelta(hours=10)) == ["duty"]
    with clock.travelled_to(world.MONDAY + timedelta(hours=10)):
        assert await titles() == ["far", "later"]


async def test_for_me_leaves_out_what_i_may_not_cannot_or_would_not(db: None) -> None:
    me = world.profile(
        recused_from=("party-1",),
        limits=Limits(max_travel_m=1000),
        availability=(Window(0, 9 * 60, 17 * 60),),
    )
    [(person_id, principal), (_, other)] = await world.people([me, world.profile()])
    await publish(
        ("fits", 9, {}),
        ("licensed", 9, {"kind": Kind.DUTY, "positions": LAWYER}),
        ("skill", 9, {"positions": (PositionDraft("x", skills_all=("land",)),)}),
        ("language", 9, {"positions": (PositionDraft("x", languages_all=("sign",)),)}),
        ("gender", 9, {"positions": (PositionDraft("x", gender="M"),)}),
        ("party", 9, {"parties": ("party-1",)}),
        ("evening", 19, {}),
        ("far", 9, {"point": (0, 0)}),
    )
    [full, mine] = await world.publish(await world.draft(9, title_zh="full"), await world.draft(13, title_zh="mine"))
    await publish(("while I am busy", 14, {}))
    await sign_up(other, full.position_ids[0])
    await sign_up(principal, mine.position_ids[0])
    assert sorted(await titles(person_id=person_id, eligible=True)) == ["evening", "far", "fits"]
    assert sorted(await titles(person_id=person_id, eligible=True, near=True)) == ["evening", "fits"]
    assert await titles(person_id=person_id, eligible=True, near=True, when_free=True) == ["fits"]
    rows = await open_assignments(AssignmentFilter(person_id=person_id))
    assert [row.title_zh for row in rows if row.mine] == ["mine"]


@pytest.fixture
async def hundreds(db: None) -> Principal:
    """Publish 201 assignments, many of them at the same instant."""
    drafts = [await world.draft(9, title_zh="0")]
    drafts += [await world.draft(9 + number % 5, station_id=drafts[0].station_id) for number in range(1, 201)]
    await world.publish(*drafts)
    return (await world.volunteers(1))[0][1]


async def test_pages_hold_every_assignment_once(hundreds: Principal) -> None:
    seen: list[AssignmentRow] = []
    after = None
    while part := await open_assignments(AssignmentFilter(), after, limit=60):
        seen += part
        after = (part[-1].starts, part[-1].id)
    assert len(seen) == len({row.id for row in seen}) == 201
    assert seen == sorted(seen, key=lambda row: (row.starts, row.id))


async def test_two_hundred_rows_are_one_statement(hundreds: Principal, monkeypatch: pytest.MonkeyPatch) -> None:
    statements: list[str] = []
    fetch = database.fetch

    async def counted(sql: str, *values: Any) -> list[database.Row]:
        statements.append(sql)
        return await fetch(sql, *values)

    monkeypatch.setattr(database, "fetch", counted)
    rows = await open_assignments(AssignmentFilter(person_id=1, eligible=True), limit=200)
    assert (len(rows), len(statements)) == (200, 1)
