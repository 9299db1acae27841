"""Signing up, withdrawing, coming back: through the service, for oneself and for many."""

from datetime import timedelta
from uuid import uuid4

import pytest

from app.core import clock, database
from app.core.access import Role
from app.core.errors import NotFound, NotPermitted, TransitionRefused
from tests.volunteers import world
from tests.world import account
from volunteers.assignments.rules import AssignmentEvent, Kind, PositionDraft
from volunteers.assignments.service import change_status
from volunteers.assignments.sign_ups.queries import my_past, my_sign_up_for, my_upcoming, roster, why_not
from volunteers.assignments.sign_ups.rules import (
    AlreadySignedUp,
    CredentialMissing,
    ElsewhereAtThatTime,
    Hint,
    NoTimeForTravel,
    NotOpenForSignUp,
    Origin,
    RecusedFromParty,
    ShiftIsFull,
    SignUpRefused,
    SignUpStatus,
)
from volunteers.assignments.sign_ups.service import Wanted, accept, sign_up, sign_up_many, withdraw
from volunteers.people.rules import Limits, NotJoined, PersonEvent
from volunteers.people.service import change_status as change_person_status


async def test_one_tap_takes_the_seat_and_leaves_a_trace(shared_db: None) -> None:
    [(person_id, principal)] = await world.volunteers(1)
    [shift] = await world.publish(await world.draft())
    public_id = await sign_up(principal, shift.position_ids[0])
    row = await database.fetch_one("SELECT * FROM sign_up WHERE public_id = $1", public_id)
    assert row is not None
    assert (row["person_id"], row["status"], row["origin"], row["created_by"]) == (
        person_id,
        "confirmed",
        "self",
        principal.actor,
    )
    event = await database.fetch_one(
        "SELECT action, actor_id FROM audit_event WHERE object_type = 'sign_up' AND object_id = $1", row["id"]
    )
    assert event == {"action": "sign_up.created", "actor_id": principal.actor}


async def test_each_rule_refuses_by_its_own_name(shared_db: None) -> None:
    [(_, principal), (_, other)] = await world.people(
        [world.profile(recused_from=("party-1",)), world.profile()], verified=False
    )
    [shift, clash, near, matter, licensed, small] = await world.publish(
        await world.draft(9, 2, positions=(PositionDraft("a", 1), PositionDraft("b", 1))),
        await world.draft(10, 2),
        await world.draft(11.2, 1, point=(0, 0)),
        await world.draft(14, 2, parties=("party-1",)),
        await world.draft(14, 2, kind=Kind.DUTY, positions=(PositionDraft("c", credentials_any=("lawyer",)),)),
        await world.draft(19, 2),
    )
    await sign_up(principal, shift.position_ids[0])
    await sign_up(other, small.position_ids[0])
    for position_id, refusal in [
        (shift.position_ids[1], AlreadySignedUp),
        (clash.position_ids[0], ElsewhereAtThatTime),
        (near.position_ids[0], NoTimeForTravel),
        (matter.position_ids[0], RecusedFromParty),
        (licensed.position_ids[0], CredentialMissing),
        (small.position_ids[0], ShiftIsFull),
    ]:
        with pytest.raises(refusal):
            await sign_up(principal, position_id)


async def test_why_not_me_answers_with_every_reason_and_with_hints(shared_db: None) -> None:
    limits = Limits(max_minutes_day=60, max_minutes_week=60, max_shifts_week=5, max_travel_m=100)
    [(_, principal)] = await world.people([world.profile(limits=limits)])
    positions = (
        PositionDraft("lawyer", credentials_any=("lawyer",), skills_all=("land",), gender="M"),
        PositionDraft("helper"),
    )
    [shift] = await world.publish(await world.draft(9, 2, positions=positions, point=(0, 0)))
    lawyer, helper = await why_not(principal, shift.reference)
    assert len(lawyer.reasons) == 5
    assert len(helper.reasons) == 2
    assert helper.hints == (Hint.DISTANCE,)
    with pytest.raises(SignUpRefused) as refusal:
        await sign_up(principal, shift.position_ids[0])
    assert refusal.value.reasons == lawyer.reasons


async def test_it_needs_a_volunteer_and_an_existing_position(shared_db: None) -> None:
    [shift] = await world.publish(await world.draft())
    with pytest.raises(NotPermitted):
        await sign_up(await world.officer(Role.STATION_STAFF), shift.position_ids[0])
    with pytest.raises(NotJoined):
        await sign_up(await account(Role.VOLUNTEER), shift.position_ids[0])
    [(_, principal)] = await world.volunteers(1)
    with pytest.raises(NotFound):
        await sign_up(principal, 10**12)


async def test_a_paused_volunteer_and_a_closed_or_begun_assignment_are_refused(shared_db: None) -> None:
    [(_, principal)] = await world.volunteers(1)
    [open_shift, closed] = await world.publish(await world.draft(9), await world.draft(14))
    await change_status(await world.officer(Role.COORDINATOR), closed.reference, AssignmentEvent.CLOSE)
    with pytest.raises(NotOpenForSignUp):
        await sign_up(principal, closed.position_ids[0])
    with clock.travelled_to(world.MONDAY + timedelta(hours=9)), pytest.raises(NotOpenForSignUp):
        await sign_up(principal, open_shift.position_ids[0])
    await change_person_status(principal, PersonEvent.PAUSE)
    with pytest.raises(SignUpRefused):
        await sign_up(principal, open_shift.position_ids[0])
    await change_person_status(principal, PersonEvent.RESUME)
    await sign_up(principal, open_shift.position_ids[0])


async def test_one_may_withdraw_before_the_start_and_come_back(shared_db: None) -> None:
    [(_, principal), (_, stranger)] = await world.volunteers(2)
    [shift] = await world.publish(await world.draft())
    public_id = await sign_up(principal, shift.position_ids[0])
    with pytest.raises(NotFound):
        await withdraw(stranger, public_id)
    with pytest.raises(NotFound):
        await withdraw(principal, uuid4())
    await withdraw(principal, public_id)
    with pytest.raises(TransitionRefused):
        await withdraw(principal, public_id)
    await sign_up(principal, shift.position_ids[0])
    assert [mine.status for mine in await my_upcoming(principal)] == [SignUpStatus.CONFIRMED]
    assert [mine.ended_reason for mine in await my_past(principal)] == ["own_wish"]


async def test_nobody_withdraws_from_what_has_begun(shared_db: None) -> None:
    [(_, principal)] = await world.volunteers(1)
    [shift] = await world.publish(await world.draft())
    public_id = await sign_up(principal, shift.position_ids[0])
    with clock.travelled_to(world.MONDAY + timedelta(hours=9)), pytest.raises(NotOpenForSignUp):
        await withdraw(principal, public_id)


async def test_many_are_taken_or_refused_each_with_reasons(shared_db: None) -> None:
    people = [person_id for person_id, _ in await world.volunteers(4)]
    [shift, same_time] = await world.publish(
        await world.draft(9, positions=(PositionDraft("a", 2),)),
        await world.draft(9, positions=(PositionDraft("a", 2),)),
    )
    seat, other = shift.position_ids[0], same_time.position_ids[0]
    wishes = [
        Wanted(seat, people[0]),
        Wanted(seat, people[1]),
        Wanted(seat, people[2]),
        Wanted(other, people[0]),
        Wanted(other, people[3]),
        Wanted(10**12, people[3]),
        Wanted(other, 10**12),
    ]
    result = await sign_up_many(await world.officer(Role.COORDINATOR), wishes, Origin.DISPATCH)
    assert set(result.taken) == {wishes[0], wishes[1], wishes[4]}
    assert {wish: type(refusal) for wish, refusal in result.refused.items()} == {
        wishes[2]: ShiftIsFull,
        wishes[3]: ElsewhereAtThatTime,
        wishes[5]: NotFound,
        wishes[6]: NotFound,
    }


async def test_many_all_or_none_keeps_nothing_when_one_is_refused(shared_db: None) -> None:
    people = [person_id for person_id, _ in await world.volunteers(2)]
    [shift] = await world.publish(await world.draft())
    wishes = [Wanted(shift.position_ids[0], person_id) for person_id in people]
    with pytest.raises(ShiftIsFull):
        await sign_up_many(await world.officer(Role.COORDINATOR), wishes, Origin.DISPATCH, all_or_none=True)
    assert not await database.fetch_value("SELECT 1 FROM sign_up WHERE assignment_id = $1", shift.id)


async def test_many_ask_for_the_right_and_for_the_place(shared_db: None) -> None:
    [(person_id, principal)] = await world.volunteers(1)
    [shift] = await world.publish(await world.draft())
    wishes = [Wanted(shift.position_ids[0], person_id)]
    for nobody in (principal, await world.officer(Role.STATION_STAFF), await world.officer(Role.COORDINATOR, "330102")):
        with pytest.raises(NotPermitted):
            await sign_up_many(nobody, wishes, Origin.DISPATCH)
    with pytest.raises(ValueError, match="one by one"):
        await sign_up_many(await world.officer(Role.COORDINATOR), wishes, Origin.SELF)
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    assert (await sign_up_many(staff, wishes, Origin.IMPORT)).taken


async def test_an_offer_holds_the_seat_until_it_is_accepted(shared_db: None) -> None:
    [(person_id, principal), (_, other)] = await world.volunteers(2)
    [shift] = await world.publish(await world.draft())
    wish = Wanted(shift.position_ids[0], person_id)
    officer = await world.officer(Role.COORDINATOR)
    offered = await sign_up_many(officer, [wish], Origin.DISPATCH, offered=True)
    with pytest.raises(ShiftIsFull):
        await sign_up(other, shift.position_ids[0])
    public_id = await database.fetch_value("SELECT public_id FROM sign_up WHERE id = $1", offered.taken[wish])
    await accept(principal, public_id)
    mine = await my_sign_up_for(principal, shift.id)
    assert mine is not None
    assert mine.status is SignUpStatus.CONFIRMED
    assert [row.origin for row in await roster(officer, shift.reference)] == ["dispatch"]
    with pytest.raises(NotPermitted):
        await roster(await world.officer(Role.STATION_STAFF, "330102"), shift.reference)
