"""Acting in a person's name: only a host, only with consent, each act recorded and told, every rule of sign-up kept."""

import asyncio
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import NotFound, NotPermitted
from tests.app.web.client import client
from tests.volunteers import world
from tests.volunteers.people.test_rules import id_card
from tests.world import Organization, account, organization
from volunteers.assignments.rules import PositionDraft, SignUpMode
from volunteers.assignments.sign_ups.rules import AskFirst, CredentialMissing, ElsewhereAtThatTime, ShiftIsFull
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.hosting import queries, service
from volunteers.hosting.rules import (
    AGREED_TO,
    ActKind,
    AlreadyAgreed,
    AlreadyAHost,
    ConsentMissing,
    HasAccount,
    NoConsent,
    NotAHost,
)
from volunteers.people.rules import IdCardTaken, gender_of

_numbers = iter(range(10_000_000, 99_999_999))
_orders = iter(range(101, 999, 2))


@dataclass(frozen=True)
class Stage:
    """A host, who acts for it, and somebody who let it."""

    house: Organization
    member: Principal
    person_id: int
    person: Principal
    consent: UUID


async def a_house(*, host: bool = True) -> tuple[Organization, Principal]:
    """Return an organization, a host or not, and somebody who acts for it."""
    house = await organization()
    if host:
        await service.appoint(await world.officer(Role.COORDINATOR), house.public_id)
    return house, await account(Role.PROVIDER, organization=house.id)


@pytest.fixture
async def stage(shared_db: None) -> Stage:
    """Return a host and a volunteer who let it act for them."""
    house, member = await a_house()
    [(person_id, person)] = await world.volunteers(1)
    return Stage(house, member, person_id, person, await service.agree(person, house.public_id))


async def lecture(hours: float = 9, **changes: object) -> int:
    """Publish a lecture; return its position."""
    [shift] = await world.publish(await world.draft(hours, **changes))
    return shift.position_ids[0]


async def test_each_act_is_recorded_with_who_did_it_and_the_person_is_told(stage: Stage) -> None:
    seat = await service.sign_up_for(stage.member, stage.consent, await lecture())
    row = await database.fetch_one("SELECT origin, created_by, person_id FROM sign_up WHERE public_id = $1", seat)
    assert row == {"origin": "host", "created_by": stage.member.actor, "person_id": stage.person_id}
    await service.withdraw_for(stage.member, stage.consent, seat)
    acts = await queries.acts_in_my_name(stage.person)
    assert [(act.kind, act.acted_by) for act in acts] == [
        (ActKind.WITHDRAWAL, stage.member.name),
        (ActKind.SIGN_UP, stage.member.name),
    ]
    told = await database.fetch_value(
        "SELECT count(*) FROM notification WHERE account_id = $1 AND channel = 'in_app' AND msgid LIKE '%替你%'",
        stage.person.actor,
    )
    assert told == 2


async def test_the_rules_of_sign_up_are_the_persons_own(stage: Stage) -> None:
    full = await lecture()
    [other] = await world.volunteers(1)
    await sign_up(other[1], full)
    lawyer = await lecture(positions=(PositionDraft("lawyer", credentials_any=("lawyer",)),))
    chosen = await lecture(sign_up_mode=SignUpMode.REQUEST)
    for position, refusal in ((full, ShiftIsFull), (lawyer, CredentialMissing), (chosen, AskFirst)):
        with pytest.raises(refusal):
            await service.sign_up_for(stage.member, stage.consent, position)
    await service.sign_up_for(stage.member, stage.consent, await lecture())
    with pytest.raises(ElsewhereAtThatTime):
        await service.sign_up_for(stage.member, stage.consent, await lecture())


async def test_only_a_host_with_a_consent_that_stands_acts(stage: Stage) -> None:
    position = await lecture()
    _, stranger = await a_house()
    with pytest.raises(NotPermitted):
        await service.sign_up_for(stranger, stage.consent, position)
    with pytest.raises(NotPermitted):
        await service.sign_up_for(stage.person, stage.consent, position)
    seat = await service.sign_up_for(stage.member, stage.consent, position)
    await service.take_back(stage.person, stage.consent)
    with pytest.raises(NoConsent):
        await service.withdraw_for(stage.member, stage.consent, seat)
    with pytest.raises(NoConsent):
        await service.sign_up_for(stage.member, stage.consent, await lecture(hours=33))
    with pytest.raises(NotFound):
        await service.take_back(stage.person, stage.consent)
    again = await service.agree(stage.person, stage.house.public_id)
    await service.end(await world.officer(Role.COORDINATOR), stage.house.public_id)
    with pytest.raises(NotAHost):
        await service.withdraw_for(stage.member, again, seat)


async def test_a_host_touches_nobodys_seat_but_the_persons(stage: Stage) -> None:
    [other] = await world.volunteers(1)
    seat = await sign_up(other[1], await lecture())
    with pytest.raises(NotFound):
        await service.withdraw_for(stage.member, stage.consent, seat)


async def test_the_database_refuses_what_no_consent_covers_and_what_is_not_recorded(stage: Stage) -> None:
    position = await lecture()
    [(other, _)] = await world.volunteers(1)
    insert = """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, created_by,
                                     created_at)
                SELECT p.id, a.id, $2, a.starts, a.ends, 'confirmed', 'host', $3, now()
                FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1"""
    for values, constraint in (
        ((position, other, stage.member.actor), "sign_up_host_consent"),
        ((position, stage.person_id, stage.person.actor), "sign_up_host_consent"),
        ((position, stage.person_id, stage.member.actor), "sign_up_host_act"),
    ):
        with pytest.raises(asyncpg.CheckViolationError) as refusal:
            await database.execute(insert, *values)
        assert refusal.value.constraint_name == constraint
    with pytest.raises(asyncpg.RestrictViolationError) as kept:
        await database.execute("UPDATE host_consent SET agreed_to = 'more' WHERE public_id = $1", stage.consent)
    assert kept.value.constraint_name == "host_consent_is_kept"


async def test_taking_back_and_signing_up_at_once_leaves_no_uncovered_act(stage: Stage) -> None:
    position = await lecture()
    answers = await asyncio.gather(
        service.sign_up_for(stage.member, stage.consent, position),
        service.take_back(stage.person, stage.consent),
        return_exceptions=True,
    )
    assert answers[1] is None
    assert isinstance(answers[0], (UUID, NoConsent))
    late = await database.fetch_value(
        """SELECT count(*) FROM host_act x JOIN host_consent c ON c.id = x.host_consent_id
           WHERE c.public_id = $1 AND x.acted_at > c.revoked_at""",
        stage.consent,
    )
    assert late == 0


async def test_who_agreed_on_paper_becomes_a_volunteer_in_one_form(shared_db: None) -> None:
    house, member = await a_house()
    phone = f"139{next(_numbers)}"
    card = id_card(order=str(next(_orders)))
    form = {
        "organization": house.id,
        "name": "王桂芬",
        "id_card": card,
        "phone": phone,
        "home": "三墩镇",
        "given_on": clock.today().isoformat(),
        "agreed": "on",
    }
    async with client(member) as http:
        refused = await http.post("/organization/hosted", data={**form, "agreed": ""})
        made = await http.post("/organization/hosted", data=form)
        twice = await http.post("/organization/hosted", data=form)
        page = await http.get(made.headers["location"])
    assert (refused.status_code, made.status_code, twice.status_code) == (422, 303, 409)
    assert "王桂芬" in refused.text
    assert "王桂芬" in page.text
    row = await database.fetch_one(
        """SELECT c.agreed_to, c.origin, c.recorded_by, n.channel FROM host_consent c
           JOIN person ON person.id = c.person_id JOIN notification n ON n.account_id = person.account_id
           WHERE person.name = '王桂芬' AND n.channel = 'sms'"""
    )
    assert row == {"agreed_to": AGREED_TO, "origin": "paper", "recorded_by": member.actor, "channel": "sms"}
    [consent] = [one.consent for one in await queries.hosted_people(member)]
    assert await service.sign_up_for(member, consent, await lecture())


async def test_programs_register_whom_a_host_may_act_for(shared_db: None) -> None:
    house, member = await a_house()
    stranger = await organization()
    body = {
        **{"organization": str(house.public_id), "name": "陈阿毛", "id_card": id_card(order=str(next(_orders)))},
        **{"phone": f"139{next(_numbers)}", "home": world.TOWN, "given_on": clock.today().isoformat(), "agreed": True},
    }
    wrong = {
        **{"agreed": False, "given_on": "2999-01-01", "id_card": "1", "home": "330106999", "phone": "12"},
        "organization": str(stranger.public_id),
    }
    async with client(member) as http:
        answers = [
            (await http.post("/api/v1/organization/hosted", json={**body, name: value})).status_code
            for name, value in wrong.items()
        ]
        assert answers == [422, 422, 422, 422, 422, 404]
        assert (await http.post("/api/v1/organization/hosted", json={**body, "home": "x"})).status_code == 400
        made = await http.post("/api/v1/organization/hosted", json=body)
        twice = await http.post("/api/v1/organization/hosted", json=body)
        [listed] = (await http.get("/api/v1/organization/hosted")).json()
    assert (made.status_code, twice.status_code, twice.json()["code"]) == (201, 409, "has_account")
    assert (listed["consent"], listed["name"]) == (made.json()["consent"], "陈阿毛")
    assert await service.sign_up_for(member, UUID(listed["consent"]), await lecture())
    _, nobody = await a_house(host=False)
    async with client(nobody) as http:
        assert (await http.post("/api/v1/organization/hosted", json=body)).status_code == 404


async def test_nobody_is_registered_a_second_time_on_paper(shared_db: None) -> None:
    house, member = await a_house()
    card, other = (id_card(order=str(next(_orders))) for _ in range(2))
    phone = f"139{next(_numbers)}"
    profiles = [world.profile(id_card=number, gender=gender_of(number)) for number in (card, other)]
    await service.register_for(member, house.id, profiles[0], phone, clock.today(), agreed=True)
    with pytest.raises(HasAccount):
        await service.register_for(member, house.id, profiles[1], phone, clock.today(), agreed=True)
    with pytest.raises(IdCardTaken):
        await service.register_for(member, house.id, profiles[0], f"139{next(_numbers)}", clock.today(), agreed=True)


async def test_an_organization_that_is_no_host_registers_nobody(shared_db: None) -> None:
    house, member = await a_house(host=False)
    profile = world.profile(id_card=id_card(order=str(next(_orders))))
    with pytest.raises(NotAHost):
        await service.register_for(member, house.id, profile, f"139{next(_numbers)}", clock.today(), agreed=True)
    with pytest.raises(ConsentMissing):
        await service.register_for(member, house.id, profile, f"139{next(_numbers)}", clock.today(), agreed=False)
    [(_, person)] = await world.volunteers(1)
    with pytest.raises(NotFound):
        await service.agree(person, house.public_id)


async def test_a_coordinator_of_the_place_names_a_host_once(stage: Stage) -> None:
    with pytest.raises(AlreadyAHost):
        await service.appoint(await world.officer(Role.COORDINATOR), stage.house.public_id)
    with pytest.raises(NotPermitted):
        await service.appoint(await world.officer(Role.COORDINATOR, "330102"), stage.house.public_id)
    with pytest.raises(NotPermitted):
        await service.appoint(stage.member, stage.house.public_id)
    with pytest.raises(AlreadyAgreed):
        await service.agree(stage.person, stage.house.public_id)


async def test_pages_and_api_show_both_sides(stage: Stage) -> None:
    position = await lecture(title_zh="大厅引导")
    reference = await database.fetch_value(
        "SELECT a.reference FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE p.id = $1", position
    )
    async with client(stage.member) as http:
        desk = await http.get("/organization/hosted")
        taken = await http.post(f"/organization/hosted/{stage.consent}/{reference}/1")
        again = await http.post(f"/organization/hosted/{stage.consent}/{reference}/1")
        listed = (await http.get("/api/v1/organization/hosted")).json()
    assert str(stage.consent) in desk.text
    assert (taken.status_code, again.status_code) == (303, 409)
    assert [one["ahead"] for one in listed if one["consent"] == str(stage.consent)] == [1]
    async with client(stage.person) as http:
        mine = await http.get("/my/hosts")
        profile = await http.get("/my/profile")
        gone = await http.delete(f"/api/v1/people/me/hosts/{stage.consent}")
        kept = (await http.get("/api/v1/people/me/hosts")).json()
    assert "大厅引导" in mine.text
    assert "请机构代办" in profile.text
    assert gone.status_code == 204
    assert [one["in_force"] for one in kept] == [False]
    async with client(await world.officer(Role.COORDINATOR)) as http:
        assert (await http.get("/hosts")).status_code == 200
