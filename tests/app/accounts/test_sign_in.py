"""The sign-in machine: codes, passwords, sessions, and what they give away."""

import asyncio
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from app.accounts import passwords, sessions
from app.accounts.errors import (
    AccountClosed,
    ConsentNeeded,
    TooManyAttempts,
    WrongCode,
    WrongPassword,
)
from app.accounts.principals import principal_of_session
from app.accounts.rules import CODES_PER_ADDRESS, TRIES_PER_EMAIL
from app.accounts.sessions import NextStep
from app.accounts.sign_in import Browser, request_code, sign_in_with_code, sign_in_with_password
from app.core import clock, database, vault
from app.core.access import Role
from app.core.errors import InvalidInput
from app.core.vault import DataErased
from tests.app.accounts.people import (
    PASSWORD,
    account,
    browser,
    code_sent_to,
    new_phone,
    signed_in,
)
from tests.conftest import rounds


def later(**span: float) -> object:
    """Return a block that runs so much later."""
    return clock.travelled_to(clock.now() + timedelta(**span))


async def requested(phone: str, window: Browser | None = None) -> str:
    await request_code(phone, window or browser())
    return await code_sent_to(phone)


async def accounts_with(phone: str) -> int:
    return await database.fetch_value("SELECT count(*) FROM account WHERE phone_digest = $1", vault.digest(phone))


def another(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def test_a_new_number_becomes_an_account_only_with_consent_and_the_code_outlives_the_question(
    db: None,
) -> None:
    phone = new_phone()
    code = await requested(phone)
    with pytest.raises(ConsentNeeded):
        await sign_in_with_code(phone, code, browser())
    assert await accounts_with(phone) == 0
    session = await sign_in_with_code(phone, code, browser(), consent=True, role=Role.VOLUNTEER)
    who = await principal_of_session(session.token)
    assert who.roles == (Role.RESIDENT, Role.VOLUNTEER)
    assert session.next_step is NextStep.DONE
    assert await accounts_with(phone) == 1


async def test_a_known_number_signs_in_to_its_own_account_without_asking_for_consent_again(db: None) -> None:
    phone = new_phone()
    account_id = await account(phone=phone)
    who = await principal_of_session(await signed_in(phone, consent=False))
    assert who.account_id == account_id
    assert await accounts_with(phone) == 1


async def test_nobody_makes_himself_an_officer_at_sign_in(db: None) -> None:
    phone = new_phone()
    code = await requested(phone)
    with pytest.raises(InvalidInput):
        await sign_in_with_code(phone, code, browser(), consent=True, role=Role.OPERATOR)


async def test_asking_for_a_code_leaves_the_same_traces_for_a_known_and_an_unknown_number(db: None) -> None:
    known, unknown = new_phone(), new_phone()
    await account(phone=known)
    for phone in (known, unknown):
        await request_code(phone, browser())
    rows = await database.fetch("SELECT account_id, channel, msgid, detail, status, link FROM notification ORDER BY id")
    assert rows[0] == rows[1]
    assert rows[0]["account_id"] is None
    assert await database.fetch_value("SELECT count(*) FROM sign_in_code") == 2


async def test_after_delivery_neither_number_nor_code_can_be_read_from_the_message(db: None) -> None:
    phone = new_phone()
    await requested(phone)
    message = await database.fetch_one("SELECT * FROM notification")
    assert message is not None
    assert message["secret_sealed"] is None
    with pytest.raises(DataErased):
        await vault.subject_key(message["subject_key_id"])


async def test_the_code_itself_is_stored_nowhere(db: None) -> None:
    phone = new_phone()
    await request_code(phone, browser())
    stored = [
        *await database.fetch("SELECT * FROM sign_in_code"),
        *await database.fetch("SELECT * FROM notification"),
    ]
    code = await code_sent_to(phone)
    assert not any(code.encode() in str(value).encode() for row in stored for value in row.values())


async def test_five_wrong_codes_use_up_the_right_one(db: None) -> None:
    phone = new_phone()
    code = await requested(phone)
    for _ in range(5):
        with pytest.raises(WrongCode):
            await sign_in_with_code(phone, another(code), browser(), consent=True)
    with pytest.raises(WrongCode):
        await sign_in_with_code(phone, code, browser(), consent=True)


async def test_parallel_guesses_get_no_more_than_five_comparisons(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.accounts import codes

    phone = new_phone()
    code = await requested(phone)
    compared: list[bytes] = []
    real = codes.hmac.compare_digest

    def counting(left: bytes, right: bytes) -> bool:
        compared.append(left)
        return real(left, right)

    monkeypatch.setattr(codes.hmac, "compare_digest", counting)
    guesses = [codes.check_code(phone, "sign_in", another(code)) for _ in range(20)]
    answers = await asyncio.gather(*guesses, return_exceptions=True)
    assert all(isinstance(answer, WrongCode) for answer in answers)
    assert len(compared) == 5


async def test_a_code_lives_five_minutes(db: None) -> None:
    phone = new_phone()
    code = await requested(phone)
    with later(minutes=5, seconds=1), pytest.raises(WrongCode):
        await sign_in_with_code(phone, code, browser(), consent=True)
    with later(minutes=4, seconds=50):
        assert (await sign_in_with_code(phone, code, browser(), consent=True)).token


async def test_a_newer_code_replaces_the_older_one(db: None) -> None:
    phone = new_phone()
    first = await requested(phone)
    with later(minutes=2):
        second = await requested(phone)
        if first != second:
            with pytest.raises(WrongCode):
                await sign_in_with_code(phone, first, browser(), consent=True)
        assert (await sign_in_with_code(phone, second, browser(), consent=True)).token


async def test_a_code_for_one_number_is_worth_nothing_for_another(db: None) -> None:
    phone = new_phone()
    code = await requested(phone)
    with pytest.raises(WrongCode):
        await sign_in_with_code(new_phone(), code, browser(), consent=True)


async def test_of_parallel_uses_of_one_code_exactly_one_becomes_a_session(db: None) -> None:
    for number in range(rounds(4, 100)):
        phone, window = new_phone(), browser(f"10.1.0.{number}")  # an address of its own: addresses are rationed
        code = await requested(phone, window)
        uses = [sign_in_with_code(phone, code, window, consent=True) for _ in range(4)]
        answers = await asyncio.gather(*uses, return_exceptions=True)
        won = [answer for answer in answers if isinstance(answer, sessions.SignedIn)]
        assert len(won) == 1
        assert all(isinstance(answer, WrongCode) for answer in answers if answer not in won)
        assert await accounts_with(phone) == 1
        assert await database.fetch_value(
            "SELECT count(*) FROM web_session WHERE account_id = $1", won[0].account_id
        ) == 1  # fmt: skip


async def test_codes_are_rationed_by_number_and_by_address(db: None) -> None:
    phone = new_phone()
    with clock.travelled_to(clock.now().replace(second=10)):
        await request_code(phone, browser())
        with pytest.raises(TooManyAttempts):
            await request_code(phone, browser())
    with clock.travelled_to(clock.now().replace(minute=0, second=0) + timedelta(hours=2)):
        start = clock.now()
    for minute in range(6):
        with clock.travelled_to(start + timedelta(minutes=minute)):
            if minute < 5:
                await request_code(phone, browser("10.0.0.2"))
            else:
                with pytest.raises(TooManyAttempts):
                    await request_code(phone, browser("10.0.0.2"))
    with clock.travelled_to(start):
        for _ in range(CODES_PER_ADDRESS.attempts):
            await request_code(new_phone(), browser("10.0.0.9"))
        with pytest.raises(TooManyAttempts):
            await request_code(new_phone(), browser("10.0.0.9"))
        await request_code(new_phone(), browser("10.0.0.8"))


async def test_a_password_signs_in_and_a_wrong_one_or_an_unknown_address_is_answered_alike(db: None) -> None:
    await account(email="lin@example.org", password=PASSWORD)
    session = await sign_in_with_password(" LIN@example.org", PASSWORD, browser())
    assert (await principal_of_session(session.token)).signed_in
    answers = []
    for email, password in (("lin@example.org", "wrong"), ("nobody@example.org", PASSWORD)):
        with pytest.raises(WrongPassword) as refused:
            await sign_in_with_password(email, password, browser())
        answers.append(str(refused.value))
    assert answers[0] == answers[1]


async def test_an_unknown_address_costs_the_same_hash_as_a_known_one(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str | None] = []
    real = passwords._verify

    def counting(stored: str | None, password: str) -> bool:
        hashed.append(stored)
        return real(stored, password)

    monkeypatch.setattr(passwords, "_verify", counting)
    await account(email="without@example.org")
    for email in ("nobody@example.org", "without@example.org"):
        with pytest.raises(WrongPassword):
            await sign_in_with_password(email, PASSWORD, browser())
    assert hashed == [None, None]


async def test_even_the_stand_in_password_opens_nothing(db: None) -> None:
    assert not await passwords.matches(None, "nobody has this password")


async def test_a_hash_made_with_weaker_parameters_is_replaced_at_sign_in(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    await account(email="lin@example.org", password=PASSWORD)
    weak = await database.fetch_value("SELECT password_hash FROM account")
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher)
    await sign_in_with_password("lin@example.org", PASSWORD, browser())
    strong = await database.fetch_value("SELECT password_hash FROM account")
    assert strong != weak
    assert not passwords.is_outdated(strong)
    assert await passwords.matches(strong, PASSWORD)


async def test_passwords_are_rationed_by_address_of_mail_even_for_the_right_one(db: None) -> None:
    await account(email="lin@example.org", password=PASSWORD)
    with clock.travelled_to(clock.now().replace(minute=20)):
        for place in range(TRIES_PER_EMAIL.attempts):
            with pytest.raises(WrongPassword):
                await sign_in_with_password("lin@example.org", "wrong", browser(f"10.0.1.{place}"))
        with pytest.raises(TooManyAttempts):
            await sign_in_with_password("lin@example.org", PASSWORD, browser("10.0.2.1"))


async def test_a_closed_account_does_not_sign_in_and_its_sessions_are_worth_nothing(db: None) -> None:
    phone = new_phone()
    token = await signed_in(phone)
    await database.execute("UPDATE account SET status = 'closed'")
    assert not (await principal_of_session(token)).signed_in
    with later(minutes=2):
        code = await requested(phone)
        with pytest.raises(AccountClosed):
            await sign_in_with_code(phone, code, browser(), consent=True)


async def test_a_new_privacy_notice_asks_for_consent_again(db: None) -> None:
    phone = new_phone()
    await account(phone=phone)
    await database.execute("UPDATE account SET privacy_notice = 'older'")
    code = await requested(phone)
    with pytest.raises(ConsentNeeded):
        await sign_in_with_code(phone, code, browser())
    await sign_in_with_code(phone, code, browser(), consent=True)
    assert await database.fetch_value("SELECT privacy_notice FROM account") != "older"
    assert await database.fetch_value("SELECT count(*) FROM audit_event WHERE action = 'account.consented'") == 1
