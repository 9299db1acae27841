"""Months: the latest statement that reaches a month counts; the past is not changed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.products.capacity import rules
from marketplace.products.capacity.rules import Statement

TODAY = date(2026, 11, 28)
MONTHS = st.builds(date, st.integers(2026, 2028), st.integers(1, 12), st.just(1))


def test_a_statement_counts_until_the_next_one() -> None:
    stated = [Statement(date(2027, 1, 1), 5), Statement(date(2026, 12, 1), 3)]
    assert [rules.capacity_in(stated, month) for month in rules.months_from(date(2026, 11, 9), 4)] == [None, 3, 5, 5]


@given(st.dictionaries(MONTHS, st.integers(0, 50)), MONTHS)
def test_a_month_has_what_the_last_statement_before_it_says(stated: dict[date, int], month: date) -> None:
    found = rules.capacity_in([Statement(*one) for one in stated.items()], month)
    before = sorted(one for one in stated if one <= month)
    assert found == (stated[before[-1]] if before else None)


@given(MONTHS)
def test_the_days_of_a_month_are_all_of_them(month: date) -> None:
    days = rules.days_of(month + timedelta(days=20))
    assert days[0] == month
    assert (days[-1] + timedelta(days=1)).day == 1
    assert len(days) == (rules.months_from(month, 2)[1] - month).days


@pytest.mark.parametrize(
    ("statement", "fields"),
    [
        (Statement(date(2026, 11, 1), 3), set()),
        (Statement(date(2027, 11, 1), 0), set()),
        (Statement(date(2026, 10, 1), 3), {"from_month"}),
        (Statement(date(2027, 12, 1), 3), {"from_month"}),
        (Statement(date(2026, 12, 1), -1), {"units"}),
        (Statement(date(2026, 12, 1), 10_000), {"units"}),
    ],
)
def test_what_is_stated_is_of_this_month_or_later(statement: Statement, fields: set[str]) -> None:
    assert set(rules.statement_faults(statement, TODAY)) == fields


@pytest.mark.parametrize(
    ("first", "last", "fields"),
    [
        (TODAY, TODAY, set()),
        (TODAY, TODAY + timedelta(days=61), set()),
        (TODAY, TODAY + timedelta(days=62), {"last"}),
        (TODAY - timedelta(days=1), TODAY, {"first"}),
        (TODAY + timedelta(days=2), TODAY, {"last"}),
        (TODAY + timedelta(days=300), TODAY + timedelta(days=370), {"first", "last"}),
    ],
)
def test_days_off_lie_ahead_and_end_after_they_begin(first: date, last: date, fields: set[str]) -> None:
    assert set(rules.blackout_faults(first, last, TODAY)) == fields
