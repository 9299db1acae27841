"""Offers: a held seat, one message, one tap; what nobody takes goes to somebody else at once."""

from datetime import timedelta
from typing import Any

import pytest

from app.core import clock, database
from app.core.access import Principal
from app.core.errors import NotFound, TransitionRefused
from app.core.state import advance
from tests.refusals import refused
from tests.volunteers import world
from tests.volunteers.dispatch import small
from volunteers.assignments.call_outs.rules import LinkUnknown
from volunteers.assignments.sign_ups.rules import ShiftIsFull
from volunteers.assignments.sign_ups.service import sign_up
from volunteers.assignments.stand_by.service import stand_by_for
from volunteers.assignments.waiting.jobs import pass_on_overdue_offers
from volunteers.assignments.waiting.rules import OfferExpired
from volunteers.dispatch import jobs
from volunteers.dispatch.acceptance.queries import answers_of
from volunteers.dispatch.offers import queries
from volunteers.dispatch.offers.answering import answer_by_token, answer_own
from volunteers.dispatch.offers.rules import (
    TRANSITIONS,
    NoReason,
    OfferCause,
    OfferEvent,
    OfferIsOver,
    OfferStatus,
    offer_until,
)

HOUR = timedelta(hours=1)
STATUSES = "SELECT o.status FROM dispatch_offer o ORDER BY o.id"


async def asked(people: int = 2, seats: int = 1) -> list[Principal]:
    """Publish a plan of one shift; return the people, those who were asked first."""
    known = dict(await small.people(people))
    await small.shifts(57, seats=seats)
    coordinator = await small.planner()
    published = await small.publish(coordinator, await small.solved(coordinator))
    assert published.asked
    rows = await database.fetch("SELECT person_id FROM dispatch_invitation ORDER BY id")
    first = [row["person_id"] for row in rows]
    return [known[person] for person in [*first, *(known.keys() - set(first))]]


async def offer_of(principal: Principal) -> Any:
    """Return the public id of somebody's open offer."""
    return next(card.public_id for card in await queries.own_offers(principal) if card.is_open)


async def statuses() -> list[str]:
    """Return how the offers stand, in the order in which they were made."""
    return [row["status"] for row in await database.fetch(STATUSES)]


@pytest.mark.parametrize("status", OfferStatus)
@pytest.mark.parametrize("event", OfferEvent)
def test_every_event_in_every_state_moves_or_refuses(status: OfferStatus, event: OfferEvent) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[(status, event)]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


@pytest.mark.parametrize(("left", "stands"), [(100, 48), (20, 10), (1, 0.5), (0.9, None)])
def test_an_offer_stands_as_the_settings_say_and_half_of_the_time_left_at_most(
    left: float, stands: float | None
) -> None:
    until = offer_until(world.MONDAY, world.MONDAY + left * HOUR, 48)
    assert until == (None if stands is None else world.MONDAY + stands * HOUR)


async def test_a_seat_is_held_for_who_is_asked_and_theirs_once_they_say_yes(db: None) -> None:
    yes, other = await asked()
    position = await database.fetch_value("SELECT id FROM position")
    with pytest.raises(ShiftIsFull):
        await sign_up(other, position)
    offer = await offer_of(yes)
    with pytest.raises(NotFound):
        await answer_own(other, offer, OfferEvent.ACCEPT)
    for _ in range(2):  # a second tap is the same answer
        await answer_own(yes, offer, OfferEvent.ACCEPT)
    with pytest.raises(OfferIsOver):
        await answer_own(yes, offer, OfferEvent.DECLINE, NoReason.FAR)
    assert await statuses() == ["accepted"]
    assert await database.fetch_value("SELECT status FROM sign_up") == "confirmed"


async def test_who_has_several_shifts_gets_one_message_whose_link_opens_all_of_them(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("volunteers.dispatch.offers.making.new_token", lambda: "the-link")
    await small.people(1)
    await small.shifts(9, 33, 57)
    coordinator = await small.planner()
    await small.publish(coordinator, await small.solved(coordinator))
    assert (
        await database.fetch_value("SELECT count(*) FROM notification WHERE once_key LIKE 'dispatched:%:in_app'") == 1
    )
    cards = await queries.offers_of_token("the-link")
    await answer_by_token("the-link", cards[0].public_id, OfferEvent.ACCEPT)
    await answer_by_token("the-link", cards[1].public_id, OfferEvent.DECLINE, NoReason.HEALTH)
    assert [(card.status, card.reason) for card in await queries.offers_of_token("the-link")] == [
        ("accepted", ""),
        ("declined", "health"),
        ("offered", ""),
    ]
    with pytest.raises(LinkUnknown):
        await queries.offers_of_token("another")
    with pytest.raises(LinkUnknown):
        await answer_by_token("another", cards[2].public_id, OfferEvent.ACCEPT)
    assert "the-link" not in str(await database.fetch("SELECT detail::text, link FROM notification"))


async def test_a_no_goes_to_who_stands_by_and_then_to_whom_the_week_fits(db: None) -> None:
    no, *others = await asked(3)
    ready = others[1]
    await stand_by_for(ready, await database.fetch_value("SELECT id FROM position"))
    await answer_own(no, await offer_of(no), OfferEvent.DECLINE, NoReason.BUSY)
    assert await jobs.answer_vacancies(clock.now()) == {"offered": 1}
    await answer_own(ready, await offer_of(ready), OfferEvent.DECLINE)
    assert await jobs.answer_vacancies(clock.now()) == {"offered": 1}
    await answer_own(others[0], await offer_of(others[0]), OfferEvent.ACCEPT)
    assert await statuses() == ["declined", "declined", "accepted"]
    causes = await database.fetch("SELECT cause FROM dispatch_invitation ORDER BY id")
    assert [row["cause"] for row in causes] == list(OfferCause)


async def test_silence_frees_the_seat_and_with_nobody_left_the_week_is_planned_anew(db: None) -> None:
    silent, other = await asked()
    offer = await offer_of(silent)
    late = await database.fetch_value("SELECT answer_by FROM dispatch_invitation")
    with clock.travelled_to(late):
        with pytest.raises(OfferExpired):
            await answer_own(silent, offer, OfferEvent.ACCEPT)
        await pass_on_overdue_offers(late)
        assert await jobs.answer_vacancies(late) == {"offered": 1}
        await answer_own(other, await offer_of(other), OfferEvent.DECLINE)
        assert await jobs.answer_vacancies(late) == {"replanned": 1}
    assert await statuses() == ["expired", "declined"]


async def test_answers_are_what_acceptance_rates_are_computed_from(db: None) -> None:
    people = await asked(3, seats=3)
    for person, event in zip(people[:2], (OfferEvent.ACCEPT, OfferEvent.DECLINE), strict=True):
        await answer_own(person, await offer_of(person), event)
    late = await database.fetch_value("SELECT max(answer_by) FROM dispatch_invitation")
    with clock.travelled_to(late):
        await pass_on_overdue_offers(late)
    ids = [row["person_id"] for row in await database.fetch("SELECT person_id FROM dispatch_invitation ORDER BY id")]
    answers = await answers_of(ids, clock.now())
    assert [[(one.offers, one.accepted) for one in answers[person]] for person in ids] == [[(1, 1)], [(1, 0)], [(1, 0)]]


async def test_an_offer_is_of_a_held_seat_agrees_with_it_and_is_answered_once(db: None) -> None:
    await asked(1)
    made = """INSERT INTO dispatch_offer (invitation_id, sign_up_id, status)
              SELECT i.id, s.id, $1 FROM dispatch_invitation i, sign_up s"""
    await refused("dispatch_offer_holds_a_seat", made, "accepted")
    await refused("dispatch_offer_sign_up_id_key", made, "offered")
    yes = "UPDATE dispatch_offer SET status = 'accepted', answered_at = now()"
    await refused("dispatch_offer_agrees", yes)
    await database.execute("UPDATE sign_up SET status = 'confirmed'")
    assert await statuses() == ["accepted"]
    await refused("dispatch_offer_is_answered_once", "UPDATE dispatch_offer SET reason = 'far'")
    again = """INSERT INTO dispatch_invitation (run_id, person_id, cause, token_sha256, sent_at, answer_by)
               SELECT run_id, person_id, 'plan', sha256($1), sent_at, answer_by FROM dispatch_invitation"""
    await refused("dispatch_invitation_once", again, b"other")
    await refused("append_only", "UPDATE dispatch_invitation SET answer_by = now()")


async def test_an_offer_ends_with_its_shift_also_when_the_shift_is_moved(db: None) -> None:
    await asked(1)
    await refused(
        "sign_up_offer_ends_before_start", "UPDATE sign_up SET offer_expires_at = starts + interval '1 minute'"
    )
    until = await database.fetch_value("SELECT offer_expires_at FROM sign_up")
    await database.execute(
        "UPDATE assignment SET starts = $1, ends = $1::timestamptz + interval '1 hour'", until - HOUR
    )
    assert await database.fetch_value("SELECT offer_expires_at FROM sign_up") == until - HOUR
