"""Belonging to an organization: asked for, confirmed by a second party, left at any time; kept in step."""

import asyncio
from itertools import product
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.accounts import principals
from app.core import database
from app.core.access import Principal, Role
from app.core.errors import NotFound, NotPermitted, SamePersonRefused, TransitionRefused
from app.core.state import advance
from tests.app.web.client import client
from tests.volunteers import world
from tests.world import Organization, account, organization
from volunteers.assignments.sign_ups.leaving import leave
from volunteers.people.affiliations import queries, service
from volunteers.people.affiliations.rules import (
    TRANSITIONS,
    AffiliationEvent,
    AffiliationStatus,
    AlreadyAffiliated,
    OrganizationNotVerified,
    ReasonForAnswer,
)

CONFIRM, REFUSE, DISMISS = AffiliationEvent.CONFIRM, AffiliationEvent.REFUSE, AffiliationEvent.DISMISS


async def belongs_to(person_id: int) -> int | None:
    """Return the person's organization."""
    found: int | None = await database.fetch_value("SELECT organization_id FROM person WHERE id = $1", person_id)
    return found


async def house() -> tuple[Organization, Principal]:
    """Return a verified organization and somebody who acts for it."""
    made = await organization()
    return made, await account(Role.PROVIDER, organization=made.id)


async def status_now(public_id: UUID) -> str:
    """Return where an affiliation stands."""
    found: str = await database.fetch_value("SELECT status FROM affiliation WHERE public_id = $1", public_id)
    return found


@pytest.mark.parametrize(("status", "event"), list(product(AffiliationStatus, AffiliationEvent)))
async def test_the_services_move_it_as_the_table_says_and_no_other_way(
    shared_db: None, status: AffiliationStatus, event: AffiliationEvent
) -> None:
    made, member = await house()
    [(person_id, me)] = await world.volunteers(1)
    public_id = await service.ask(me, made.public_id)
    ways = {
        AffiliationStatus.ASKED: [],
        AffiliationStatus.CONFIRMED: [CONFIRM],
        AffiliationStatus.REFUSED: [REFUSE],
        AffiliationStatus.WITHDRAWN: [AffiliationEvent.WITHDRAW],
        AffiliationStatus.LEFT: [CONFIRM, AffiliationEvent.LEAVE],
        AffiliationStatus.DISMISSED: [CONFIRM, DISMISS],
    }

    async def happen(what: AffiliationEvent) -> None:
        if what in (AffiliationEvent.WITHDRAW, AffiliationEvent.LEAVE):
            if what is AffiliationEvent.WITHDRAW and await status_now(public_id) == "confirmed":
                advance(TRANSITIONS, AffiliationStatus.CONFIRMED, what)
            if what is AffiliationEvent.LEAVE and await status_now(public_id) == "asked":
                advance(TRANSITIONS, AffiliationStatus.ASKED, what)
            await service.step_back(me, public_id)
        else:
            await service.answer(member, public_id, what, "not one of ours" if what is not CONFIRM else "")

    for step in ways[status]:
        await happen(step)
    assert await status_now(public_id) == status
    expected = TRANSITIONS.get((status, event))
    if expected is None:
        with pytest.raises(TransitionRefused):
            await happen(event)
    else:
        await happen(event)
    now = await status_now(public_id)
    assert now == (expected or status)
    assert await belongs_to(person_id) == (made.id if now == "confirmed" else None)


async def test_one_organization_at_a_time_even_when_asked_at_once(shared_db: None) -> None:
    houses = [(await house())[0] for _ in range(3)]
    [(_, me)] = await world.volunteers(1)
    answers = await asyncio.gather(*(service.ask(me, one.public_id) for one in houses), return_exceptions=True)
    assert sorted(type(one).__name__ for one in answers) == ["AlreadyAffiliated", "AlreadyAffiliated", "UUID"]
    with pytest.raises(AlreadyAffiliated):
        await service.ask(me, houses[0].public_id)


async def test_only_the_organization_answers_never_about_oneself_and_says_why(shared_db: None) -> None:
    made, member = await house()
    _, stranger = await house()
    [(_, me)] = await world.volunteers(1)
    public_id = await service.ask(me, made.public_id, "second floor")
    with pytest.raises(NotPermitted):
        await service.answer(stranger, public_id, CONFIRM)
    with pytest.raises(NotPermitted):
        await service.answer(me, public_id, CONFIRM)
    with pytest.raises(ReasonForAnswer):
        await service.answer(member, public_id, REFUSE, " ")
    with pytest.raises(NotFound):
        await service.answer(member, uuid4(), CONFIRM)
    with pytest.raises(NotFound):
        await service.step_back((await world.volunteers(1))[0][1], public_id)
    assert [one.note for one in await queries.members(member, AffiliationStatus.ASKED)] == ["second floor"]
    assert await queries.members(stranger, AffiliationStatus.ASKED) == []
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(
            """UPDATE affiliation SET status = 'confirmed', answered_at = now(), answered_by = $2
               WHERE public_id = $1""",
            *(public_id, me.actor),
        )
    assert refusal.value.constraint_name == "affiliation_second_party"


async def test_a_member_who_is_a_volunteer_too_is_confirmed_by_a_colleague(shared_db: None) -> None:
    made, colleague = await house()
    both = await account(Role.PROVIDER, organization=made.id)
    ids = await world.register_people(world.IMPORTER, [world.Registration(both.actor, world.profile())])
    assert not ids.refused
    acting = await principals.principal_of_account(both.actor)
    public_id = await service.ask(acting, made.public_id)
    with pytest.raises(SamePersonRefused):
        await service.answer(acting, public_id, CONFIRM)
    assert await service.answer(colleague, public_id, CONFIRM) is AffiliationStatus.CONFIRMED


async def test_only_a_verified_organization_is_asked(shared_db: None) -> None:
    made, _ = await house()
    [(_, me)] = await world.volunteers(1)
    await database.execute("UPDATE organization SET status = 'suspended', decision_reason = 'x' WHERE id = $1", made.id)
    with pytest.raises(OrganizationNotVerified):
        await service.ask(me, made.public_id)


async def test_the_person_and_the_affiliation_say_the_same_whichever_is_written(shared_db: None) -> None:
    one, other = (await house())[0], (await house())[0]
    [(person_id, me)] = await world.people([world.profile(organization_id=one.id)])
    assert [row.status for row in await queries.my_affiliations(me)] == ["confirmed"]
    await database.execute("UPDATE person SET organization_id = $2 WHERE id = $1", person_id, other.id)
    assert [row.status for row in await queries.my_affiliations(me)] == ["confirmed", "left"]
    await leave(me)
    assert await belongs_to(person_id) is None
    assert [row.status for row in await queries.my_affiliations(me)] == ["left", "left"]
    with pytest.raises(asyncpg.RestrictViolationError) as refusal:
        await database.execute(
            "UPDATE affiliation SET status = 'confirmed', ended_at = NULL WHERE person_id = $1", person_id
        )
    assert refusal.value.constraint_name == "affiliation_is_kept"


async def test_pages_and_api_lead_from_asking_to_belonging_and_out_again(shared_db: None) -> None:
    made, member = await house()
    [(person_id, me)] = await world.volunteers(1)
    name = await database.fetch_value("SELECT name_zh FROM organization WHERE id = $1", made.id)
    async with client(me) as http:
        found = await http.get(f"/my/organization?q={name}")
        asked = await http.post("/my/organization", data={"organization": str(made.public_id), "note": "部门一"})
        twice = await http.post("/my/organization", data={"organization": str(made.public_id)})
    assert str(made.public_id) in found.text
    assert (asked.status_code, twice.status_code) == (303, 409)
    async with client(member) as http:
        listed = await http.get("/organization/members")
        workbench = await http.get("/workbench")
        [entry] = (await http.get("/api/v1/organization/members")).json()
        confirmed = await http.post(f"/api/v1/organization/members/{entry['id']}", json={"event": "confirm"})
    assert "部门一" in listed.text
    assert "申请加入你们机构" in workbench.text
    assert confirmed.json() == {"status": "confirmed"}
    assert await belongs_to(person_id) == made.id
    async with client(me) as http:
        assert name in (await http.get("/my/profile")).text
        assert (await http.post(f"/my/organization/{entry['id']}/end")).status_code == 303
        states = [row["status"] for row in (await http.get("/api/v1/people/me/affiliations")).json()]
    assert states == ["left"]
