"""Roles: who gives them, where they hold, when they end."""

import asyncio
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from app.accounts import memberships
from app.accounts.errors import (
    DeputyNeedsEnd,
    EndsBeforeItBegins,
    MembershipOver,
    MembershipTaken,
    NothingToDeputize,
    RoleNeedsOrganization,
    RoleNeedsPlace,
    RoleWithoutScope,
)
from app.accounts.principals import principal_of_account
from app.accounts.rules import ORGANIZATION_ROLES, SELF_ROLES, check_scope
from app.core import clock, database
from app.core.access import Grant, Permission, Principal, Role
from app.core.errors import NotFound, NotPermitted, SamePersonRefused
from tests.app.accounts.people import OFFICER_PERMISSION, account, acting, public_id
from tests.conftest import rounds

CITY, DISTRICT, OTHER_DISTRICT, TOWN = "3301", "330106", "330108", "330106109"


async def manager(place: str = CITY) -> Principal:
    return await acting(await account(Grant(Role.OPERATOR, place)))


async def uuid_of(account_id: int) -> UUID:
    return await public_id(account_id)  # type: ignore[return-value]


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("place", [None, CITY])
@pytest.mark.parametrize("organization", [None, 7])
def test_each_role_takes_exactly_its_own_kind_of_scope(role: Role, place: str | None, organization: int | None) -> None:
    wanted = (None, None) if role in SELF_ROLES else (None, 7) if role in ORGANIZATION_ROLES else (CITY, None)
    if (place, organization) == wanted:
        check_scope(role, place, organization)
    else:
        with pytest.raises((RoleNeedsOrganization, RoleNeedsPlace, RoleWithoutScope)):
            check_scope(role, place, organization)


async def test_a_granted_role_holds_at_its_place_and_below_from_now_on(db: None) -> None:
    person = await account()
    before = await principal_of_account(person)
    await memberships.grant_membership(await manager(), await uuid_of(person), Role.COORDINATOR, place_code=DISTRICT)
    after = await principal_of_account(person)
    assert not before.can(OFFICER_PERMISSION)
    scope = after.scope(OFFICER_PERMISSION)
    assert scope.covers_place(TOWN)
    assert not scope.covers_place(OTHER_DISTRICT)


async def test_a_manager_grants_only_within_his_own_places(db: None) -> None:
    person = await uuid_of(await account())
    of_district = await manager(DISTRICT)
    for outside in (CITY, OTHER_DISTRICT):
        with pytest.raises(NotPermitted):
            await memberships.grant_membership(of_district, person, Role.COORDINATOR, place_code=outside)
    await memberships.grant_membership(of_district, person, Role.COORDINATOR, place_code=TOWN)


async def test_a_manager_cannot_grant_himself_anything(db: None) -> None:
    himself = await manager()
    assert himself.public_id
    with pytest.raises(SamePersonRefused):
        await memberships.grant_membership(himself, himself.public_id, Role.CASHIER, place_code=CITY)


async def test_the_database_refuses_a_self_grant_whoever_writes_it(db: None) -> None:
    person = await account()
    with pytest.raises(asyncpg.CheckViolationError, match="membership_granted_by_another"):
        await database.execute(
            """INSERT INTO membership (account_id, role, place_code, valid_from, granted_by)
               VALUES ($1, 'cashier', '3301', now(), $1)""",
            person,
        )


async def test_only_a_manager_grants(db: None) -> None:
    officer = await acting(await account(Grant(Role.COORDINATOR, CITY)))
    with pytest.raises(NotPermitted):
        await memberships.grant_membership(officer, await uuid_of(await account()), Role.APPROVER, place_code=CITY)


async def test_the_same_role_is_not_granted_twice_even_at_the_same_moment(db: None) -> None:
    himself = await manager()
    for _ in range(rounds(3, 50)):
        person = await uuid_of(await account())
        grants = [memberships.grant_membership(himself, person, Role.APPROVER, place_code=CITY) for _ in range(4)]
        answers = await asyncio.gather(*grants, return_exceptions=True)
        assert sum(isinstance(answer, UUID) for answer in answers) == 1
        assert sum(isinstance(answer, MembershipTaken) for answer in answers) == 3


async def test_an_ended_role_is_over_at_once_and_can_be_granted_again(db: None) -> None:
    himself, person = await manager(), await account()
    membership = await memberships.grant_membership(himself, await uuid_of(person), Role.COORDINATOR, place_code=CITY)
    await memberships.end_membership(himself, membership)
    assert not (await principal_of_account(person)).can(OFFICER_PERMISSION)
    with pytest.raises(MembershipOver):
        await memberships.end_membership(himself, membership)
    await memberships.grant_membership(himself, await uuid_of(person), Role.COORDINATOR, place_code=CITY)
    assert (await principal_of_account(person)).can(OFFICER_PERMISSION)


async def test_a_manager_ends_no_role_beyond_his_reach_but_people_lay_down_their_own(db: None) -> None:
    person = await account()
    membership = await memberships.grant_membership(
        await manager(), await uuid_of(person), Role.COORDINATOR, place_code=CITY
    )
    with pytest.raises(NotPermitted):
        await memberships.end_membership(await manager(DISTRICT), membership)
    await memberships.end_membership(await acting(person), membership)
    assert not (await principal_of_account(person)).can(OFFICER_PERMISSION)


async def test_a_deputy_holds_the_role_until_the_date_and_not_longer(db: None) -> None:
    chief, deputy = await account(Grant(Role.COORDINATOR, DISTRICT)), await account()
    until = clock.now() + timedelta(days=10)
    await memberships.grant_membership(
        *(await manager(), await uuid_of(deputy), Role.COORDINATOR),
        place_code=TOWN, until=until, deputy_for=await uuid_of(chief),
    )  # fmt: skip
    assert (await principal_of_account(deputy)).can(OFFICER_PERMISSION)
    with clock.travelled_to(until):
        assert not (await principal_of_account(deputy)).can(OFFICER_PERMISSION)
        assert (await principal_of_account(chief)).can(OFFICER_PERMISSION)


async def test_a_deputy_needs_an_end_and_a_chief_who_holds_the_role_there_for_as_long(db: None) -> None:
    himself, deputy = await manager(), await uuid_of(await account())
    chief = await uuid_of(await account(Grant(Role.COORDINATOR, DISTRICT)))
    short = await account()
    await memberships.grant_membership(
        himself, await uuid_of(short), Role.COORDINATOR, place_code=DISTRICT, until=clock.now() + timedelta(days=1)
    )
    until = clock.now() + timedelta(days=5)

    async def stand_in(role: Role, place: str, for_whom: UUID) -> None:
        await memberships.grant_membership(himself, deputy, role, place_code=place, until=until, deputy_for=for_whom)

    with pytest.raises(DeputyNeedsEnd):
        await memberships.grant_membership(himself, deputy, Role.COORDINATOR, place_code=DISTRICT, deputy_for=chief)
    for role, place, whom in (
        (Role.APPROVER, DISTRICT, chief),
        (Role.COORDINATOR, CITY, chief),
        (Role.COORDINATOR, DISTRICT, await uuid_of(short)),
    ):
        with pytest.raises(NothingToDeputize):
            await stand_in(role, place, whom)
    await stand_in(Role.COORDINATOR, DISTRICT, chief)


async def test_a_deputy_does_not_hand_the_role_on_to_another_deputy(db: None) -> None:
    himself = await manager()
    chief = await uuid_of(await account(Grant(Role.COORDINATOR, DISTRICT)))
    first, second = await uuid_of(await account()), await uuid_of(await account())
    until = clock.now() + timedelta(days=5)
    await memberships.grant_membership(
        himself, first, Role.COORDINATOR, place_code=DISTRICT, until=until, deputy_for=chief
    )
    with pytest.raises(NothingToDeputize):
        await memberships.grant_membership(
            himself, second, Role.COORDINATOR, place_code=DISTRICT, until=until, deputy_for=first
        )


async def test_when_the_chiefs_role_ends_the_deputys_ends_with_it(db: None) -> None:
    himself, chief, deputy = await manager(), await account(), await account()
    held = await memberships.grant_membership(himself, await uuid_of(chief), Role.COORDINATOR, place_code=DISTRICT)
    await memberships.grant_membership(
        *(himself, await uuid_of(deputy), Role.COORDINATOR),
        place_code=TOWN, until=clock.now() + timedelta(days=9), deputy_for=await uuid_of(chief),
    )  # fmt: skip
    await memberships.end_membership(himself, held)
    assert not (await principal_of_account(deputy)).can(OFFICER_PERMISSION)


async def test_a_role_does_not_end_before_it_begins(db: None) -> None:
    with pytest.raises(EndsBeforeItBegins):
        await memberships.grant_membership(
            await manager(), await uuid_of(await account()), Role.APPROVER, place_code=CITY, until=clock.now()
        )


async def test_people_become_volunteers_themselves_but_nothing_more(db: None) -> None:
    person = await acting(await account(Grant(Role.RESIDENT)))
    await memberships.take_self_role(person, Role.VOLUNTEER)
    assert (await acting(person.actor)).can(Permission.ASSIGNMENT_SIGN_UP)
    with pytest.raises(MembershipTaken):
        await memberships.take_self_role(person, Role.VOLUNTEER)
    with pytest.raises(NotPermitted):
        await memberships.take_self_role(person, Role.OPERATOR)


async def test_an_unknown_or_closed_account_gets_no_role(db: None) -> None:
    person = await account()
    await database.execute("UPDATE account SET status = 'closed' WHERE id = $1", person)
    with pytest.raises(NotFound):
        await memberships.grant_membership(await manager(), await uuid_of(person), Role.APPROVER, place_code=CITY)


async def test_grants_and_ends_are_audited_with_ids_and_codes_only(db: None) -> None:
    himself, person = await manager(), await account(display_name="a name to hide")
    membership = await memberships.grant_membership(himself, await uuid_of(person), Role.APPROVER, place_code=CITY)
    await memberships.end_membership(himself, membership)
    events = await database.fetch(
        "SELECT action, actor_id, detail FROM audit_event WHERE object_type = 'membership' ORDER BY id"
    )
    assert [(event["action"], event["actor_id"]) for event in events] == [
        ("membership.granted", himself.actor),
        ("membership.ended", himself.actor),
    ]
    assert "hide" not in str(events)
