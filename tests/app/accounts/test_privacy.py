"""Consent, withdrawal, erasure, reveal; opening accounts by the thousand."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from app.accounts import belonging, privacy, profile, registration
from app.accounts.errors import ConsentNeeded, EmailTaken, ErasureRefused, PhoneTaken, WrongCode
from app.accounts.principals import principal_of_session, principals_of_accounts
from app.accounts.registration import NewAccount
from app.accounts.rules import PRIVACY_NOTICE
from app.accounts.sign_in import request_code, sign_in_with_code, sign_in_with_password
from app.core import clock, database, vault
from app.core.access import Grant, Permission, Principal, Role, system_principal
from app.core.errors import DomainError, InvalidInput, NotFound, NotPermitted
from app.core.vault import DataErased
from app.notifications.rules import Channel
from app.notifications.service import notify
from tests.app.accounts.people import (
    IMPORTER,
    PASSWORD,
    account,
    acting,
    browser,
    code_sent_to,
    new_phone,
    public_id,
    signed_in,
)


@pytest.fixture(autouse=True)
def registries() -> Iterator[None]:
    """Give back what a test registered."""
    steps, homes = list(privacy._erasure_steps), list(belonging._homes)
    yield
    privacy._erasure_steps[:], belonging._homes[:] = steps, homes


async def test_withdrawn_consent_ends_every_session_and_is_asked_for_again(db: None) -> None:
    phone = new_phone()
    token = await signed_in(phone)
    await privacy.withdraw_consent(await principal_of_session(token))
    assert not (await principal_of_session(token)).signed_in
    with clock.travelled_to(clock.now() + timedelta(minutes=2)):
        await request_code(phone, browser())
        with pytest.raises(ConsentNeeded):
            await sign_in_with_code(phone, await code_sent_to(phone), browser())


async def test_erasure_makes_what_was_sealed_unreadable_and_frees_the_number(db: None) -> None:
    phone = new_phone()
    token = await signed_in(phone)
    who = await principal_of_session(token)
    async with database.transaction():
        await notify(who.actor, "hello %(name)s", {"name": "somebody"}, channels=(Channel.SMS,))
    sealed = await database.fetch_one("SELECT phone_sealed, subject_key_id FROM account")
    assert sealed is not None
    await privacy.erase_account(who)
    with pytest.raises(DataErased):
        await vault.subject_key(sealed["subject_key_id"])
    left = await database.fetch_one("SELECT * FROM account WHERE id = $1", who.actor)
    assert left is not None
    assert [left[name] for name in ("phone_sealed", "phone_digest", "email", "password_hash")] == [None] * 4
    assert not (await principal_of_session(token)).signed_in
    assert "somebody" not in str(await database.fetch("SELECT * FROM notification"))
    with clock.travelled_to(clock.now() + timedelta(minutes=2)):
        assert (await principal_of_session(await signed_in(phone))).account_id != who.account_id


async def test_an_officer_is_not_erased_while_in_office(db: None) -> None:
    phone = new_phone()
    await account(Grant(Role.CASHIER, "3301"), phone=phone)
    who = await principal_of_session(await signed_in(phone))
    with pytest.raises(ErasureRefused):
        await privacy.erase_account(who)
    assert (await acting(who.actor)).signed_in


async def test_a_package_above_can_hold_an_erasure_back_and_then_nothing_has_happened(db: None) -> None:
    class StillOwed(DomainError):
        """There is a claim to be paid."""

    async def hold(principal: Principal, account_id: int) -> None:
        raise StillOwed

    privacy.register_erasure_step(hold)
    token = await signed_in(new_phone())
    with pytest.raises(StillOwed):
        await privacy.erase_account(await principal_of_session(token))
    assert (await principal_of_session(token)).signed_in


async def test_a_number_is_revealed_within_the_scope_only_and_leaves_an_event(db: None) -> None:
    phone = new_phone()
    person: UUID = await public_id(await account(Grant(Role.VILLAGE_CLERK, "330106109001"), phone=phone))  # type: ignore[assignment]
    near = await acting(await account(Grant(Role.COORDINATOR, "330106")))
    far = await acting(await account(Grant(Role.COORDINATOR, "330108")))
    assert await privacy.reveal_phone(near, person) == phone
    with pytest.raises(NotPermitted):
        await privacy.reveal_phone(far, person)
    events = await database.fetch("SELECT actor_id, detail FROM audit_event WHERE action = 'account.phone_revealed'")
    assert [event["actor_id"] for event in events] == [near.actor]
    assert phone not in str(events)


async def test_a_person_without_office_is_at_home_where_a_package_above_says(db: None) -> None:
    person = await account(Grant(Role.VOLUNTEER))
    who: UUID = await public_id(person)  # type: ignore[assignment]
    officer = await acting(await account(Grant(Role.COORDINATOR, "330106")))
    with pytest.raises(NotPermitted):
        await privacy.reveal_phone(officer, who)

    async def home(account_id: int) -> list[str]:
        return ["330106109"] if account_id == person else []

    belonging.register_home_places(home)
    assert await privacy.reveal_phone(officer, who)


async def test_revealing_needs_the_permission_and_a_number(db: None) -> None:
    person: UUID = await public_id(await account())  # type: ignore[assignment]
    with pytest.raises(NotPermitted):
        await privacy.reveal_phone(await acting(await account(Grant(Role.SUPERVISOR, "3301"))), person)
    await database.execute("UPDATE account SET phone_sealed = NULL, phone_digest = NULL")
    with pytest.raises(NotFound):
        await privacy.reveal_phone(system_principal(Permission.ACCOUNT_REVEAL), person)


async def test_accounts_are_opened_by_the_thousand_in_order_with_roles_consent_and_events(db: None) -> None:
    people = [
        NewAccount(f"person {place}", new_phone(), grants=(Grant(Role.RESIDENT), Grant(Role.VOLUNTEER)))
        for place in range(1000)
    ]
    ids = await registration.create_accounts(IMPORTER, people)
    names = await database.fetch("SELECT id, display_name, privacy_notice FROM account")
    by_id = {row["id"]: row for row in names}
    assert [by_id[id_]["display_name"] for id_ in ids] == [person.display_name for person in people]
    assert {row["privacy_notice"] for row in names} == {PRIVACY_NOTICE}
    principals = await principals_of_accounts(ids)
    assert all(principals[id_].roles == (Role.RESIDENT, Role.VOLUNTEER) for id_ in ids)
    assert await database.fetch_value("SELECT count(*) FROM audit_event WHERE action = 'account.created'") == 1000
    found = await registration.account_ids_by_phone(person.phone for person in people[:3])
    assert found == dict(zip([person.phone for person in people[:3]], ids[:3], strict=True))


async def test_an_import_with_a_taken_number_or_address_opens_nothing(db: None) -> None:
    phone = new_phone()
    await account(phone=phone, email="x@example.org")
    for clash, refusal in ((NewAccount("b", phone), PhoneTaken), (NewAccount("c", email="x@example.org"), EmailTaken)):
        with pytest.raises(refusal):
            await registration.create_accounts(IMPORTER, [NewAccount("a", new_phone()), clash])
    assert await database.fetch_value("SELECT count(*) FROM account") == 1
    assert await registration.create_accounts(IMPORTER, []) == []


async def test_an_import_grants_only_within_the_importers_reach(db: None) -> None:
    manager = await acting(await account(Grant(Role.OPERATOR, "330106")))
    with pytest.raises(NotPermitted):
        await registration.create_accounts(manager, [NewAccount("a", grants=(Grant(Role.CASHIER, "3301"),))])


async def test_an_email_and_password_are_set_once_the_mailbox_has_shown_the_code(db: None) -> None:
    phone, start = new_phone(), clock.now()
    other = await signed_in(phone)
    with clock.travelled_to(start + timedelta(minutes=2)):
        token = await signed_in(phone)
        who = await principal_of_session(token)
        await profile.request_email_code(who, "Lin@Example.org", "10.0.0.1")
        code = await code_sent_to("lin@example.org")
        with pytest.raises(InvalidInput):
            await profile.set_email_and_password(who, "lin@example.org", code, "short")
        stranger = await principal_of_session(await signed_in(new_phone()))
        with pytest.raises(WrongCode):
            await profile.set_email_and_password(stranger, "lin@example.org", code, PASSWORD)
        await profile.set_email_and_password(who, "lin@example.org", code, PASSWORD)
        assert not (await principal_of_session(other)).signed_in
        assert (await principal_of_session(token)).signed_in
        session = await sign_in_with_password("lin@example.org", PASSWORD, browser())
    assert session.account_id == who.account_id


async def test_a_name_and_a_language_are_changed_by_their_owner(db: None) -> None:
    who = await principal_of_session(await signed_in(new_phone()))
    await profile.change_profile(who, "  Lin   Xiaohe ", "en")
    row = await database.fetch_one("SELECT display_name, locale FROM account")
    assert row == {"display_name": "Lin Xiaohe", "locale": "en"}
    for name, locale in (("", "zh"), ("x" * 61, "zh"), ("ok", "fr")):
        with pytest.raises(InvalidInput):
            await profile.change_profile(who, name, locale)
