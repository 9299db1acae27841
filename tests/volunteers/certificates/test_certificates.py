"""A certificate says what the hours say, anybody can check it, nobody can rewrite it."""

import asyncio
import io
import itertools
from datetime import date, timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.composition import compose
from app.core import clock, database, vault
from app.core.access import Principal, Role
from app.core.errors import NotFound, NotPermitted, TransitionRefused
from app.core.state import advance
from tests.app.web.client import client
from tests.conftest import rounds
from tests.volunteers import world
from tests.volunteers.attendance.test_attendance import AFTER, signed_up
from volunteers.attendance.rules import Outcome, Presence
from volunteers.attendance.service import confirm_attendance
from volunteers.certificates import queries, service
from volunteers.certificates.rules import (
    ALPHABET,
    CODE_LENGTH,
    TRANSITIONS,
    CertificateEvent,
    CertificateStatus,
    NothingToCertify,
    PeriodReversed,
    ReasonForRevokingMissing,
    grouped,
    new_code,
    read_code,
)
from volunteers.people.trainings import service as trainings
from volunteers.people.trainings.rules import TrainingDraft

DAY = clock.local(world.MONDAY).date()
WEEK = (DAY, DAY + timedelta(days=6))


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def worked(people: int = 1) -> list[Principal]:
    """Let people work a shift of two hours and have it confirmed."""
    found = await signed_up(people)
    staff = await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(AFTER):
        await confirm_attendance(staff, [Presence(one, Outcome.ATTENDED) for _, one in found])
    return [who for who, _ in found]


async def issued(who: Principal, days: tuple[date, date] = WEEK) -> queries.CertificateRow:
    with clock.travelled_to(AFTER):
        public_id = await service.issue(who, *days)
    return next(row for row in await queries.my_certificates(who) if row.public_id == public_id)


@pytest.mark.parametrize(("status", "event"), list(itertools.product(CertificateStatus, CertificateEvent)))
def test_every_pair_of_status_and_event_is_decided(status: CertificateStatus, event: CertificateEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


@given(st.text(alphabet=ALPHABET, min_size=CODE_LENGTH, max_size=CODE_LENGTH))
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    assert read_code(grouped(code).lower()) == code
    assert read_code(f" {code} ".replace("0", "O").replace("1", "l")) == code


def test_codes_are_of_the_alphabet_and_never_repeat() -> None:
    codes = {new_code() for _ in range(500)}
    assert len(codes) == 500
    assert set("".join(codes)) <= set(ALPHABET)


async def test_it_says_the_hours_of_the_period_and_prints_them_in_both_languages(db: None) -> None:
    [who] = await worked()
    row = await issued(who)
    assert (row.minutes, row.attendances, row.number) == (120, 1, f"FH-{DAY.year}-000001")
    async with client(who) as page:
        file = await page.get(f"/my/certificates/{row.public_id}/pdf")
    assert file.headers["content-type"] == "application/pdf"
    text = words_of(file.content)
    assert len(text) == 2
    for said in ("志愿服务证明", row.number, "2.0", grouped(row.code)):
        assert said in text[0].replace(" \n", "").replace("\n", "")
    assert "Certificate of Voluntary Service" in text[1].replace("\n", " ")


async def test_it_holds_the_trainings_completed_in_the_period_and_no_others(db: None) -> None:
    [who] = await worked()
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    station = await world.station()
    public_id = await database.fetch_value("SELECT public_id FROM person WHERE account_id = $1", who.actor)
    for title, day in (("Induction", DAY), ("Long ago", DAY - timedelta(days=90))):
        reference = await trainings.define(staff, TrainingDraft(station, title, "upstairs"))
        with clock.travelled_to(AFTER):
            await trainings.record_completions(staff, reference, [public_id], day)
    row = await issued(who)
    async with client(who) as page:
        text = words_of((await page.get(f"/my/certificates/{row.public_id}/pdf")).content)
    assert all(f"Induction ({DAY})" in each.replace("\n", " ") for each in text)
    assert not any("Long ago" in each for each in text)


def words_of(pdf: bytes) -> list[str]:
    """Return the text of each page."""
    from pypdf import PdfReader

    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


async def test_nothing_is_certified_for_a_period_without_hours_or_a_reversed_one(db: None) -> None:
    [who] = await worked()
    with pytest.raises(NothingToCertify):
        await issued(who, (DAY + timedelta(days=1), DAY + timedelta(days=9)))
    with pytest.raises(PeriodReversed):
        await issued(who, (DAY, DAY - timedelta(days=1)))
    assert await database.fetch_value("SELECT count(*) FROM certificate_number") == 0


async def test_numbers_have_no_gaps_however_many_are_issued_at_once_and_fail(db: None) -> None:
    people = await worked(6)
    idle = [who for _, who in await world.volunteers(3)]
    for _ in range(rounds(2, 20)):
        with clock.travelled_to(AFTER):
            attempts = [service.issue(who, *WEEK) for pair in zip(people, [*idle, *idle], strict=True) for who in pair]
            results = await asyncio.gather(*attempts, return_exceptions=True)
        assert sum(isinstance(one, UUID) for one in results) == 6
    numbers = [row["number"] for row in await database.fetch("SELECT number FROM certificate ORDER BY number")]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_anybody_checks_it_and_an_officer_revokes_it_with_a_reason_all_can_read(db: None) -> None:
    [who] = await worked()
    row = await issued(who)
    officer = await world.officer(Role.COORDINATOR)
    name = await database.fetch_value("SELECT name FROM person WHERE account_id = $1", who.actor)
    async with client() as visitor:
        went = await visitor.get("/verify", params={"code": grouped(row.code).lower()})
        assert went.headers["location"] == f"/verify/{row.code}"
        shown = (await visitor.get(f"/verify/{row.code}")).text
        assert "这份证明是真的" in shown
        assert name not in shown
        assert (await visitor.get(f"/verify/{'0' * 16}")).status_code == 404
        facts = (await visitor.get(f"/api/v1/certificates/{row.code}")).json()
        assert (facts["minutes"], facts["status"]) == (120, "issued")
    with pytest.raises(ReasonForRevokingMissing):
        await service.revoke(officer, row.code, " ")
    with pytest.raises(NotPermitted):
        await service.revoke(who, row.code, "x")
    with pytest.raises(NotFound):
        await service.revoke(officer, "0" * 16, "x")
    async with client(officer) as desk:
        assert "请写明撤销的原因" in (await desk.post(f"/verify/{row.code}/revoke", data={"reason": ""})).text
        with clock.travelled_to(AFTER + timedelta(days=1)):
            assert (await desk.post(f"/verify/{row.code}/revoke", data={"reason": "签到有误"})).status_code == 303
    with pytest.raises(TransitionRefused):
        await service.revoke(officer, row.code, "再来一次")
    async with client() as visitor:
        assert "签到有误" in (await visitor.get(f"/verify/{row.code}")).text


async def test_who_is_erased_leaves_a_certificate_without_a_name(db: None) -> None:
    [who] = await worked()
    row = await issued(who)
    key = await database.fetch_value("SELECT subject_key_id FROM person WHERE account_id = $1", who.actor)
    async with database.transaction():
        await vault.destroy(key)
    found = await queries.checked(row.code)
    assert found
    assert (found.name, found.row.minutes) == ("", 120)


async def test_the_database_lets_nobody_write_another_certificate_than_the_hours_say(db: None) -> None:
    [who] = await worked()
    row = await issued(who)
    for change in ("minutes = minutes + 60", "code = reverse(code)", "until_day = until_day + 1", "number = 7"):
        with pytest.raises(asyncpg.RestrictViolationError):
            await database.execute(f"UPDATE certificate SET {change}")
    with pytest.raises(asyncpg.RestrictViolationError):
        await database.execute("DELETE FROM certificate")
    await database.execute("UPDATE certificate_number SET last = last + 1")
    columns = "year, number, code, person_id, from_day, until_day, minutes, attendances, last_entry_id, content_sealed"
    copied = f"INSERT INTO certificate ({columns}, issued_at) SELECT %s FROM certificate WHERE code = $1"
    values = columns.replace("code", "reverse(code)")
    with pytest.raises(asyncpg.CheckViolationError, match="says what the hours say"):
        wrong = values.replace("number", "2", 1).replace("minutes", "minutes + 60")
        await database.execute(copied % f"{wrong}, issued_at", row.code)
    with pytest.raises(asyncpg.CheckViolationError, match="without gaps"):
        await database.execute(copied % f"{values.replace('number', '9', 1)}, issued_at", row.code)
