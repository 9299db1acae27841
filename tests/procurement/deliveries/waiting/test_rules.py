"""Waiting: every state and event, and the day on which the service comes."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import clock
from app.core.clock import SHANGHAI
from app.core.errors import TransitionRefused
from app.core.state import advance
from procurement.deliveries.waiting import rules
from procurement.deliveries.waiting.rules import WaitEvent, WaitStatus

STEPS = {("waiting", "place"): "placed", ("waiting", "leave"): "left", ("waiting", "end"): "ended"}
NOW = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
WISH = datetime(2026, 12, 10, 14, 30, tzinfo=SHANGHAI)
LAST = date(2027, 6, 30)


@pytest.mark.parametrize("status", WaitStatus)
@pytest.mark.parametrize("event", WaitEvent)
def test_waiting_moves_only_as_the_table_says(status: WaitStatus, event: WaitEvent) -> None:
    expected = STEPS.get((status.value, event.value))
    if expected is None:
        with pytest.raises(TransitionRefused):
            advance(rules.TRANSITIONS, status, event)
    else:
        assert advance(rules.TRANSITIONS, status, event) == expected


def test_the_service_comes_on_the_wished_day_if_it_can() -> None:
    assert rules.start_for(WISH, NOW, LAST, frozenset()) == WISH
    assert rules.start_for(WISH, NOW, LAST, frozenset({WISH.date()})) == WISH + timedelta(days=1)
    late = WISH - timedelta(days=1)
    assert rules.start_for(WISH, late, LAST, frozenset()) == WISH + timedelta(days=2)


def test_no_day_of_another_month_or_beyond_the_contract_is_taken() -> None:
    assert rules.start_for(WISH, datetime(2026, 12, 30, 9, tzinfo=SHANGHAI), LAST, frozenset()) is None
    assert rules.start_for(WISH, NOW, date(2026, 12, 9), frozenset()) is None


@given(st.integers(0, 40), st.sets(st.integers(1, 31)), st.integers(1, 31))
def test_the_day_is_in_the_month_far_enough_ahead_and_no_day_off(passed: int, off: set[int], last: int) -> None:
    days_off, now = frozenset(date(2026, 12, one) for one in off), NOW + timedelta(days=passed)
    found = rules.start_for(WISH, now, date(2026, 12, last), days_off)
    possible = [
        start
        for start in (WISH + timedelta(days=n) for n in range(22))
        if start >= now + rules.LEAD and start.date() not in days_off and start.date() <= date(2026, 12, last)
    ]
    assert found == (possible[0] if possible else None)
    assert found is None or clock.local(found).time() == WISH.time()
