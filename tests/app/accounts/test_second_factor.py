"""The second factor: enrolment, use, replay, loss."""

import asyncio
from datetime import timedelta

import pyotp
import pytest

from app.accounts import second_factor, sessions
from app.accounts.errors import (
    SecondFactorEnrolled,
    SessionNeeded,
    TooManyAttempts,
    WrongSecondFactor,
)
from app.accounts.principals import principal_of_session
from app.accounts.rules import OFFICER_SESSION, TRIES_PER_SECOND_FACTOR
from app.accounts.sessions import NextStep, SignedIn
from app.accounts.sign_in import sign_in_with_password
from app.core import clock, database
from app.core.access import Grant, Principal, Role
from app.core.errors import NotPermitted, NotSignedIn, SamePersonRefused
from tests.app.accounts.people import OFFICER_PERMISSION, PASSWORD, account, acting, browser, public_id
from tests.conftest import rounds

EMAIL = "officer@example.org"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


async def officer(secret: str = SECRET, place: str = "3301") -> int:
    return await account(Grant(Role.COORDINATOR, place), email=EMAIL, password=PASSWORD, totp_secret=secret)


async def by_password() -> tuple[SignedIn, Principal]:
    session = await sign_in_with_password(EMAIL, PASSWORD, browser())
    return session, await principal_of_session(session.token)


def shown(secret: str = SECRET, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(clock.now() + timedelta(seconds=30 * steps))


async def test_the_second_factor_gives_the_officers_permissions_in_a_fresh_short_session(db: None) -> None:
    await officer()
    before, who = await by_password()
    assert before.next_step is NextStep.VERIFY
    assert not who.can(OFFICER_PERMISSION)
    after = await second_factor.verify(who, shown())
    assert (await principal_of_session(after.token)).can(OFFICER_PERMISSION)
    assert not (await principal_of_session(before.token)).signed_in
    with clock.travelled_to(clock.now() + OFFICER_SESSION.idle + timedelta(seconds=1)):
        assert not (await principal_of_session(after.token)).signed_in


async def test_a_one_time_password_is_refused_the_second_time(db: None) -> None:
    await officer()
    code = shown()
    _, who = await by_password()
    await second_factor.verify(who, code)
    _, again = await by_password()
    with pytest.raises(WrongSecondFactor):
        await second_factor.verify(again, code)


async def test_an_older_password_is_refused_after_a_newer_one(db: None) -> None:
    await officer()
    older, newer = shown(steps=-1), shown()
    _, who = await by_password()
    await second_factor.verify(who, newer)
    _, again = await by_password()
    with pytest.raises(WrongSecondFactor):
        await second_factor.verify(again, older)


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_the_phones_clock_may_be_one_step_off(db: None, steps: int, taken: bool) -> None:
    await officer()
    _, who = await by_password()
    middle = clock.now().replace(second=15, microsecond=0)
    with clock.travelled_to(middle):
        if taken:
            assert (await second_factor.verify(who, shown(steps=steps))).token
        else:
            with pytest.raises(WrongSecondFactor):
                await second_factor.verify(who, shown(steps=steps))


async def test_of_parallel_uses_of_one_password_exactly_one_goes_through(db: None) -> None:
    await officer()
    start = clock.now()
    for turn in range(rounds(3, 100)):
        with clock.travelled_to(start + timedelta(minutes=20 * turn)):
            whos = [(await by_password())[1] for _ in range(4)]
            answers = await asyncio.gather(
                *(second_factor.verify(who, shown()) for who in whos), return_exceptions=True
            )
            assert sum(isinstance(answer, SignedIn) for answer in answers) == 1
            assert sum(isinstance(answer, WrongSecondFactor) for answer in answers) == 3


async def test_guessing_is_rationed(db: None) -> None:
    await officer()
    _, who = await by_password()
    wrong = f"{(int(shown()) + 1) % 10**6:06d}"
    with clock.travelled_to(clock.now().replace(minute=31, second=0)):
        for _ in range(TRIES_PER_SECOND_FACTOR.attempts):
            with pytest.raises(WrongSecondFactor):
                await second_factor.verify(who, "000000" if wrong == shown() else wrong)
        with pytest.raises(TooManyAttempts):
            await second_factor.verify(who, shown())


async def test_an_officer_enrols_at_first_sign_in_and_the_secret_is_stored_sealed(db: None) -> None:
    await officer(secret="")
    session, who = await by_password()
    assert session.next_step is NextStep.ENROL
    enrolment = await second_factor.begin_enrolment(who)
    assert await second_factor.begin_enrolment(who) == enrolment
    with pytest.raises(WrongSecondFactor):
        await second_factor.confirm_enrolment(who, "12345x")
    enrolled = await second_factor.confirm_enrolment(who, shown(enrolment.secret))
    assert (await principal_of_session(enrolled.token)).can(OFFICER_PERMISSION)
    stored = await database.fetch_value("SELECT totp_sealed FROM account WHERE totp_sealed IS NOT NULL")
    assert enrolment.secret.encode() not in stored


async def test_the_code_that_enrolled_does_not_verify_again(db: None) -> None:
    await officer(secret="")
    _, who = await by_password()
    code = shown((await second_factor.begin_enrolment(who)).secret)
    await second_factor.confirm_enrolment(who, code)
    _, again = await by_password()
    with pytest.raises(WrongSecondFactor):
        await second_factor.verify(again, code)


async def test_a_password_alone_cannot_replace_an_enrolled_second_factor(db: None) -> None:
    await officer()
    _, who = await by_password()
    with pytest.raises(SecondFactorEnrolled):
        await second_factor.begin_enrolment(who)
    with pytest.raises(SecondFactorEnrolled):
        await second_factor.confirm_enrolment(who, "123456")


async def test_with_the_old_second_factor_a_new_one_can_be_enrolled(db: None) -> None:
    await officer()
    _, who = await by_password()
    strong = await principal_of_session((await second_factor.verify(who, shown())).token)
    enrolment = await second_factor.begin_enrolment(strong)
    with clock.travelled_to(clock.now() + timedelta(minutes=1)):
        await second_factor.confirm_enrolment(strong, shown(enrolment.secret))
        _, again = await by_password()
    with clock.travelled_to(clock.now() + timedelta(minutes=2)):
        with pytest.raises(WrongSecondFactor):
            await second_factor.verify(again, shown(SECRET))
        assert (await second_factor.verify(again, shown(enrolment.secret))).token


async def test_a_session_that_has_ended_cannot_be_stepped_up(db: None) -> None:
    await officer()
    _, who = await by_password()
    await sessions.sign_out(who)
    with pytest.raises(NotSignedIn):
        await second_factor.verify(who, shown())


async def test_a_token_cannot_give_a_second_factor(db: None) -> None:
    account_id = await officer()
    with pytest.raises(SessionNeeded):
        await second_factor.verify(await acting(account_id), shown())


async def test_a_manager_resets_a_lost_second_factor_of_another_person_within_his_reach(db: None) -> None:
    lost = await officer(place="330106")
    _, who = await by_password()
    session = await second_factor.verify(who, shown())
    manager_id = await account(Grant(Role.OPERATOR, "330106"))
    manager = await acting(manager_id)
    with pytest.raises(SamePersonRefused):
        await second_factor.reset(manager, await public_id(manager_id))  # type: ignore[arg-type]
    await second_factor.reset(manager, await public_id(lost))  # type: ignore[arg-type]
    assert not (await principal_of_session(session.token)).signed_in
    again, _ = await by_password()
    assert again.next_step is NextStep.ENROL


async def test_a_manager_cannot_reset_somebody_whose_office_reaches_further(db: None) -> None:
    above = await officer(place="3301")
    manager = await acting(await account(Grant(Role.OPERATOR, "330106")))
    with pytest.raises(NotPermitted):
        await second_factor.reset(manager, await public_id(above))  # type: ignore[arg-type]
    assert await database.fetch_value("SELECT totp_sealed IS NOT NULL FROM account WHERE id = $1", above)
