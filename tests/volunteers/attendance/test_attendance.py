"""Who came: confirmed by a second party, after the fact, once; hours for unpaid work only."""

from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.core import clock, database
from app.core.access import Grant, Principal, Role, scopes_of
from app.core.errors import NotFound, NotPermitted, TransitionRefused
from tests.volunteers import world
from volunteers.assignments.rules import Compensation, PositionDraft
from volunteers.assignments.sign_ups.service import sign_up, withdraw
from volunteers.attendance.queries import my_hours, station_shifts, unconfirmed_sign_ups, waiting_to_confirm
from volunteers.attendance.rules import (
    NotOver,
    NotStarted,
    Outcome,
    OwnAttendance,
    Presence,
    TimesImplausible,
    stay_of,
)
from volunteers.attendance.service import CONFIRMED_TOPIC, confirm_attendance

START, END = world.MONDAY + timedelta(hours=9), world.MONDAY + timedelta(hours=11)
AFTER = END + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def signed_up(
    how_many: int = 1, compensation: Compensation = Compensation.UNPAID
) -> list[tuple[Principal, UUID]]:
    """Return people with their sign-ups for one shift from 9 to 11."""
    people = await world.volunteers(how_many)
    position = PositionDraft("helper", how_many)
    [shift] = await world.publish(await world.draft(compensation=compensation, positions=(position,)))
    return [(principal, await sign_up(principal, shift.position_ids[0])) for _, principal in people]


async def confirmed(presence: Presence, staff: Principal | None = None) -> dict[str, object]:
    """Confirm one presence an hour after the shift and return the attendance row."""
    staff = staff or await world.officer(Role.STATION_STAFF)
    with clock.travelled_to(AFTER):
        result = await confirm_attendance(staff, [presence])
    if result.refused:
        raise result.refused[presence.sign_up]
    row = await database.fetch_one("SELECT * FROM attendance WHERE id = $1", result.attendance_ids[0])
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("presence", "now", "minutes"),
    [
        (Presence(uuid4(), Outcome.ATTENDED), AFTER, 120),
        (Presence(uuid4(), Outcome.ATTENDED), END, 120),
        (Presence(uuid4(), Outcome.ATTENDED, left_at=START + 30 * MINUTE + MINUTE / 2), START + 31 * MINUTE, 30),
        (Presence(uuid4(), Outcome.ATTENDED, START - 60 * MINUTE, END + 180 * MINUTE), END + 180 * MINUTE, 360),
        (Presence(uuid4(), Outcome.ABSENT), START, 0),
    ],
)
def test_minutes_are_counted_from_arriving_to_leaving(presence: Presence, now: clock.datetime, minutes: int) -> None:
    assert stay_of(presence, START, END, now).minutes == minutes


@pytest.mark.parametrize(
    ("presence", "now", "refusal"),
    [
        (Presence(uuid4(), Outcome.ATTENDED), START - MINUTE, NotStarted),
        (Presence(uuid4(), Outcome.ABSENT), START - MINUTE, NotStarted),
        (Presence(uuid4(), Outcome.ATTENDED), END - MINUTE, NotOver),
        (Presence(uuid4(), Outcome.ATTENDED, START - 61 * MINUTE), AFTER, TimesImplausible),
        (Presence(uuid4(), Outcome.ATTENDED, None, END + 181 * MINUTE), END + timedelta(days=1), TimesImplausible),
        (Presence(uuid4(), Outcome.ATTENDED, END, START), AFTER, TimesImplausible),
        (Presence(uuid4(), Outcome.ATTENDED, people_served=-1), AFTER, TimesImplausible),
    ],
)
def test_what_cannot_have_been_is_refused(presence: Presence, now: clock.datetime, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        stay_of(presence, START, END, now)


async def test_who_came_gets_hours_and_the_layers_above_a_fact(shared_db: None) -> None:
    [(principal, public_id)] = await signed_up()
    row = await confirmed(Presence(public_id, Outcome.ATTENDED, people_served=7))
    assert (row["minutes"], row["people_served"], row["arrived_at"], row["left_at"]) == (120, 7, START, END)
    with clock.travelled_to(AFTER):
        assert (await my_hours(principal)).minutes == 120
    fact = "SELECT count(*) FROM fact WHERE topic = $1 AND subject_id = $2"
    assert await database.fetch_value(fact, CONFIRMED_TOPIC, row["id"]) == 1
    assert await status(public_id) == "completed"


async def status(public_id: UUID) -> str:
    """Return a sign-up's status."""
    return str(await database.fetch_value("SELECT status FROM sign_up WHERE public_id = $1", public_id))


async def test_who_did_not_come_gets_none_but_is_written_down(shared_db: None) -> None:
    [(principal, public_id)] = await signed_up()
    row = await confirmed(Presence(public_id, Outcome.ABSENT))
    assert (row["minutes"], row["arrived_at"], await status(public_id)) == (0, None, "absent")
    assert (await my_hours(principal)).minutes == 0


@pytest.mark.parametrize("compensation", [Compensation.SUBSIDY, Compensation.EXPENSES])
async def test_paid_work_earns_no_hours(shared_db: None, compensation: Compensation) -> None:
    [(principal, public_id)] = await signed_up(compensation=compensation)
    row = await confirmed(Presence(public_id, Outcome.ATTENDED))
    assert row["minutes"] == 120
    assert (await my_hours(principal)).minutes == 0


async def test_work_with_expenses_earns_hours_once_a_rule_says_so(db: None) -> None:
    await database.execute(
        """INSERT INTO law_rule (rule_key, document, article, value, unit, jurisdiction, effective_from)
           VALUES ('volunteers.hours.with_expenses', 'x', '1', 1, 'flag', '3301', $1)""",
        START.date(),
    )
    [(principal, public_id)] = await signed_up(compensation=Compensation.EXPENSES)
    await confirmed(Presence(public_id, Outcome.ATTENDED))
    assert (await my_hours(principal)).minutes == 120


async def test_nobody_confirms_themselves_not_even_past_the_service(shared_db: None) -> None:
    [(principal, public_id)] = await signed_up()
    grants = (Grant(Role.VOLUNTEER), Grant(Role.STATION_STAFF, world.CITY))
    both = Principal(account_id=principal.actor, kind="session", scopes=scopes_of(grants, world.role_map()))
    with pytest.raises(OwnAttendance):
        await confirmed(Presence(public_id, Outcome.ATTENDED), both)
    await raw_status(public_id, "completed")
    with pytest.raises(asyncpg.CheckViolationError) as violation:
        await raw_attendance(public_id, principal.actor)
    assert violation.value.constraint_name == "attendance_second_party"


async def test_staff_on_the_list_themselves_confirm_the_others_all_the_same(shared_db: None) -> None:
    [(principal, own), (_, other)] = await signed_up(2)
    grants = (Grant(Role.VOLUNTEER), Grant(Role.STATION_STAFF, world.CITY))
    both = Principal(account_id=principal.actor, kind="session", scopes=scopes_of(grants, world.role_map()))
    with clock.travelled_to(AFTER):
        result = await confirm_attendance(both, [Presence(found, Outcome.ATTENDED) for found in (own, other)])
    assert (len(result.attendance_ids), set(result.refused)) == (1, {own})


async def raw_status(public_id: UUID, status: str) -> None:
    """Set a status past the service."""
    await database.execute("UPDATE sign_up SET status = $2 WHERE public_id = $1", public_id, status)


async def raw_attendance(
    public_id: UUID, account_id: int, minutes: int = 120, earlier: timedelta = timedelta(0)
) -> int:
    """Insert an attendance of the whole shift past the service, everything so much earlier."""
    return int(
        await database.fetch_value(
            """INSERT INTO attendance (sign_up_id, outcome, arrived_at, left_at, minutes, confirmed_by, confirmed_at)
               SELECT id, 'attended', $3, $4, $5, $2, $6 FROM sign_up WHERE public_id = $1 RETURNING id""",
            *(public_id, account_id, START - earlier, END - earlier, minutes, AFTER - earlier),
        )
    )


async def test_raw_attendance_obeys_the_same_rules(shared_db: None) -> None:
    [(_, public_id), (_, unjudged)] = await signed_up(2)
    officer = (await world.officer(Role.STATION_STAFF)).actor
    await raw_status(public_id, "completed")
    for constraint, whose, minutes, earlier in [
        ("attendance_agrees", unjudged, 120, 0),
        ("attendance_minutes_are_counted", public_id, 600, 0),
        ("attendance_after_start", public_id, 120, 4),
    ]:
        with pytest.raises(asyncpg.CheckViolationError) as violation:
            await raw_attendance(whose, officer, minutes, timedelta(hours=earlier))
        assert violation.value.constraint_name == constraint
    attendance_id = await raw_attendance(public_id, officer)
    with pytest.raises(asyncpg.RestrictViolationError):
        await database.execute("UPDATE attendance SET people_served = 9 WHERE id = $1", attendance_id)


async def test_hours_are_not_written_for_more_than_was_attended_nor_for_somebody_else(shared_db: None) -> None:
    [(_, public_id), (_, other)] = await signed_up(2)
    officer = (await world.officer(Role.STATION_STAFF)).actor
    await raw_status(public_id, "completed")
    attendance_id = await raw_attendance(public_id, officer)
    hours = """INSERT INTO hours_entry (attendance_id, person_id, minutes, credited_at)
               SELECT $1, person_id, $3, now() FROM sign_up WHERE public_id = $2"""
    for whose, minutes in [(public_id, 121), (other, 120)]:
        with pytest.raises(asyncpg.CheckViolationError) as violation:
            await database.execute(hours, attendance_id, whose, minutes)
        assert violation.value.constraint_name == "hours_for_unpaid_work"
    await database.execute(hours, attendance_id, public_id, 120)


async def test_each_row_of_a_week_is_confirmed_or_refused_on_its_own(shared_db: None) -> None:
    [(_, came), (_, missed), (gone, withdrawn)] = await signed_up(3)
    await withdraw(gone, withdrawn)
    nobody = uuid4()
    staff = await world.officer(Role.STATION_STAFF)
    presences = [
        Presence(came, Outcome.ATTENDED),
        Presence(missed, Outcome.ABSENT),
        Presence(withdrawn, Outcome.ATTENDED),
        Presence(nobody, Outcome.ATTENDED),
    ]
    with clock.travelled_to(AFTER):
        result = await confirm_attendance(staff, presences)
        again = await confirm_attendance(staff, presences[:1])
    assert len(result.attendance_ids) == 2
    assert {sign_up_id: type(refusal) for sign_up_id, refusal in result.refused.items()} == {
        withdrawn: TransitionRefused,
        nobody: NotFound,
    }
    assert (again.attendance_ids, set(again.refused)) == ((), {came})


async def test_a_station_confirms_in_its_own_places_only(shared_db: None) -> None:
    [(principal, public_id)] = await signed_up()
    presence = Presence(public_id, Outcome.ATTENDED)
    for stranger in (
        await world.officer(Role.STATION_STAFF, "330102"),
        await world.officer(Role.COORDINATOR),
        principal,
    ):
        with pytest.raises(NotPermitted):
            await confirmed(presence, stranger)
    await confirmed(presence, await world.officer(Role.STATION_STAFF, world.TOWN))


async def test_the_station_sees_its_shifts_and_what_waits(db: None) -> None:
    [(_, public_id), (_, other)] = await signed_up(2)
    staff, stranger = (
        await world.officer(Role.STATION_STAFF, world.TOWN),
        await world.officer(Role.STATION_STAFF, "330102"),
    )
    [shift] = await station_shifts(staff, world.MONDAY, world.MONDAY + timedelta(days=1))
    assert {person.public_id for person in shift.people} == {public_id, other}
    assert (shift.booked, shift.capacity, shift.unconfirmed) == (2, 2, 2)
    assert await station_shifts(stranger, world.MONDAY, world.MONDAY + timedelta(days=1)) == []
    assert await waiting_to_confirm(staff) == (0, None)
    await confirmed(Presence(public_id, Outcome.ATTENDED), staff)
    with clock.travelled_to(AFTER):
        assert await waiting_to_confirm(staff) == (1, END)
        assert await unconfirmed_sign_ups(staff, AFTER) == [other]
        assert (await waiting_to_confirm(stranger))[0] == 0
        week = world.MONDAY + timedelta(days=7)
        [waiting] = await station_shifts(staff, world.MONDAY, week, unconfirmed_only=True)
        await confirm_attendance(staff, [Presence(other, Outcome.ABSENT)])
        assert await station_shifts(staff, world.MONDAY, week, unconfirmed_only=True) == []
    assert {person.minutes for person in waiting.people} == {120, None}
