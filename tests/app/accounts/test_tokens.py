"""Personal tokens: what they open, and when they stop."""

from datetime import timedelta
from uuid import uuid4

import pyotp
import pytest

from app.accounts import memberships, second_factor, tokens
from app.accounts.errors import SecondFactorNeeded, SessionNeeded
from app.accounts.principals import AccountSource, principal_of_bearer, principal_of_session, token_digest
from app.accounts.sign_in import sign_in_with_password
from app.core import clock, database
from app.core.access import Grant, Principal, Role
from app.core.errors import InvalidInput, NotFound, NotSignedIn
from tests.app.accounts.people import (
    OFFICER_PERMISSION,
    OPEN_PERMISSION,
    PASSWORD,
    account,
    acting,
    browser,
    new_phone,
    signed_in,
)

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


async def volunteer() -> Principal:
    return await principal_of_session(await signed_in(new_phone(), role=Role.VOLUNTEER))


async def officer(with_second_factor: bool) -> Principal:
    await account(Grant(Role.COORDINATOR, "3301"), email="o@example.org", password=PASSWORD, totp_secret=SECRET)
    who = await principal_of_session((await sign_in_with_password("o@example.org", PASSWORD, browser())).token)
    if not with_second_factor:
        return who
    return await principal_of_session((await second_factor.verify(who, pyotp.TOTP(SECRET).at(clock.now()))).token)


async def test_a_token_acts_for_its_account_and_is_stored_only_as_a_hash(db: None) -> None:
    who = await volunteer()
    issued = await tokens.create_token(who, "script", 30)
    bearer = await principal_of_bearer(issued.secret)
    assert (bearer.kind, bearer.account_id, bearer.session_id) == ("token", who.account_id, None)
    assert bearer.can(OPEN_PERMISSION)
    row = await database.fetch_one("SELECT * FROM api_token")
    assert row is not None
    assert row["token_sha256"] == token_digest(issued.secret)
    assert not any(issued.secret in str(value) for value in row.values())


async def test_an_expired_a_revoked_and_an_unknown_token_are_refused(db: None) -> None:
    who = await volunteer()
    short, gone = await tokens.create_token(who, "short", 1), await tokens.create_token(who, "gone", 30)
    await tokens.revoke_token(who, gone.public_id)
    await tokens.revoke_token(who, gone.public_id)
    for secret in (gone.secret, "fahui_unknown"):
        with pytest.raises(NotSignedIn):
            await principal_of_bearer(secret)
    with clock.travelled_to(clock.now() + timedelta(days=1)), pytest.raises(NotSignedIn):
        await AccountSource().visitor(None, short.secret)
    assert await database.fetch_value("SELECT count(*) FROM audit_event WHERE action = 'token.revoked'") == 1


async def test_nobody_revokes_somebody_elses_token(db: None) -> None:
    issued = await tokens.create_token(await volunteer(), "mine", 30)
    with pytest.raises(NotFound):
        await tokens.revoke_token(await volunteer(), issued.public_id)
    with pytest.raises(NotFound):
        await tokens.revoke_token(await volunteer(), uuid4())
    assert (await principal_of_bearer(issued.secret)).signed_in


async def test_an_officer_makes_tokens_only_with_the_second_factor(db: None) -> None:
    with pytest.raises(SecondFactorNeeded):
        await tokens.create_token(await officer(with_second_factor=False), "weak", 30)


async def test_an_officers_token_made_with_the_second_factor_carries_his_permissions(db: None) -> None:
    issued = await tokens.create_token(await officer(with_second_factor=True), "strong", 30)
    assert (await principal_of_bearer(issued.secret)).can(OFFICER_PERMISSION)


async def test_a_token_made_before_the_person_became_an_officer_does_not_grow(db: None) -> None:
    who = await volunteer()
    issued = await tokens.create_token(who, "early", 30)
    assert who.public_id
    manager = await acting(await account(Grant(Role.OPERATOR, "3301")))
    await memberships.grant_membership(manager, who.public_id, Role.COORDINATOR, place_code="3301")
    assert (await acting(who.actor)).can(OFFICER_PERMISSION)
    assert not (await principal_of_bearer(issued.secret)).can(OFFICER_PERMISSION)


async def test_a_token_cannot_make_another_token(db: None) -> None:
    issued = await tokens.create_token(await volunteer(), "one", 30)
    with pytest.raises(SessionNeeded):
        await tokens.create_token(await principal_of_bearer(issued.secret), "two", 30)


@pytest.mark.parametrize(("name", "days"), [("", 30), ("x" * 81, 30), ("ok", 0), ("ok", 366), ("ok", -1)])
async def test_a_token_needs_a_name_and_an_end_within_a_year(db: None, name: str, days: int) -> None:
    with pytest.raises(InvalidInput):
        await tokens.create_token(await volunteer(), name, days)
