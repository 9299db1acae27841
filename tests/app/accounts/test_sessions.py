"""Sessions: fresh at sign-in, hashed, ending by themselves, and what they carry."""

from datetime import timedelta

import pytest

from app.accounts import sessions
from app.accounts.principals import AccountSource, principal_of_session, token_digest
from app.core import clock, database
from app.core.access import Grant, Role
from tests.app.accounts.people import (
    OFFICER_PERMISSION,
    OPEN_PERMISSION,
    account,
    new_phone,
    signed_in,
)


def later(**span: float) -> object:
    """Return a block that runs so much later."""
    return clock.travelled_to(clock.now() + timedelta(**span))


async def test_a_planted_session_token_opens_nothing_after_sign_in(db: None) -> None:
    phone, attacker = new_phone(), new_phone()
    planted = await signed_in(attacker)
    fresh = await signed_in(phone, old_token=planted)
    assert fresh != planted
    assert not (await principal_of_session(planted)).signed_in
    assert (await principal_of_session(fresh)).signed_in


async def test_only_the_hash_of_a_session_token_is_stored(db: None) -> None:
    token = await signed_in(new_phone())
    row = await database.fetch_one("SELECT * FROM web_session")
    assert row is not None
    assert row["token_sha256"] == token_digest(token)
    assert not any(token in str(value) for value in row.values())


@pytest.mark.parametrize(("days", "alive"), [(6.9, True), (7.1, False)])
async def test_a_session_ends_when_it_is_not_used(db: None, days: float, alive: bool) -> None:
    token = await signed_in(new_phone())
    with later(days=days):
        assert (await principal_of_session(token)).signed_in is alive


async def test_a_session_ends_after_thirty_days_however_much_it_is_used(db: None) -> None:
    token, start = await signed_in(new_phone()), clock.now()
    for day in range(6, 31, 6):
        with clock.travelled_to(start + timedelta(days=day, seconds=-10)):
            assert (await principal_of_session(token)).signed_in
    with clock.travelled_to(start + timedelta(days=30, seconds=10)):
        assert not (await principal_of_session(token)).signed_in


async def test_signing_out_ends_one_session_and_everywhere_ends_all(db: None) -> None:
    phone = new_phone()
    one = await signed_in(phone)
    with later(minutes=2):
        two = await signed_in(phone)
    with later(minutes=4):
        three = await signed_in(phone)
    await sessions.sign_out(await principal_of_session(one))
    assert not (await principal_of_session(one)).signed_in
    assert (await principal_of_session(two)).signed_in
    assert await sessions.sign_out_everywhere(await principal_of_session(two)) == 2
    assert not (await principal_of_session(three)).signed_in


async def test_an_officer_without_the_second_factor_has_only_what_everybody_may(db: None) -> None:
    phone = new_phone()
    await account(Grant(Role.COORDINATOR, "3301"), Grant(Role.VOLUNTEER), phone=phone)
    who = await principal_of_session(await signed_in(phone))
    assert who.can(OPEN_PERMISSION)
    assert not who.can(OFFICER_PERMISSION)
    assert Role.COORDINATOR not in who.roles


async def test_the_frame_gets_its_visitor_from_the_registered_source(db: None) -> None:
    token = await signed_in(new_phone())
    visitor = await AccountSource().visitor(token, None)
    assert visitor.principal.signed_in
    assert visitor.csrf_token
    assert not (await AccountSource().visitor("unknown", None)).principal.signed_in
    assert not (await AccountSource().visitor(None, None)).principal.signed_in


async def test_a_request_costs_one_statement_to_know_its_session(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    token = await signed_in(new_phone())
    asked: list[str] = []
    real = database._connection

    def counting() -> object:
        asked.append("statement")
        return real()

    monkeypatch.setattr(database, "_connection", counting)
    assert (await principal_of_session(token)).signed_in
    assert len(asked) == 1
