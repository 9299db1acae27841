"""When things change: who keeps their seat, who is told, who is named."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from app.accounts.privacy import erase_account, register_erasure_step
from app.core import clock, database
from app.core.access import Permission, Principal, Role, system_principal
from app.core.errors import NotPermitted, TransitionRefused
from app.core.vault import DataErased, subject_key
from tests.volunteers import world
from tests.volunteers.assignments.call_outs import stage
from volunteers.assignments.rules import AlreadyStarted, Kind, PositionDraft
from volunteers.assignments.service import Published
from volunteers.assignments.sign_ups.disruptions import (
    ReasonMissing,
    StillBooked,
    WouldClash,
    cancel_assignment,
    release_without_credential,
    reschedule,
    set_capacity,
)
from volunteers.assignments.sign_ups.jobs import release_uncovered_seats
from volunteers.assignments.sign_ups.leaving import declare_recusal, erase_person, leave
from volunteers.assignments.sign_ups.rules import NotOpenForSignUp, RecusedFromParty, SignUpRefused
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.assignments.waiting.service import join_line
from volunteers.people.credentials.service import refuse_credential


async def booked_shift(people: list[tuple[int, Principal]], hours: float = 9, **changes: object) -> Published:
    """Publish a shift and sign everybody up for it."""
    given = {"positions": (PositionDraft("helper", 5),), **changes}
    [shift] = await world.publish(await world.draft(hours, **given))
    for _, principal in people:
        await sign_up(principal, shift.position_ids[0])
    return shift


async def statuses(shift: Published) -> list[tuple[str, str]]:
    """Return status and reason of an assignment's sign-ups."""
    rows = await database.fetch(
        "SELECT status, ended_reason FROM sign_up WHERE assignment_id = $1 ORDER BY id", shift.id
    )
    return [(row["status"], row["ended_reason"]) for row in rows]


async def notices(principal: Principal) -> list[str]:
    """Return the texts in a person's inbox."""
    rows = await database.fetch(
        "SELECT msgid FROM notification WHERE account_id = $1 AND channel = 'in_app'", principal.actor
    )
    return [row["msgid"] for row in rows]


async def test_cancelling_gives_everybody_their_time_back_and_a_message(shared_db: None) -> None:
    people = await world.volunteers(2)
    officer = await world.officer(Role.COORDINATOR)
    shift = await booked_shift(people)
    assert await cancel_assignment(officer, shift.reference, "typhoon") == 2
    assert await statuses(shift) == [("released", "cancelled")] * 2
    assert all([len(await notices(principal)) == 1 for _, principal in people])
    other = await booked_shift(people)  # the same time is free again
    assert len(await statuses(other)) == 2
    with pytest.raises(TransitionRefused):
        await cancel_assignment(officer, shift.reference, "typhoon")


async def test_cancelling_needs_a_reason_a_place_and_time_left(shared_db: None) -> None:
    shift = await booked_shift([])
    officer = await world.officer(Role.COORDINATOR)
    with pytest.raises(ReasonMissing):
        await cancel_assignment(officer, shift.reference, " ")
    with pytest.raises(NotPermitted):
        await cancel_assignment(await world.officer(Role.STATION_STAFF, "330102"), shift.reference, "x")
    with clock.travelled_to(world.MONDAY + timedelta(hours=10)), pytest.raises(AlreadyStarted):
        await cancel_assignment(officer, shift.reference, "x")


async def test_rescheduling_takes_everybody_along_and_tells_them(shared_db: None) -> None:
    people = await world.volunteers(2)
    shift = await booked_shift(people)
    starts = world.MONDAY + timedelta(hours=15)
    await reschedule(await world.officer(Role.COORDINATOR), shift.reference, starts, starts + timedelta(hours=1))
    rows = await database.fetch("SELECT starts FROM sign_up WHERE assignment_id = $1", shift.id)
    assert [row["starts"] for row in rows] == [starts] * 2
    assert len(await notices(people[0][1])) == 1


@pytest.mark.parametrize("other_hours", [15, 14])
async def test_a_rescheduling_names_those_who_could_not_come(shared_db: None, other_hours: int) -> None:
    [busy, free] = await world.people([world.profile(name="Busy Bee"), world.profile(name="Free Bird")])
    shift = await booked_shift([busy, free])
    await booked_shift([busy], other_hours, point=(0, 0))
    starts = world.MONDAY + timedelta(hours=16)
    with pytest.raises(WouldClash) as refusal:
        await reschedule(await world.officer(Role.COORDINATOR), shift.reference, starts, starts + timedelta(hours=1))
    assert refusal.value.values["names"] == "Busy Bee"


async def test_a_rescheduling_names_whose_licence_ends_before(shared_db: None) -> None:
    until = clock.local(world.MONDAY + timedelta(days=2)).date()
    [lawyer] = await world.people([world.profile(name="Ms Law", credentials=(world.licence(valid_until=until),))])
    positions = (PositionDraft("lawyer", credentials_any=("lawyer",)),)
    shift = await booked_shift([lawyer], kind=Kind.DUTY, positions=positions)
    officer = await world.officer(Role.COORDINATOR)
    starts = world.MONDAY + timedelta(days=3, hours=9)
    with pytest.raises(WouldClash) as refusal:
        await reschedule(officer, shift.reference, starts, starts + timedelta(hours=1))
    assert refusal.value.values["names"] == "Ms Law"


async def test_a_capacity_below_what_is_booked_names_who_is_on_it(shared_db: None) -> None:
    people = await world.people([world.profile(name="First"), world.profile(name="Second")])
    shift = await booked_shift(people)
    officer = await world.officer(Role.COORDINATOR)
    with pytest.raises(StillBooked) as refusal:
        await set_capacity(officer, shift.reference, 1, 1)
    assert refusal.value.values == {"booked": 2, "capacity": 1, "names": "First、Second"}
    await set_capacity(officer, shift.reference, 1, 2)
    [late] = await world.volunteers(1)
    with pytest.raises(SignUpRefused):
        await sign_up(late[1], shift.position_ids[0])


async def test_declaring_a_tie_gives_seats_on_that_party_back_and_keeps_away(shared_db: None) -> None:
    [person] = await world.volunteers(1)
    matter = await booked_shift([person], parties=("party-3",))
    plain = await booked_shift([person], 14)
    assert await declare_recusal(person[1], "party-3") == 1
    assert await statuses(matter) == [("released", "recusal")]
    assert await statuses(plain) == [("confirmed", "")]
    with pytest.raises(RecusedFromParty):
        await sign_up(person[1], matter.position_ids[0])
    assert await declare_recusal(person[1], "party-3") == 0


async def test_leaving_gives_all_seats_ahead_back(shared_db: None) -> None:
    [person] = await world.volunteers(1)
    shift = await booked_shift([person])
    assert await leave(person[1]) == 1
    assert await statuses(shift) == [("released", "left")]
    with pytest.raises(SignUpRefused):
        await sign_up(person[1], shift.position_ids[0])


async def test_a_licence_taken_back_opens_cover_for_the_seat(shared_db: None) -> None:
    [lawyer] = await world.people([world.profile(credentials=(world.licence(),))])
    positions = (PositionDraft("lawyer", credentials_any=("lawyer",)),)
    shift = await booked_shift([lawyer], kind=Kind.DUTY, positions=positions)
    system = system_principal(Permission.CREDENTIAL_VERIFY)
    assert await release_without_credential(system) == 0
    public_id: UUID = await database.fetch_value("SELECT public_id FROM credential WHERE person_id = $1", lawyer[0])
    await refuse_credential(await world.officer(Role.COORDINATOR), public_id, "struck off the roll")
    assert await release_without_credential(system) == 1
    assert await statuses(shift) == [("released", "credential")]
    assert any("不用去了" in text for text in await notices(lawyer[1]))


async def test_nobody_signs_up_for_what_was_cancelled(shared_db: None) -> None:
    [person] = await world.volunteers(1)
    shift = await booked_shift([])
    await cancel_assignment(await world.officer(Role.COORDINATOR), shift.reference, "x")
    with pytest.raises(NotOpenForSignUp):
        await sign_up(person[1], shift.position_ids[0])


async def test_erasing_an_account_forgets_the_person_and_gives_the_seats_back(shared_db: None) -> None:
    who = world.profile(
        name="Known Name", credentials=(world.licence(),), bank_account="6222021202001234567", recused_from=("p",)
    )
    [(person_id, principal)] = await world.people([who])
    shift = await booked_shift([(person_id, principal)])
    register_erasure_step(erase_person)
    await erase_account(replace(principal, session_id=1))
    assert await statuses(shift) == [("released", "left")]
    row = await database.fetch_one("SELECT * FROM person WHERE id = $1", person_id)
    assert row is not None
    assert (row["name"], row["bank_account_sealed"], row["status"]) == ("-", None, "left")
    with pytest.raises(DataErased):
        await subject_key(row["subject_key_id"])
    number = await database.fetch_value("SELECT number FROM credential WHERE person_id = $1", person_id)
    assert number != who.credentials[0].number


async def test_a_seat_freed_by_a_licence_goes_to_the_next_in_line_and_everybody_is_told(db: None) -> None:
    [lawyer, next_one] = await world.people([world.profile(credentials=(world.licence(),)) for _ in range(2)])
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    shift = await booked_shift([lawyer], positions=(PositionDraft("lawyer", credentials_any=("lawyer",)),))
    await join_line(next_one[1], shift.position_ids[0])
    await taken_back(lawyer[0])
    assert await statuses(shift) == [("released", "credential"), ("offered", "")]
    told = await database.fetch_one(
        """SELECT detail::text AS detail FROM notification
           WHERE account_id = $1 AND msgid LIKE '%不用去了%' AND channel = 'in_app'""",
        lawyer[1].actor,
    )
    assert told is not None
    assert "证件届时无效" in told["detail"]
    assert await told_of_cover(staff) == ["已问候补的下一位"]


async def test_a_seat_freed_by_a_licence_shortly_before_the_shift_calls_for_cover(db: None) -> None:
    scene = await stage.scene()
    person_id = await database.fetch_value("SELECT id FROM person WHERE account_id = $1", scene.lawyer.actor)
    await taken_back(person_id)
    row = await database.fetch_one(
        "SELECT status, cause FROM call_out WHERE position_id = $1", scene.shift.position_ids[0]
    )
    assert row == {"status": "open", "cause": "released"}
    assert await database.fetch_value("SELECT count(*) FROM call_out_ask") > 0
    assert await told_of_cover(scene.staff) == ["正在短信叫人"]


async def taken_back(person_id: int) -> None:
    """Take a person's licence back and run the job, twice."""
    public_id: UUID = await database.fetch_value("SELECT public_id FROM credential WHERE person_id = $1", person_id)
    await refuse_credential(await world.officer(Role.COORDINATOR), public_id, "struck off the roll")
    assert [(await release_uncovered_seats(clock.now()))["released"] for _ in range(2)] == [1, 0]


async def told_of_cover(staff: Principal) -> list[str]:
    """Return what the station was told about cover."""
    rows = await database.fetch(
        """SELECT detail -> 'cover' ->> 'msgid' AS cover, detail::text AS whole FROM notification
           WHERE account_id = $1 AND msgid LIKE '%少了一位%'""",
        staff.actor,
    )
    return [row["cover"] or row["whole"] for row in rows]
