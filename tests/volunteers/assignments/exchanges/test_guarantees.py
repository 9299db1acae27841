"""Somebody else goes: every answer decided, nobody's place free in between, kept by the database whoever writes."""

import itertools
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.composition import compose
from app.core import clock, database
from app.core.access import Principal, Role
from app.core.errors import NotFound, TransitionRefused
from app.core.state import advance
from tests.volunteers import world
from tests.volunteers.assignments.sign_ups.test_races import WRONGLY_COUNTED
from volunteers.assignments.exchanges import service
from volunteers.assignments.exchanges.answering import accept, decline
from volunteers.assignments.exchanges.jobs import end_unanswered_exchanges
from volunteers.assignments.exchanges.rules import (
    LAST_ANSWER,
    LONGEST_OFFER,
    SHORTEST_OFFER,
    TRANSITIONS,
    AlreadyOffered,
    OfferEvent,
    OfferIsOver,
    OfferStatus,
    OtherCannotCome,
    SeatNotExchangeable,
    StationChooses,
    TooLateToExchange,
    answer_by,
)
from volunteers.assignments.rules import PositionDraft, SignUpMode
from volunteers.assignments.sign_ups.disruptions import cancel_assignment
from volunteers.assignments.sign_ups.rules import CredentialMissing, ElsewhereAtThatTime, Origin
from volunteers.assignments.sign_ups.service import Wanted, sign_up, sign_up_many, withdraw
from volunteers.assignments.waiting.service import join_line
from volunteers.people.credentials.rules import CredentialKind
from volunteers.people.rules import Profile


@pytest.fixture(autouse=True)
def composed() -> None:
    """Let roles and states mean what the packages' wiring says."""
    compose()


async def seat(who: Principal, hours: float = 9, **changes: object) -> tuple[int, UUID]:
    """Publish a shift for one and let somebody take its seat; return the position and the sign-up."""
    [shift] = await world.publish(await world.draft(hours, positions=(PositionDraft("helper", 1),), **changes))
    return shift.position_ids[0], await sign_up(who, shift.position_ids[0])


def lawyer() -> Profile:
    return world.profile(credentials=(world.licence(CredentialKind.LAWYER),))


async def public_id(person_id: int) -> UUID:
    found: UUID = await database.fetch_value("SELECT public_id FROM person WHERE id = $1", person_id)
    return found


async def on(position_id: int) -> list[int]:
    """Return who holds a position."""
    rows = await database.fetch(
        "SELECT person_id FROM sign_up WHERE position_id = $1 AND live ORDER BY id", position_id
    )
    return [row["person_id"] for row in rows]


async def told(who: Principal) -> list[str]:
    rows = await database.fetch(
        "SELECT link FROM notification WHERE account_id = $1 AND channel = 'in_app' ORDER BY id", who.actor
    )
    return [row["link"] for row in rows]


async def status_of(offer: UUID) -> str:
    return str(await database.fetch_value("SELECT status FROM seat_exchange WHERE public_id = $1", offer))


@pytest.mark.parametrize(("status", "event"), list(itertools.product(OfferStatus, OfferEvent)))
def test_every_pair_of_status_and_event_is_decided(status: OfferStatus, event: OfferEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[status, event]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


@given(st.integers(-100, 20_000), st.integers(-100, 20_000))
def test_an_offer_always_ends_in_time_to_set_out(minutes: int, more: int) -> None:
    now = world.MONDAY
    starts = [now + timedelta(minutes=one) for one in (minutes, more)]
    until = answer_by(now, *starts)
    if until is None:
        assert min(starts) - now < LAST_ANSWER + SHORTEST_OFFER
    else:
        assert now < until <= min(starts) - LAST_ANSWER
        assert until - now <= LONGEST_OFFER


async def test_a_substitute_takes_the_seat_and_neither_the_line_nor_the_count_notices(db: None) -> None:
    (one_id, one), (other_id, other), (_, waiting) = await world.volunteers(3)
    staff = await world.officer(Role.STATION_STAFF, world.TOWN)
    position, held = await seat(one)
    await join_line(waiting, position)
    offer = await service.offer_to(one, held, await public_id(other_id), "临时出差")
    assert await on(position) == [one_id]
    await accept(other, offer)
    assert await on(position) == [other_id]
    row = await database.fetch_one("SELECT status, ended_reason FROM sign_up WHERE public_id = $1", held)
    assert row == {"status": "withdrawn", "ended_reason": "substituted"}
    assert await database.fetch_value("SELECT status FROM waiting_entry") == "waiting"
    assert await database.fetch_value("SELECT count(*) FROM call_out") == 0
    assert await database.fetch_value(WRONGLY_COUNTED) == 0
    assert [len(await told(who)) for who in (one, other, staff)] == [1, 2, 1]


async def test_a_no_and_a_question_taken_back_and_time_change_nothing(db: None) -> None:
    (one_id, one), (other_id, other) = await world.volunteers(2)
    position, held = await seat(one)
    offer = await service.offer_to(one, held, await public_id(other_id))
    with pytest.raises(AlreadyOffered):
        await service.offer_by_link(one, held)
    await decline(other, offer)
    second = await service.offer_to(one, held, await public_id(other_id))
    with pytest.raises(NotFound):
        await service.withdraw_offer(other, second)
    await service.withdraw_offer(one, second)
    third = await service.offer_by_link(one, held)
    with clock.travelled_to(clock.now() + timedelta(days=3)):
        assert await end_unanswered_exchanges(clock.now()) == {"ended": 1}
        assert await end_unanswered_exchanges(clock.now()) == {"ended": 0}
    for over, status in ((offer, "declined"), (second, "withdrawn"), (third, "expired")):
        assert await status_of(over) == status
        with pytest.raises(OfferIsOver):
            await accept(other, over)
    assert await on(position) == [one_id]
    assert await database.fetch_value("SELECT count(*) FROM sign_up") == 1


async def test_two_people_exchange_their_seats_both_or_neither(db: None) -> None:
    (one_id, one), (other_id, other), (third_id, third) = await world.people([lawyer(), lawyer(), world.profile()])
    licensed = (PositionDraft("lawyer", 1, credentials_any=("lawyer",)),)
    [first, second, plain] = await world.publish(
        await world.draft(9, positions=licensed), await world.draft(9.5, positions=licensed), await world.draft(40)
    )
    held = await sign_up(one, first.position_ids[0])
    theirs = await sign_up(other, second.position_ids[0])
    elsewhere = await sign_up(third, plain.position_ids[0])
    with pytest.raises(OtherCannotCome):
        await service.propose_swap(one, held, elsewhere)
    with pytest.raises(CredentialMissing):
        await service.propose_swap(third, elsewhere, held)
    offer = await service.propose_swap(one, held, theirs)
    with pytest.raises(NotFound):
        await accept(third, offer)
    await accept(other, offer)
    assert (await on(first.position_ids[0]), await on(second.position_ids[0])) == ([other_id], [one_id])
    assert await on(plain.position_ids[0]) == [third_id]
    reasons = await database.fetch("SELECT ended_reason FROM sign_up WHERE NOT live")
    assert [row["ended_reason"] for row in reasons] == ["swapped", "swapped"]
    assert await database.fetch_value(WRONGLY_COUNTED) == 0


async def test_a_swap_that_no_longer_fits_one_of_them_changes_neither(db: None) -> None:
    (one_id, one), (other_id, other) = await world.volunteers(2)
    here, held = await seat(one, 9)
    there, theirs = await seat(other, 33)
    offer = await service.propose_swap(one, held, theirs)
    await seat(one, 34)
    with pytest.raises(OtherCannotCome):
        await accept(other, offer)
    assert (await on(here), await on(there)) == ([one_id], [other_id])
    assert await status_of(offer) == "offered"
    await seat(other, 10)
    with pytest.raises(ElsewhereAtThatTime):
        await accept(other, offer)


async def test_every_rule_of_sign_up_holds_for_who_comes_instead(db: None) -> None:
    (_, one), (plain_id, plain), (_, busy) = await world.people([lawyer(), world.profile(), lawyer()])
    [shift] = await world.publish(
        await world.draft(9, positions=(PositionDraft("lawyer", credentials_any=("lawyer",)),))
    )
    held = await sign_up(one, shift.position_ids[0])
    with pytest.raises(OtherCannotCome):
        await service.offer_to(one, held, await public_id(plain_id))
    link = await service.offer_by_link(one, held)
    with pytest.raises(CredentialMissing):
        await accept(plain, link)
    with pytest.raises(NotFound):
        await accept(one, link)
    with pytest.raises(NotFound):
        await decline(busy, link)
    await seat(busy, 10)
    with pytest.raises(ElsewhereAtThatTime):
        await accept(busy, link)


async def test_what_is_not_held_too_near_or_chosen_by_the_station_is_not_offered(db: None) -> None:
    (one_id, one), (_, other) = await world.volunteers(2)
    _, held = await seat(one)
    with pytest.raises(NotFound):
        await service.offer_by_link(other, held)
    starts = await database.fetch_value("SELECT starts FROM sign_up WHERE public_id = $1", held)
    with clock.travelled_to(starts - LAST_ANSWER), pytest.raises(TooLateToExchange):
        await service.offer_by_link(one, held)
    await withdraw(one, held)
    with pytest.raises(SeatNotExchangeable):
        await service.offer_by_link(one, held)
    [chosen] = await world.publish(await world.draft(33, sign_up_mode=SignUpMode.REQUEST))
    officer = await world.officer(Role.COORDINATOR)
    await sign_up_many(officer, [Wanted(chosen.position_ids[0], one_id)], Origin.IMPORT)
    seated = await database.fetch_value("SELECT public_id FROM sign_up WHERE live")
    with pytest.raises(StationChooses):
        await service.offer_by_link(one, seated)


async def test_who_gives_the_seat_back_or_loses_it_no_longer_offers_it(db: None) -> None:
    (_, one), (_, other) = await world.volunteers(2)
    _, held = await seat(one)
    _, theirs = await seat(other, 33)
    link = await service.offer_by_link(one, held)
    swap = await service.propose_swap(other, theirs, held)
    await withdraw(one, held)
    assert (await status_of(link), await status_of(swap)) == ("expired", "expired")
    again = await service.offer_by_link(other, theirs)
    reference = await database.fetch_value("SELECT max(reference) FROM assignment")
    await cancel_assignment(await world.officer(Role.COORDINATOR), reference, "停电")
    assert await status_of(again) == "expired"


async def test_raw_sql_gives_no_seat_away_without_an_offer_and_carries_each_offer_out(db: None) -> None:
    (_, one), (other_id, other) = await world.volunteers(2)
    _, held = await seat(one)
    offer = await service.offer_to(one, held, await public_id(other_id))
    let_go = "UPDATE sign_up SET status = 'withdrawn', ended_at = now(), ended_reason = 'substituted'"
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(let_go)
    assert refusal.value.constraint_name == "sign_up_was_exchanged"
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute("UPDATE seat_exchange SET status = 'accepted', answered_at = now()")
    assert refusal.value.constraint_name == "seat_exchange_is_complete"
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute("UPDATE sign_up SET origin = 'exchange'")
        await database.execute(
            """INSERT INTO sign_up (position_id, assignment_id, person_id, starts, ends, status, origin, ended_at,
                                    ended_reason, created_at)
               SELECT position_id, assignment_id, $1, starts, ends, 'withdrawn', 'exchange', now(), 'own_wish', now()
               FROM sign_up LIMIT 1""",
            other_id,
        )
    assert refusal.value.constraint_name == "sign_up_was_exchanged"
    with pytest.raises(asyncpg.UniqueViolationError):
        await database.execute(
            """INSERT INTO seat_exchange (kind, from_sign_up_id, by_link, status, offered_at, expires_at)
               SELECT 'substitution', id, true, 'offered', now(), now() + interval '1 hour' FROM sign_up"""
        )
    await decline(other, offer)
    with pytest.raises(asyncpg.RestrictViolationError):
        await database.execute("UPDATE seat_exchange SET status = 'offered', answered_at = NULL")
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await database.execute(
            """INSERT INTO seat_exchange (kind, from_sign_up_id, to_person_id, by_link, status, offered_at, expires_at)
               SELECT 'substitution', id, person_id, false, 'offered', now(), now() + interval '1 hour' FROM sign_up"""
        )
    assert refusal.value.constraint_name == "seat_exchange_of_held_seats"
