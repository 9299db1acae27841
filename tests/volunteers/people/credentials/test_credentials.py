"""Claiming, verifying, refusing: by another, named person of the holder's place."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.core import clock, database
from app.core.access import Grant, Role
from app.core.errors import InvalidInput, NotFound, NotPermitted, SamePersonRefused, TransitionRefused
from tests.volunteers import world
from tests.world import account
from volunteers.people.credentials.queries import queue, waiting_count, waiting_ids
from volunteers.people.credentials.rules import CredentialNumberTaken, CredentialStatus, ReasonNeeded
from volunteers.people.credentials.service import add_credential, refuse_credential, verify_credentials
from volunteers.people.queries import profile
from volunteers.people.registration.service import Registration, register_people


async def test_a_claim_waits_in_the_officers_queue_until_it_is_verified(db: None) -> None:
    [(_, principal)] = await world.volunteers(1)
    claimed = world.licence()
    public_id = await add_credential(principal, claimed)
    officer, stranger = await world.officer(Role.COORDINATOR, "330106"), await world.officer(Role.COORDINATOR, "330102")
    assert [claim.number for claim in await queue(officer)] == [claimed.number]
    assert (await queue(stranger), await waiting_count(stranger)) == ([], 0)
    with pytest.raises(NotPermitted):
        await verify_credentials(stranger, [public_id])
    with pytest.raises(NotPermitted):
        await verify_credentials(await world.officer(Role.STATION_STAFF), [public_id])
    assert await verify_credentials(officer, [public_id]) == 1
    row = await database.fetch_one("SELECT verified_by, verified_at FROM credential WHERE public_id = $1", public_id)
    assert row is not None
    assert row["verified_by"] == officer.actor
    assert await queue(officer) == []
    assert [c.status for c in (await profile(principal)).credentials] == [CredentialStatus.VERIFIED]


async def test_the_queue_is_oldest_first_and_pages_through(db: None) -> None:
    for hour in range(3):
        with clock.travelled_to(world.MONDAY + timedelta(hours=hour)):
            await world.people([world.profile(credentials=(world.licence(),))], verified=False)
    officer = await world.officer(Role.COORDINATOR)
    first = await queue(officer, limit=2)
    rest = await queue(officer, (first[-1].claimed_at, first[-1].id), limit=2)
    assert [claim.claimed_at for claim in first + rest] == [world.MONDAY + timedelta(hours=hour) for hour in range(3)]
    assert (await waiting_count(officer), len(await waiting_ids(officer))) == (3, 3)


async def test_a_whole_register_is_verified_at_once_or_not_at_all(shared_db: None) -> None:
    await world.people([world.profile(credentials=(world.licence(),)) for _ in range(3)], verified=False)
    officer = await world.officer(Role.COORDINATOR)
    ids = await waiting_ids(officer)
    with pytest.raises(NotFound):
        await verify_credentials(officer, [*ids, uuid4()])
    assert await waiting_count(officer) == 3
    assert await verify_credentials(officer, ids) == 3
    with pytest.raises(TransitionRefused):
        await verify_credentials(officer, ids[:1])


async def test_a_refusal_has_a_reason_that_the_holder_sees(shared_db: None) -> None:
    [(_, principal)] = await world.people([world.profile(credentials=(world.licence(),))])
    [held] = (await profile(principal)).credentials
    officer = await world.officer(Role.COORDINATOR)
    with pytest.raises(ReasonNeeded):
        await refuse_credential(officer, held.public_id, " ")
    await refuse_credential(officer, held.public_id, "expired stamp")
    [held] = (await profile(principal)).credentials
    assert (held.status, held.refused_reason) == (CredentialStatus.REFUSED, "expired stamp")
    told = await database.fetch(
        "SELECT link FROM notification WHERE account_id = $1 AND channel = 'in_app' ORDER BY id", principal.actor
    )
    assert [row["link"] for row in told] == ["/my/profile"] * 2  # of the verification before, and of this
    with pytest.raises(TransitionRefused):
        await refuse_credential(officer, held.public_id, "again")


async def test_nobody_judges_their_own_credential(shared_db: None) -> None:
    officer = await account(Role.COORDINATOR, world.CITY)
    claim = world.profile(credentials=(world.licence(),))
    await register_people(world.IMPORTER, [Registration(officer.actor, claim)])
    own = world.principals.scopes_of((Grant(Role.COORDINATOR, world.CITY), Grant(Role.VOLUNTEER)), world.role_map())
    principal = type(officer)(account_id=officer.actor, kind="session", scopes=own)
    [held] = (await profile(principal)).credentials
    for verdict in (verify_credentials(principal, [held.public_id]), refuse_credential(principal, held.public_id, "x")):
        with pytest.raises(SamePersonRefused):
            await verdict
    assert [claim.own for claim in await queue(principal) if claim.public_id == held.public_id] == [True]
    assert held.public_id not in await waiting_ids(principal)


async def test_a_number_is_claimed_once_and_a_wrong_claim_is_named(shared_db: None) -> None:
    [(_, one), (_, two)] = await world.volunteers(2)
    claim = world.licence()
    await add_credential(one, claim)
    with pytest.raises(CredentialNumberTaken):
        await add_credential(two, claim)
    with pytest.raises(InvalidInput) as refusal:
        await add_credential(two, world.licence(number=""))
    assert set(refusal.value.fields) == {"number"}
