"""The picture of a licence, the verdict on stated grounds, the renewal under the same number, the reminders."""

import asyncio
from datetime import date, timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attachments.queries import download
from app.attachments.store import store
from app.core import clock, database, vault
from app.core.access import ANONYMOUS, Principal, Role
from app.core.database import transaction
from app.core.errors import NotFound, TransitionRefused
from tests.volunteers import world
from volunteers.assignments.sign_ups.leaving import erase_person
from volunteers.people.credentials.expiry.rules import DAYS_BEFORE, due
from volunteers.people.credentials.expiry.service import remind_holders
from volunteers.people.credentials.files import Upload, add_file, register_pictures
from volunteers.people.credentials.queries import queue
from volunteers.people.credentials.rules import (
    AlreadyClaimed,
    CredentialNumberTaken,
    EnoughFiles,
    Ground,
    NotAPicture,
    NothingToLookAt,
)
from volunteers.people.credentials.service import add_credential, refuse_credential, verify_credentials
from volunteers.people.queries import profile

PICTURE = Upload("licence.pdf", b"%PDF-1.7 a licence")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def pictures() -> None:
    """Register who reads them, as the program does at its start."""
    register_pictures()


async def file_of(principal: Principal) -> UUID:
    """Return the only picture of a person's credentials."""
    found: UUID = await database.fetch_value(
        """SELECT f.public_id FROM attachment f JOIN credential c ON c.id = f.owner_id
           JOIN person p ON p.id = c.person_id WHERE f.owner_type = 'credential' AND p.account_id = $1""",
        principal.actor,
    )
    return found


async def test_the_holder_and_the_officer_of_their_place_read_the_picture_and_nobody_else(shared_db: None) -> None:
    [(_, holder), (_, other)] = await world.volunteers(2)
    await add_credential(holder, world.licence(), PICTURE)
    public_id = await file_of(holder)
    officer = await world.officer(Role.COORDINATOR, "330106")
    for reader in (holder, officer):
        assert (await download(reader, public_id)).content == PICTURE.content
    strangers = [
        other,
        ANONYMOUS,
        await world.officer(Role.COORDINATOR, "330102"),
        await world.officer(Role.STATION_STAFF, world.TOWN),
        await world.officer(Role.SUPERVISOR),
    ]
    for stranger in strangers:
        with pytest.raises(NotFound):
            await download(stranger, public_id)
    claims = [claim for claim in await queue(officer) if claim.files]
    assert [file.file_name for file in claims[-1].files] == ["licence.pdf"]


async def test_a_picture_lies_sealed_and_is_unreadable_once_its_holder_was_erased(shared_db: None) -> None:
    [(_, holder)] = await world.volunteers(1)
    await add_credential(holder, world.licence(), PICTURE)
    row = await database.fetch_one("SELECT sha256 FROM attachment ORDER BY id DESC LIMIT 1")
    assert row is not None
    assert PICTURE.content not in await store().get(row["sha256"])
    async with transaction():
        await erase_person(holder, holder.actor)
    with pytest.raises(vault.DataErased):
        await download(holder, await file_of(holder))
    assert await database.fetch_value("SELECT file_name FROM attachment ORDER BY id DESC LIMIT 1") == "-"


async def test_a_picture_may_come_later_while_the_claim_waits_and_only_so_many(shared_db: None) -> None:
    [(_, holder), (_, other)] = await world.volunteers(2)
    public_id = await add_credential(holder, world.licence())
    with pytest.raises(NotAPicture):
        await add_file(holder, public_id, Upload("licence.txt", b"words"))
    with pytest.raises(NotFound):
        await add_file(other, public_id, PICTURE)
    for _ in range(4):
        await add_file(holder, public_id, PICTURE)
    with pytest.raises(EnoughFiles):
        await add_file(holder, public_id, PICTURE)
    await verify_credentials(await world.officer(Role.COORDINATOR), [public_id], Ground.COPY)
    with pytest.raises(TransitionRefused):
        await add_file(holder, public_id, PICTURE)


async def test_the_holder_sees_who_verified_when_and_on_what_grounds(shared_db: None) -> None:
    [(_, holder)] = await world.volunteers(1)
    public_id = await add_credential(holder, world.licence())
    officer = await world.officer(Role.COORDINATOR)
    with pytest.raises(NothingToLookAt):
        await verify_credentials(officer, [public_id], Ground.COPY)
    await verify_credentials(officer, [public_id], Ground.REGISTER, "found under the number")
    [held] = (await profile(holder)).credentials
    name = await database.fetch_value("SELECT display_name FROM account WHERE id = $1", officer.actor)
    assert (held.judged_by, held.ground, held.note) == (name, Ground.REGISTER, "found under the number")
    assert held.judged_at is not None
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute("UPDATE credential SET verified_ground = '' WHERE public_id = $1", public_id)
    assert refusal.value.constraint_name == "credential_verdict_says_how"


async def a_verified(holder: Principal, **changes: object) -> UUID:
    """Claim a licence and have it verified."""
    public_id = await add_credential(holder, world.licence(**changes))
    await verify_credentials(await world.officer(Role.COORDINATOR), [public_id])
    return public_id


async def test_a_renewal_keeps_the_number_stands_beside_the_old_one_and_is_claimed_once(shared_db: None) -> None:
    [(_, holder), (_, other)] = await world.volunteers(2)
    until = clock.today() + 30 * DAY
    await a_verified(holder, number="13301-r", valid_until=until)
    new = world.licence(number="13301-r", valid_from=until + DAY)
    with pytest.raises(CredentialNumberTaken):
        await add_credential(other, new)
    renewal = await add_credential(holder, new)
    with pytest.raises(AlreadyClaimed):
        await add_credential(holder, new)
    await verify_credentials(await world.officer(Role.COORDINATOR), [renewal])
    old, later = (await profile(holder)).credentials
    assert (old.renewed, later.renewed, old.valid_until) == (True, False, until)


async def test_a_number_stays_its_holders_while_any_link_of_its_chain_stands(shared_db: None) -> None:
    [(_, holder), (_, other)] = await world.volunteers(2)
    first = await a_verified(holder, number="13301-c")
    second = await a_verified(holder, number="13301-c")
    third = await a_verified(holder, number="13301-c")
    officer = await world.officer(Role.COORDINATOR)
    for refused in (second, first):
        await refuse_credential(officer, refused, "taken back")
        with pytest.raises(CredentialNumberTaken):
            await add_credential(other, world.licence(number="13301-c"))
    await refuse_credential(officer, third, "taken back")
    await add_credential(other, world.licence(number="13301-c"))


async def test_two_renewals_at_once_are_one(shared_db: None) -> None:
    [(_, holder)] = await world.volunteers(1)
    await a_verified(holder, number="13301-two")
    new = world.licence(number="13301-two")
    answers = await asyncio.gather(*(add_credential(holder, new) for _ in range(4)), return_exceptions=True)
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyClaimed"] * 3 + ["UUID"]


@given(st.integers(-400, 400))
def test_the_nearest_reminder_alone_is_due(days_left: int) -> None:
    found = due(days_left)
    if found is None:
        assert days_left < 0 or days_left > max(DAYS_BEFORE)
    else:
        assert days_left <= found
        assert not any(days_left <= days < found for days in DAYS_BEFORE)


async def reminded_on(day: date) -> int:
    """Run the job in the morning of a day, twice."""
    with clock.travelled_to(clock.at_local(day, clock.local(world.MONDAY).time())):
        count = await remind_holders(clock.now())
        assert await remind_holders(clock.now()) == 0
    return count


async def test_a_holder_is_told_60_30_and_7_days_before_and_each_time_once(db: None) -> None:
    [(_, holder)] = await world.volunteers(1)
    until = clock.today() + 100 * DAY
    await a_verified(holder, number="13301-e", valid_until=until)
    assert [await reminded_on(until - days * DAY) for days in (61, 60, 45, 30, 29, 7, 1, 0, -1)] == [
        *(0, 1, 0, 1, 0, 1, 0, 0, 0)
    ]
    rows = await database.fetch(
        "SELECT link FROM notification WHERE account_id = $1 AND link LIKE '%/renew' AND channel = 'in_app'",
        holder.actor,
    )
    [held] = (await profile(holder)).credentials
    assert [row["link"] for row in rows] == [f"/my/credentials/{held.public_id}/renew"] * 3


async def test_who_has_claimed_the_renewal_or_is_not_verified_is_left_in_peace(db: None) -> None:
    [(_, renewed), (_, claimed)] = await world.volunteers(2)
    until = clock.today() + 20 * DAY
    await a_verified(renewed, number="13301-p", valid_until=until)
    await add_credential(renewed, world.licence(number="13301-p", valid_until=until + 365 * DAY))
    await add_credential(claimed, world.licence(valid_until=until))
    assert await reminded_on(until - 7 * DAY) == 0


async def test_reminders_at_once_are_one_each(db: None) -> None:
    [(_, holder)] = await world.volunteers(1)
    await a_verified(holder, valid_until=clock.today() + 7 * DAY)
    assert sum(await asyncio.gather(*(remind_holders(clock.now()) for _ in range(4)))) == 1
