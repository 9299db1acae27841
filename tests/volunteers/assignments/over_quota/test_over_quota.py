"""Beyond the quota by a decision with actor and reason: outside what is booked, inside every other guarantee."""

from uuid import UUID

import asyncpg
import pytest

from app.composition import compose
from app.core import clock, database
from app.core.access import Permission, Principal, Role, Scope
from app.core.errors import NotPermitted
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.sign_ups.test_races import WRONGLY_COUNTED, outcomes
from volunteers.assignments.exchanges import service as exchanges
from volunteers.assignments.exchanges.rules import SeatNotExchangeable
from volunteers.assignments.over_quota.rules import (
    NoSeatFree,
    NotOneself,
    NotOverQuota,
    ReasonForAddingMissing,
    SeatsFree,
)
from volunteers.assignments.over_quota.service import add_beyond_quota, move_into_seat
from volunteers.assignments.rules import PositionDraft
from volunteers.assignments.sign_ups.disruptions import cancel_assignment, set_capacity
from volunteers.assignments.sign_ups.rules import (
    AlreadySignedUp,
    CredentialMissing,
    ElsewhereAtThatTime,
    RecusedFromParty,
)
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.assignments.waiting.service import join_line
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance
from volunteers.dispatch.week import read_instance
from volunteers.people.credentials.rules import CredentialKind
from volunteers.people.finding import NobodyByThatName, SeveralByThatName

SEAT = """
SELECT booked, (SELECT count(*) FROM sign_up s WHERE s.position_id = p.id AND s.live) AS here
FROM position p WHERE id = $1
"""


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def full(who: Principal, hours: float = 9, **changes: object) -> tuple[int, str, UUID]:
    """Publish a shift for one and fill it; return the position, the reference and the sign-up."""
    seat = PositionDraft("helper", 1, **{k: v for k, v in changes.items() if k == "credentials_any"})  # type: ignore[arg-type]
    more = {name: value for name, value in changes.items() if name != "credentials_any"}
    [shift] = await world.publish(await world.draft(hours, positions=(seat,), **more))
    return shift.position_ids[0], shift.reference, await sign_up(who, shift.position_ids[0])


async def name_of(person_id: int) -> str:
    return str(await database.fetch_value("SELECT name FROM person WHERE id = $1", person_id))


async def test_a_person_comes_beyond_the_quota_and_counts_like_any_other_but_not_as_booked(db: None) -> None:
    (_, one), (other_id, other) = await world.volunteers(2)
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    position, _, held = await full(one)
    added = await add_beyond_quota(staff, position, await name_of(other_id), "老律师带教")
    assert await database.fetch_one(SEAT, position) == {"booked": 1, "here": 2}
    assert await database.fetch_value("SELECT reason FROM over_quota") == "老律师带教"
    with pytest.raises(SeatNotExchangeable):
        await exchanges.offer_by_link(other, added)
    starts, ends = (await database.fetch("SELECT starts, ends FROM sign_up LIMIT 1"))[0].values()
    with clock.travelled_to(ends):
        present = [Presence(one_of, Outcome.ATTENDED, starts, ends) for one_of in (held, added)]
        assert (await confirm_attendance(staff, present)).refused == {}
    assert await database.fetch_value("SELECT count(*) FROM hours_entry") == 2
    assert await database.fetch_one(SEAT, position) == {"booked": 1, "here": 2}
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_every_other_rule_of_sign_up_holds_beyond_the_quota(db: None) -> None:
    lawyer = world.profile(credentials=(world.licence(CredentialKind.LAWYER),))
    tied = world.profile(credentials=(world.licence(CredentialKind.LAWYER),), recused_from=("p",))
    busy = world.profile(credentials=(world.licence(CredentialKind.LAWYER),))
    (_, one), (plain_id, _), (tied_id, _), (busy_id, other) = await world.people([lawyer, world.profile(), tied, busy])
    officer = await world.officer(Role.COORDINATOR)
    position, _, _ = await full(one, credentials_any=("lawyer",), parties=("p",))
    await full(other, 10)
    for person_id, refusal in (
        (plain_id, CredentialMissing),
        (tied_id, RecusedFromParty),
        (busy_id, ElsewhereAtThatTime),
    ):
        with pytest.raises(refusal):
            await add_beyond_quota(officer, position, await name_of(person_id), "x")
    with pytest.raises(AlreadySignedUp):
        await add_beyond_quota(officer, position, lawyer.name, "x")


async def test_who_adds_says_why_for_whom_at_their_own_station_and_only_where_it_is_full(db: None) -> None:
    (_, one), (other_id, _), (namesake_id, _) = await world.volunteers(3)
    officer = await world.officer(Role.STATION_STAFF, world.TOWN)
    position, reference, _ = await full(one)
    name = await name_of(other_id)
    with pytest.raises(ReasonForAddingMissing):
        await add_beyond_quota(officer, position, name, "  ")
    with pytest.raises(NobodyByThatName):
        await add_beyond_quota(officer, position, "无此人", "x")
    with pytest.raises(NotPermitted):
        await add_beyond_quota(await world.officer(Role.STATION_STAFF, "330127100"), position, name, "x")
    await set_capacity(officer, reference, 1, 2)
    with pytest.raises(SeatsFree):
        await add_beyond_quota(officer, position, name, "x")
    await database.execute("UPDATE person SET name = $2 WHERE id = $1", namesake_id, name)
    with pytest.raises(SeveralByThatName):
        await add_beyond_quota(officer, position, name, "x")


async def test_nobody_adds_themselves_whoever_writes(db: None) -> None:
    (_, one), (other_id, other) = await world.volunteers(2)
    position, _, _ = await full(one)
    of_both = Principal(other.account_id, kind="session", scopes={Permission.ASSIGNMENT_PUBLISH: Scope(("3301",))})
    with pytest.raises(NotOneself):
        await add_beyond_quota(of_both, position, await name_of(other_id), "x")
    assert await database.fetch_one(SEAT, position) == {"booked": 1, "here": 1}


async def test_a_seat_that_becomes_free_goes_to_the_line_first_and_then_to_who_is_beyond(db: None) -> None:
    (_, one), (_, waiting), (other_id, other) = await world.volunteers(3)
    officer = await world.officer(Role.COORDINATOR)
    position, reference, held = await full(one)
    added = await add_beyond_quota(officer, position, await name_of(other_id), "带教")
    with pytest.raises(NoSeatFree):
        await move_into_seat(officer, added)
    await join_line(waiting, position)
    await withdraw(one, held)
    with pytest.raises(NoSeatFree):
        await move_into_seat(officer, added)
    await set_capacity(officer, reference, 1, 2)
    await move_into_seat(officer, added)
    assert await database.fetch_one(SEAT, position) == {"booked": 2, "here": 2}
    with pytest.raises(NotOverQuota):
        await move_into_seat(officer, added)
    await withdraw(other, added)
    assert await database.fetch_one(SEAT, position) == {"booked": 1, "here": 1}


async def test_raw_sql_puts_nobody_beyond_the_quota_without_a_decision_nor_counts_them(db: None) -> None:
    (_, one), (other_id, other) = await world.volunteers(2)
    officer = await world.officer(Role.COORDINATOR)
    position, _, _ = await full(one)
    insert = """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, over_quota,
                                     created_at)
                SELECT p.id, a.id, $2, a.starts, a.ends, 'confirmed', $3, true, now()
                FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1 RETURNING id"""
    decide = "INSERT INTO over_quota (sign_up_id, reason, decided_by, decided_at) VALUES ($1, $2, $3, now())"
    for statement, constraint, values in (
        (insert, "sign_up_over_quota_was_decided", (position, other_id, "over_quota")),
        (insert, "sign_up_over_quota_is_decided", (position, other_id, "import")),
        ("UPDATE sign_up SET over_quota = true", "sign_up_over_quota_is_decided", ()),
        ("UPDATE sign_up SET over_quota = true, origin = 'over_quota'", "sign_up_over_quota_was_decided", ()),
        (decide, "over_quota_beyond_capacity", (await held_by(one), "x", officer.actor)),
    ):
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await database.execute(statement, *values)
        assert refusal.value.constraint_name == constraint
    for reason, account, constraint in (
        ("x", other.actor, "over_quota_second_party"),
        (" ", officer.actor, "over_quota_says_why"),
    ):
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            async with database.transaction():
                seat = await database.fetch_value(insert, position, other_id, "over_quota")
                await database.execute(decide, seat, reason, account)
        assert refusal.value.constraint_name == constraint
    async with database.transaction():
        seat = await database.fetch_value(insert, position, other_id, "over_quota")
        await database.execute(decide, seat, "x", officer.actor)
    assert await database.fetch_one(SEAT, position) == {"booked": 1, "here": 2}
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute("UPDATE sign_up SET over_quota = false")
    assert refusal.value.constraint_name == "position_capacity"


async def test_a_plan_leaves_who_is_beyond_the_quota_where_they_are(db: None) -> None:
    (_, one), (other_id, _) = await world.volunteers(2)
    position, _, _ = await full(one)
    await add_beyond_quota(await world.officer(Role.COORDINATOR), position, await name_of(other_id), "带教")
    week = await read_instance("330106", clock.local(world.MONDAY).date())
    [shift] = week.shifts
    assert (shift.positions[0].max, len(week.pinned)) == (2, 2)


async def held_by(who: Principal) -> int:
    found = await database.fetch_value(
        "SELECT s.id FROM sign_up s JOIN person p ON p.id = s.person_id WHERE p.account_id = $1", who.actor
    )
    return int(found)


async def test_adding_moving_cutting_and_leaving_at_once_never_miscount_nor_deadlock(crowd: None) -> None:
    people = await world.volunteers(6)
    officer, other = await world.officer(Role.COORDINATOR), await world.officer(Role.STATION_STAFF, world.TOWN)
    names = [await name_of(person_id) for person_id, _ in people]
    for number in range(rounds(3, 100)):
        position, reference, held = await full(people[0][1], 9 + 24 * number)
        added = await add_beyond_quota(officer, position, names[1], "带教")
        await outcomes([
            withdraw(people[0][1], held), move_into_seat(officer, added), move_into_seat(other, added),
            add_beyond_quota(other, position, names[2], "x"), add_beyond_quota(officer, position, names[2], "x"),
            sign_up(people[3][1], position), set_capacity(officer, reference, 1, 2 - number % 2),
            *([cancel_assignment(officer, reference, "weather")] if number % 3 == 0 else []),
        ])  # fmt: skip
        row = await database.fetch_one("SELECT booked, capacity FROM position WHERE id = $1", position)
        assert row is not None
        assert row["booked"] <= row["capacity"]
        assert await database.fetch_value(WRONGLY_COUNTED) == 0
        await database.execute(
            """UPDATE sign_up SET status = 'released', ended_at = starts - interval '1 day', ended_reason = 'left'
               WHERE live AND position_id = $1""",
            position,
        )


async def test_the_pages_and_the_api_add_show_and_seat(db: None) -> None:
    (_, one), (other_id, _), (third_id, _) = await world.volunteers(3)
    _, reference, held = await full(one)
    async with client(await world.officer(Role.STATION_STAFF, world.TOWN)) as desk:
        path = f"/station/shifts/{reference}"
        assert f"{path}/over-quota" in (await desk.get(path)).text
        kept = await desk.post(f"{path}/over-quota", data={"position": "1", "who": "无此人", "reason": "带教"})
        assert (kept.status_code, "没有找到这位志愿者" in kept.text, 'value="带教"' in kept.text) == (422, True, True)
        sent = {"position": "1", "who": await name_of(other_id), "reason": "带教"}
        assert (await desk.post(f"{path}/over-quota", data=sent)).status_code == 303
        shown = (await desk.get(path)).text
        assert "带教" in shown
        assert "转为正式名额" not in shown
        body = {"who": await name_of(third_id), "reason": "庭审多人"}
        made = await desk.post(f"/api/v1/assignments/{reference}/over-quota", json=body)
        assert made.status_code == 201
        listed = (await desk.get(f"/api/v1/assignments/{reference}/over-quota")).json()
        assert [entry["over_quota"] for entry in listed] == [True, True]
        assert (await desk.post(f"/api/v1/sign-ups/{made.json()['id']}/seat")).status_code == 409
        await withdraw(one, held)
        assert "转为正式名额" in (await desk.get(path)).text
        seated = await desk.post(f"/station/sign-ups/{listed[0]['id']}/seat", data={"shift": reference})
        assert seated.headers["location"] == path
        assert "已转为正式" in (await desk.get(path)).text
