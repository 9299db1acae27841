"""Joining, registering a whole register, and what people change about themselves."""

from dataclasses import replace
from uuid import UUID

import msgspec
import pytest

from app.core import database, vault
from app.core.access import Permission, Principal, Role, system_principal
from app.core.errors import InvalidInput, NotPermitted
from tests.app.web.client import client
from tests.volunteers import world
from tests.volunteers.people.test_rules import id_card
from tests.world import account
from volunteers.people.credentials.rules import CredentialNumberTaken, CredentialStatus
from volunteers.people.queries import home_places, own_person_id, profile
from volunteers.people.registration.service import Registration, join, register_people
from volunteers.people.rules import (
    AlreadyJoined,
    Corps,
    IdCardTaken,
    Limits,
    NotJoined,
    PersonEvent,
    PersonStatus,
    Window,
)
from volunteers.people.service import (
    change_status,
    reveal_id_card,
    set_availability,
    set_bank_account,
    set_corps,
    set_preferences,
)

ACCOUNT = "6222021202001234567"


async def a_joined(**changes: object) -> tuple[int, Principal]:
    """Join as a new account."""
    principal = await account()
    return await join(principal, world.profile(**{"id_card": id_card(order=unused()), **changes})), principal


_orders = iter(range(100, 999, 2))


def unused() -> str:
    """Return an order code that no other test of this module took."""
    return str(next(_orders))


async def test_joining_makes_a_volunteer_of_an_account(shared_db: None) -> None:
    licence = world.licence()
    windows = (Window(0, 540, 600), Window(0, 600, 660))
    person_id, principal = await a_joined(
        credentials=(licence,), availability=windows, bank_name="Bank", bank_account=ACCOUNT, recused_from=("p",)
    )
    assert await own_person_id(principal) == person_id
    mine = await profile(principal)
    assert mine.person_id == person_id
    assert mine.id_card_masked[:5] == "3301*"
    assert mine.bank_account_masked == "6222***********4567"
    assert mine.availability == (Window(0, 540, 660),)
    assert [(c.kind, c.status) for c in mine.credentials] == [(licence.kind, CredentialStatus.CLAIMED)]
    assert list(await home_places(principal.actor)) == [world.TOWN]
    assert Permission.ASSIGNMENT_SIGN_UP in (await with_role(principal)).scopes


async def test_numbers_lie_sealed_and_only_sealed(shared_db: None) -> None:
    number = id_card(order=unused())
    person_id, _ = await a_joined(id_card=number, bank_account=ACCOUNT, bank_name="Bank")
    stored = await database.fetch_value("SELECT p::text FROM person p WHERE id = $1", person_id)
    for secret in (number, ACCOUNT, number.encode().hex(), ACCOUNT.encode().hex()):
        assert secret not in stored
    row = await database.fetch_one("SELECT * FROM person WHERE id = $1", person_id)
    assert row is not None
    assert (await vault.subject_key(row["subject_key_id"])).open(row["id_card_sealed"]) == number


async def test_joining_asks_for_a_real_name_once(shared_db: None) -> None:
    number = id_card(order=unused())
    _, principal = await a_joined(id_card=number)
    with pytest.raises(AlreadyJoined):
        await join(principal, world.profile(id_card=id_card(order=unused())))
    with pytest.raises(IdCardTaken):
        await a_joined(id_card=number)
    with pytest.raises(InvalidInput) as refusal:
        await a_joined(id_card="")
    assert set(refusal.value.fields) == {"id_card"}
    with pytest.raises(InvalidInput) as refusal:
        await a_joined(home_place_code="999999999999")
    assert set(refusal.value.fields) == {"home_place_code"}


async def test_a_register_is_taken_row_by_row(shared_db: None) -> None:
    accounts = await world.accounts(6)
    taken, licence = id_card(order=unused()), world.licence()
    await a_joined(id_card=taken)
    rows = [
        Registration(accounts[0], world.profile(credentials=(licence,))),
        Registration(accounts[1], world.profile(id_card=taken)),
        Registration(accounts[2], world.profile(credentials=(licence,))),
        Registration(accounts[3], world.profile(name="")),
        Registration(accounts[0], world.profile()),
        Registration(accounts[5], world.profile(familiar_place_codes=("330106",))),
    ]
    registered = await register_people(world.IMPORTER, rows)
    assert set(registered.person_ids) == {accounts[0], accounts[5]}
    assert {found: type(refusal) for found, refusal in registered.refused.items()} == {
        accounts[1]: IdCardTaken,
        accounts[2]: CredentialNumberTaken,
        accounts[3]: InvalidInput,
        accounts[0]: AlreadyJoined,
    }
    again = await register_people(world.IMPORTER, rows[:1])
    assert not again.person_ids


async def test_a_register_is_for_the_officers_own_places(shared_db: None) -> None:
    [account_id] = await world.accounts(1)
    rows = [Registration(account_id, world.profile())]
    with pytest.raises(NotPermitted):
        await register_people(await world.officer(Role.OPERATOR, "330102"), rows)
    with pytest.raises(NotPermitted):
        await register_people(system_principal(Permission.CREDENTIAL_VERIFY), rows)


async def test_people_change_when_they_are_free_what_they_want_and_where_money_goes(shared_db: None) -> None:
    _, principal = await a_joined()
    await set_availability(principal := await with_role(principal), [Window(2, 60, 120), Window(1, 60, 120)])
    limits = Limits(120, 240, 2, 5000)
    await set_preferences(principal, limits, ["putonghua", "sign"], ["land"], ["duty"])
    await set_bank_account(principal, "Bank of Towns", ACCOUNT)
    mine = await profile(principal)
    assert mine.availability == (Window(1, 60, 120), Window(2, 60, 120))
    assert (mine.limits, mine.languages, mine.skills, mine.preferred_kinds) == (
        limits,
        ("putonghua", "sign"),
        ("land",),
        ("duty",),
    )
    assert (mine.bank_name, mine.bank_account_masked[-4:]) == ("Bank of Towns", "4567")
    for change in (
        set_availability(principal, [Window(0, 5, 5)]),
        set_preferences(principal, replace(limits, max_travel_m=0), ["putonghua"], [], []),
        set_bank_account(principal, "Bank", "12"),
        set_bank_account(principal, " ", ACCOUNT),
    ):
        with pytest.raises(InvalidInput):
            await change


async def test_who_was_a_student_becomes_a_lawyer_and_the_change_is_recorded_once(shared_db: None) -> None:
    person_id, principal = await a_joined(corps=(Corps.STUDENT,))
    principal = await with_role(principal)
    await set_corps(principal, [Corps.MEDIATOR, Corps.LAWYER, Corps.LAWYER])
    await set_corps(principal, [Corps.LAWYER, Corps.MEDIATOR])
    assert (await profile(principal)).corps == ("lawyer", "mediator")
    events = await database.fetch(
        "SELECT detail FROM audit_event WHERE action = 'person.corps_set' AND object_id = $1", person_id
    )
    assert [msgspec.json.decode(row["detail"]) for row in events] == [
        {"before": ["student"], "after": ["lawyer", "mediator"]}
    ]
    with pytest.raises(InvalidInput) as refusal:
        await set_corps(principal, [])
    assert set(refusal.value.fields) == {"corps"}
    with pytest.raises(NotPermitted):
        await set_corps(await world.officer(Role.STATION_STAFF), [Corps.LAWYER])


async def test_programs_say_what_one_is(shared_db: None) -> None:
    _, principal = await a_joined()
    async with client(await with_role(principal)) as http:
        changed = await http.put("/api/v1/people/me/corps", json={"corps": ["notary", "volunteer"]})
        assert (changed.status_code, changed.json()["corps"]) == (200, ["volunteer", "notary"])
        for wrong in ([], ["judge"]):
            assert (await http.put("/api/v1/people/me/corps", json={"corps": wrong})).status_code == 400
        assert (await http.get("/api/v1/people/me")).json()["corps"] == ["volunteer", "notary"]


async def with_role(principal: Principal) -> Principal:
    """Return the principal as it is after joining."""
    world.principals.register_role_map(world.role_map())
    return await world.principals.principal_of_account(principal.actor)


async def test_pausing_and_resuming(shared_db: None) -> None:
    _, principal = await a_joined()
    principal = await with_role(principal)
    assert await change_status(principal, PersonEvent.PAUSE) is PersonStatus.PAUSED
    assert await change_status(principal, PersonEvent.RESUME) is PersonStatus.ACTIVE


async def test_an_identity_number_is_revealed_to_an_officer_of_the_place_and_recorded(shared_db: None) -> None:
    number = id_card(order=unused())
    person_id, _ = await a_joined(id_card=number)
    public_id: UUID = await database.fetch_value("SELECT public_id FROM person WHERE id = $1", person_id)
    with pytest.raises(NotPermitted):
        await reveal_id_card(await world.officer(Role.COORDINATOR, "330102"), public_id)
    officer = await world.officer(Role.COORDINATOR, "330106")
    assert await reveal_id_card(officer, public_id) == number
    seen = await database.fetch_value(
        "SELECT count(*) FROM audit_event WHERE action = $1 AND object_id = $2 AND actor_id = $3",
        *("person.id_card_revealed", person_id, officer.actor),
    )
    assert seen == 1


async def test_who_has_not_joined_has_no_profile(shared_db: None) -> None:
    principal = await account()
    assert await own_person_id(principal) is None
    with pytest.raises(NotJoined):
        await profile(principal)
