"""A change of time: every state and event, and what the new time must fit."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from app.core.clock import SHANGHAI
from app.core.errors import TransitionRefused
from app.core.state import advance
from procurement.deliveries.changes import rules
from procurement.deliveries.changes.rules import ChangeEvent, ChangeStatus
from procurement.deliveries.months.rules import Month
from procurement.deliveries.rules import Contract

STEPS = {
    ("proposed", "agree"): "agreed",
    ("proposed", "refuse"): "refused",
    ("proposed", "withdraw"): "withdrawn",
    ("proposed", "lapse"): "lapsed",
}
NOW = datetime(2026, 12, 1, 9, tzinfo=SHANGHAI)
OLD = datetime(2026, 12, 10, 14, 30, tzinfo=SHANGHAI)
CONTRACT = Contract(True, True, "330106", ("3301",), date(2026, 11, 1), date(2027, 6, 30), 10, 10)


@pytest.mark.parametrize("status", ChangeStatus)
@pytest.mark.parametrize("event", ChangeEvent)
def test_a_proposal_moves_only_as_the_table_says(status: ChangeStatus, event: ChangeEvent) -> None:
    expected = STEPS.get((status.value, event.value))
    if expected is None:
        with pytest.raises(TransitionRefused):
            advance(rules.TRANSITIONS, status, event)
    else:
        assert advance(rules.TRANSITIONS, status, event) == expected


@pytest.mark.parametrize(
    ("start", "month", "codes"),
    [
        (OLD + timedelta(days=1), Month(3, 3), []),  # its own unit moves along, also in a full month
        (OLD - timedelta(days=20), Month(3, 3), ["order_in_the_past", "month_full"]),
        (OLD + timedelta(days=1), Month(3, 1, frozenset({date(2026, 12, 11)})), ["day_off"]),
        (NOW, Month(), ["order_in_the_past"]),
        (datetime(2027, 1, 5, 9, tzinfo=SHANGHAI), Month(), ["change_of_year"]),
        (datetime(2027, 7, 5, 9, tzinfo=SHANGHAI), Month(2, 2), ["order_outside_term", "month_full", "change_of_year"]),
    ],
)
def test_a_new_time_fits_term_month_day_and_year(start: datetime, month: Month, codes: list[str]) -> None:
    assert [block.code for block in rules.time_blocks(CONTRACT, OLD, start, month, NOW)] == codes
    ended = replace(CONTRACT, open=False)
    assert "contract_not_delivering" in {one.code for one in rules.time_blocks(ended, OLD, start, month, NOW)}
