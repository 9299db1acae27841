"""An organization's people come together: all or none, or as many as fit, each left out with a reason."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg
import pytest

from app.composition import compose
from app.core import database
from app.core.access import Grant, Principal, Role, scopes_of
from app.core.errors import NotPermitted
from tests import world as house_world
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.assignments.sign_ups.test_races import WRONGLY_COUNTED, outcomes
from tests.world import role_map
from volunteers.assignments.groups.queries import groups_ahead
from volunteers.assignments.groups.rules import GroupDoesNotFit, NobodyChosen, NotOneOrganization
from volunteers.assignments.groups.service import sign_up_group
from volunteers.assignments.rules import PositionDraft, SignUpMode
from volunteers.assignments.sign_ups.rules import AskFirst, Reason
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.people.rules import PersonEvent
from volunteers.people.service import change_status


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def scheduler(organization_id: int) -> Principal:
    """Make an account that plans for an organization."""
    [account_id] = await world.accounts(1)
    grant = Grant(Role.PROVIDER, organization_id=organization_id)
    return Principal(account_id, kind="session", grants=(grant,), scopes=scopes_of((grant,), role_map()))


async def members(how_many: int, organization_id: int) -> list[tuple[int, Principal, UUID]]:
    """Register volunteers who say that they belong to an organization."""
    people = await world.volunteers(how_many)
    ids = [person_id for person_id, _ in people]
    await database.execute("UPDATE person SET organization_id = $2 WHERE id = ANY ($1)", ids, organization_id)
    rows = await database.fetch("SELECT id, public_id FROM person WHERE id = ANY ($1)", ids)
    public = {row["id"]: row["public_id"] for row in rows}
    return [(person_id, who, public[person_id]) for person_id, who in people]


async def shift(capacity: int, hours: float = 9, **changes: object) -> tuple[int, str]:
    [found] = await world.publish(await world.draft(hours, positions=(PositionDraft("helper", capacity),), **changes))
    return found.position_ids[0], found.reference


def uuids(people: Sequence[tuple[int, Principal, UUID]]) -> list[UUID]:
    return [public_id for _, _, public_id in people]


async def booked(position: int) -> int:
    return int(await database.fetch_value("SELECT booked FROM position WHERE id = $1", position))


async def test_all_or_none_seats_the_whole_group_or_nobody_and_names_who_does_not_fit(db: None) -> None:
    house = await house_world.organization()
    officer, people = await scheduler(house.id), await members(3, house.id)
    position, reference = await shift(4)
    await change_status(people[1][1], PersonEvent.PAUSE)
    with pytest.raises(GroupDoesNotFit) as refusal:
        await sign_up_group(officer, position, uuids(people), all_or_none=True)
    assert len(refusal.value.reasons) == 1
    assert await booked(position) == 0
    done = await sign_up_group(officer, position, uuids(people), all_or_none=False)
    assert (done.taken, list(done.refused.values())) == (2, [(Reason.NOT_ACTIVE,)])
    assert await booked(position) == 2
    await change_status(people[1][1], PersonEvent.RESUME)
    assert (await sign_up_group(officer, position, uuids(people[1:2]), all_or_none=True)).taken == 1
    first = await database.fetch_value("SELECT public_id FROM sign_up WHERE person_id = $1", people[0][0])
    await withdraw(people[0][1], first)
    assert [(one.reference, one.wanted, one.seated, one.coming) for one in await groups_ahead(officer)] == [
        (reference, 3, 2, 1),
        (reference, 1, 1, 1),
    ]
    told = "SELECT count(*) FROM notification WHERE account_id = $1 AND channel = 'in_app'"
    assert await database.fetch_value(told, people[0][1].actor) == 1


async def test_a_group_is_of_ones_own_organization_and_where_the_station_chooses_nobody_is_sent(db: None) -> None:
    house, other_house = await house_world.organization(), await house_world.organization()
    officer, people = await scheduler(house.id), await members(1, house.id)
    strangers, [(_, _, loner)] = (
        await members(1, other_house.id),
        [
            (*pair, await database.fetch_value("SELECT public_id FROM person WHERE id = $1", pair[0]))
            for pair in await world.volunteers(1)
        ],
    )
    position, _ = await shift(4)
    with pytest.raises(NobodyChosen):
        await sign_up_group(officer, position, [], all_or_none=True)
    with pytest.raises(NotPermitted):
        await sign_up_group(officer, position, uuids(strangers), all_or_none=True)
    for mixed in ([*uuids(people), *uuids(strangers)], [loner]):
        with pytest.raises(NotOneOrganization):
            await sign_up_group(officer, position, mixed, all_or_none=False)
    chosen, _ = await shift(4, 33, sign_up_mode=SignUpMode.REQUEST)
    with pytest.raises(AskFirst):
        await sign_up_group(officer, chosen, uuids(people), all_or_none=True)
    assert await database.fetch_value("SELECT count(*) FROM sign_up") == 0


async def test_raw_sql_makes_no_group_that_is_not_whole_nor_of_other_peoples_people(db: None) -> None:
    house, other_house = await house_world.organization(), await house_world.organization()
    officer, people = await scheduler(house.id), await members(2, house.id)
    position, _ = await shift(4)
    insert = """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_at)
                SELECT p.id, a.id, $2, a.starts, a.ends, 'confirmed', 'group', now()
                FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1 RETURNING id"""
    group = """INSERT INTO group_sign_up (organization_id, assignment_id, all_or_none, wanted, created_by, created_at)
               SELECT $1, assignment_id, true, $2, $3, now() FROM position WHERE id = $4 RETURNING id"""
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(insert, position, people[0][0])
    assert refusal.value.constraint_name == "sign_up_is_of_its_group"
    for organization, wanted, constraint in (
        (house.id, 2, "group_is_whole"),
        (other_house.id, 1, "sign_up_is_of_its_group"),
    ):
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            async with database.transaction():
                made = await database.fetch_value(group, organization, wanted, officer.actor, position)
                seat = await database.fetch_value(insert, position, people[0][0])
                await database.execute("INSERT INTO group_member (group_id, sign_up_id) VALUES ($1, $2)", made, seat)
        assert refusal.value.constraint_name == constraint


async def test_two_groups_of_four_on_five_places_are_exactly_one_group(crowd: None) -> None:
    house, other_house = await house_world.organization(), await house_world.organization()
    sides = [(await scheduler(one.id), await members(4, one.id)) for one in (house, other_house)]
    for number in range(rounds(3, 100)):
        position, _ = await shift(5, 9 + 24 * number)
        attempts = [sign_up_group(who, position, uuids(people), all_or_none=True) for who, people in sides]
        attempts += [sign_up_group(sides[0][0], position, uuids(sides[0][1][::-1]), all_or_none=True)]
        seen = await outcomes(attempts)
        assert seen == {"ok": 1, "GroupDoesNotFit": 2}
        assert await booked(position) == 4
        seated = await database.fetch(
            """SELECT DISTINCT person.organization_id FROM sign_up s JOIN person ON person.id = s.person_id
               WHERE s.position_id = $1""",
            position,
        )
        assert len(seated) == 1
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_the_pages_and_the_api_sign_a_group_up(db: None) -> None:
    house = await house_world.organization()
    officer, people = await scheduler(house.id), await members(3, house.id)
    position, reference = await shift(2)
    await sign_up(people[2][1], position)
    path = f"/organization/assignments/{reference}/1/group"
    async with client(officer) as page:
        assert path in (await page.get(f"/assignments/{reference}")).text
        shown = (await page.get(path)).text
        assert "已在这个任务上" in shown
        assert (await page.post(path, data={})).status_code == 422
        both = {"members": [str(one) for one in uuids(people[:2])], "all_or_none": "on"}
        kept = await page.post(path, data=both)
        assert (kept.status_code, "一个都没有报" in kept.text, "名额已满" in kept.text) == (409, True, True)
        assert (await page.post(path, data={"members": str(people[0][2]), "all_or_none": "on"})).status_code == 303
        assert "组队报的" in (await page.get("/organization/schedule")).text
        wider, other = await shift(2, 33)
        body = {"assignment": other, "members": both["members"], "all_or_none": True}
        made = await page.post("/api/v1/groups", json=body)
        assert (made.status_code, made.json()["taken"], made.json()["refused"]) == (201, 2, {})
        assert [entry["coming"] for entry in (await page.get("/api/v1/groups")).json()] == [1, 2]
        assert await booked(wider) == 2
