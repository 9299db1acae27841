"""The life of a message as a table, and the waiting between attempts."""

from datetime import timedelta

import pytest

from app.core.errors import DomainError, TransitionRefused
from app.core.state import advance
from app.notifications.gateways import GatewayMissing
from app.notifications.rules import (
    LONGEST_DELAY,
    MAX_ATTEMPTS,
    TRANSITIONS,
    Event,
    Status,
    after_failure,
    retry_delay,
)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("event", list(Event))
def test_a_message_moves_only_along_the_table(status: Status, event: Event) -> None:
    if (status, event) in TRANSITIONS:
        assert advance(TRANSITIONS, status, event) is TRANSITIONS[(status, event)]
    else:
        with pytest.raises(TransitionRefused):
            advance(TRANSITIONS, status, event)


def test_waiting_doubles_up_to_an_hour_and_is_spread_by_half() -> None:
    waits = [retry_delay(attempt, 1.0) for attempt in range(1, 12)]
    assert waits[0] == timedelta(seconds=30)
    assert waits[1] == 2 * waits[0]
    assert waits[-1] == LONGEST_DELAY
    drawn = {retry_delay(3) for _ in range(50)}
    assert len(drawn) > 1
    assert all(timedelta(seconds=60) <= wait <= timedelta(seconds=180) for wait in drawn)


@pytest.mark.parametrize(
    ("attempts", "sure", "dedup", "permanent", "event"),
    [
        (1, True, False, False, Event.POSTPONE),
        (1, False, True, False, Event.POSTPONE),
        (1, False, False, False, Event.GIVE_UP),
        (1, True, True, True, Event.GIVE_UP),
        (MAX_ATTEMPTS, True, True, False, Event.GIVE_UP),
    ],
)
def test_a_message_of_unknown_fate_is_repeated_only_where_the_gateway_would_notice(
    attempts: int, sure: bool, dedup: bool, permanent: bool, event: Event
) -> None:
    decided = after_failure(attempts, surely_not_sent=sure, deduplicates=dedup, permanent=permanent)
    assert decided is event


def test_a_missing_gateway_is_a_refusal_that_names_the_channel() -> None:
    refusal: DomainError = GatewayMissing(channel="sms")
    assert "sms" in str(refusal)
