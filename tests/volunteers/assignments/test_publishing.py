"""Publishing: what is in order is stored as a whole, what is not is named."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import NotPermitted
from tests.volunteers import world
from volunteers.assignments import rules
from volunteers.assignments.queries import assignment_page, position_id
from volunteers.assignments.rules import (
    AssignmentDraft,
    AssignmentEvent,
    AssignmentStatus,
    Compensation,
    DraftRefused,
    Kind,
    PositionDraft,
)
from volunteers.assignments.service import change_status, publish_assignments

PLAIN = AssignmentDraft(
    kind=Kind.LECTURE,
    title_zh="Lecture",
    place_id=1,
    station_id=1,
    starts=world.MONDAY,
    ends=world.MONDAY + timedelta(hours=2),
    compensation=Compensation.UNPAID,
    insured=True,
    positions=(PositionDraft("helper"),),
)
LAWYER, ANYBODY = PositionDraft("lawyer", credentials_any=("lawyer",)), PositionDraft("guide")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"title_zh": " "}, "title_zh"),
        ({"ends": world.MONDAY}, "ends"),
        ({"ends": world.MONDAY + timedelta(hours=12, minutes=1)}, "ends"),
        ({"ends": world.MONDAY + timedelta(hours=12)}, None),
        ({"starts": world.MONDAY - timedelta(days=30), "ends": world.MONDAY - timedelta(days=30, hours=-2)}, "starts"),
        ({"status": AssignmentStatus.DRAFT}, None),
        ({"status": AssignmentStatus.CLOSED}, "status"),
        ({"positions": ()}, "positions"),
        ({"positions": (ANYBODY,) * 21}, "positions"),
        ({"positions": (replace(ANYBODY, role_zh=""),)}, "positions"),
        ({"positions": (replace(ANYBODY, minimum=2),)}, "positions"),
        ({"positions": (replace(ANYBODY, minimum=0),)}, None),
        ({"positions": (replace(ANYBODY, capacity=201),)}, "positions"),
        ({"positions": (replace(ANYBODY, gender="X"),)}, "positions"),
        ({"positions": (replace(ANYBODY, credentials_any=("wizard",)),)}, "positions"),
        ({"kind": Kind.DUTY}, "positions"),
        ({"kind": Kind.DUTY, "positions": (LAWYER, ANYBODY)}, None),
        ({"kind": Kind.VILLAGE}, "positions"),
        ({"kind": Kind.MEDIATION, "positions": (LAWYER, ANYBODY)}, "positions"),
        ({"kind": Kind.MEDIATION, "positions": (LAWYER,)}, None),
        ({"kind": Kind.HOME_VISIT}, None),
    ],
)
def test_what_a_draft_must_say(changes: dict[str, object], field: str | None) -> None:
    found = rules.faults(replace(PLAIN, **changes), clock.now())  # type: ignore[arg-type]
    assert set(found) == ({field} if field else set())


async def test_assignments_are_stored_with_their_positions_in_order(shared_db: None) -> None:
    officer = await world.officer(Role.COORDINATOR)
    station = await world.station()
    drafts = [
        await world.draft(9, station_id=station, title_zh="First", positions=(LAWYER, replace(ANYBODY, capacity=3))),
        await world.draft(14, station_id=station, title_zh="Second", parties=("a", "b"), point=(7, 8)),
    ]
    first, second = await publish_assignments(officer, drafts)
    assert len(first.position_ids) == 2
    page = await assignment_page(first.reference)
    assert (page.title_zh, page.status, page.starts) == ("First", AssignmentStatus.OPEN, drafts[0].starts)
    assert [(p.id, p.number, p.role_zh, p.capacity, p.free) for p in page.positions] == [
        (first.position_ids[0], 1, "lawyer", 1, 1),
        (first.position_ids[1], 2, "guide", 3, 3),
    ]
    assert await position_id(first.reference, 2) == first.position_ids[1]
    stored = await database.fetch_one("SELECT parties, east_m, north_m FROM assignment WHERE id = $1", second.id)
    assert stored == {"parties": ["a", "b"], "east_m": 7, "north_m": 8}


async def test_one_wrong_draft_keeps_all_out_and_is_named(shared_db: None) -> None:
    good = await world.draft(title_zh="Kept out too")
    with pytest.raises(DraftRefused) as refusal:
        await publish_assignments(await world.officer(Role.COORDINATOR), [good, replace(good, title_zh="")])
    assert refusal.value.values == {"number": 2}
    assert set(refusal.value.fields) == {"title_zh"}
    assert not await database.fetch_value("SELECT 1 FROM assignment WHERE title_zh = 'Kept out too'")


async def test_a_station_publishes_for_its_own_places_only(shared_db: None) -> None:
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    mine, elsewhere = await world.station(), await world.station("330102")
    await publish_assignments(staff, [await world.draft(station_id=mine)])
    with pytest.raises(DraftRefused):  # a station does not answer for another district's place
        await publish_assignments(staff, [await world.draft(station_id=elsewhere)])
    far = await world.draft(station_id=elsewhere, place_id=await world.place_id("330102"))
    with pytest.raises(NotPermitted):
        await publish_assignments(staff, [far])
    [(_, volunteer)] = await world.volunteers(1)
    with pytest.raises(NotPermitted):
        await publish_assignments(volunteer, [await world.draft(station_id=mine)])


async def test_a_draft_becomes_open_closed_and_open_again(shared_db: None) -> None:
    officer = await world.officer(Role.COORDINATOR)
    [shift] = await publish_assignments(officer, [await world.draft(status=AssignmentStatus.DRAFT)])
    for event, status in [
        (AssignmentEvent.PUBLISH, AssignmentStatus.OPEN),
        (AssignmentEvent.CLOSE, AssignmentStatus.CLOSED),
        (AssignmentEvent.REOPEN, AssignmentStatus.OPEN),
    ]:
        assert await change_status(officer, shift.reference, event) is status
    with pytest.raises(NotPermitted):
        await change_status(await world.officer(Role.STATION_STAFF, "330102"), shift.reference, AssignmentEvent.CLOSE)
