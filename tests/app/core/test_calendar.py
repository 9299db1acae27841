"""Working days: the announced exceptions, and properties that hold whatever the exceptions are."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core import calendar, database
from app.core.calendar import Calendar, add_working_days, is_working_day
from app.core.calendar_days import NOTICE_2026, known_exceptions

KNOWN = Calendar({entry.day: entry.working for entry in known_exceptions()})
days = st.dates(date(2024, 6, 1), date(2028, 6, 1))
calendars = st.dictionaries(days, st.booleans(), max_size=40).map(Calendar)
few = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),  # a Saturday worked in exchange
        (date(2026, 2, 16), False),  # the eve of the Spring Festival
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 9, 20), True),
        (date(2026, 10, 7), False),
        (date(2026, 11, 22), False),  # a plain Sunday
        (date(2025, 10, 11), True),
    ],
)
def test_the_announced_days_are_what_the_notice_says(day: date, working: bool) -> None:
    assert is_working_day(KNOWN, day) is working


def test_every_exception_differs_from_the_plain_week_or_lies_in_a_holiday_over_a_weekend() -> None:
    worked_in_exchange = [entry for entry in known_exceptions() if entry.working]
    assert all(entry.day.weekday() >= 5 for entry in worked_in_exchange)
    assert len({entry.day for entry in known_exceptions()}) == len(known_exceptions())


def test_in_2026_the_free_weekdays_beyond_those_worked_in_exchange_are_the_thirteen_statutory_days() -> None:
    of_2026 = [entry for entry in known_exceptions() if entry.day.year == 2026]
    free_weekdays = [entry for entry in of_2026 if not entry.working and entry.day.weekday() < 5]
    worked_in_exchange = [entry for entry in of_2026 if entry.working]
    assert len(free_weekdays) - len(worked_in_exchange) == 13


def test_a_period_over_the_spring_festival_counts_only_worked_days() -> None:
    assert add_working_days(KNOWN, date(2026, 2, 13), 1) == date(2026, 2, 14)
    assert add_working_days(KNOWN, date(2026, 2, 13), 2) == date(2026, 2, 24)
    assert add_working_days(KNOWN, date(2026, 2, 13), 6) == date(2026, 2, 28)
    assert add_working_days(KNOWN, date(2026, 2, 13), 7) == date(2026, 3, 2)


def test_a_calendar_period_ending_on_a_holiday_rolls_to_the_day_after_it() -> None:
    assert calendar.add_calendar_days(KNOWN, date(2026, 9, 21), 10) == date(2026, 10, 8)
    assert calendar.add_calendar_days(KNOWN, date(2026, 3, 2), 3) == date(2026, 3, 5)


@given(calendars, days, st.integers(0, 60))
@few
def test_a_deadline_in_working_days_lies_on_a_working_day_and_counts_back(
    known: Calendar, start: date, count: int
) -> None:
    end = add_working_days(known, start, count)
    assert calendar.working_days_between(known, start, end) == count
    assert count == 0 or is_working_day(known, end)


@given(calendars, days, st.integers(0, 30), st.integers(0, 30))
@few
def test_two_periods_one_after_the_other_are_one_long_period(
    known: Calendar, start: date, first: int, second: int
) -> None:
    assert add_working_days(known, add_working_days(known, start, first), second) == add_working_days(
        known, start, first + second
    )


@given(calendars, days, st.integers(0, 60))
@few
def test_rolling_forward_never_shortens_a_period_and_stops_at_the_first_worked_day(
    known: Calendar, start: date, count: int
) -> None:
    end = calendar.add_calendar_days(known, start, count)
    skipped = [start + timedelta(days=step) for step in range(count, (end - start).days)]
    assert is_working_day(known, end)
    assert not any(is_working_day(known, day) for day in skipped)


def test_a_deadline_counts_in_the_unit_of_its_rule() -> None:
    start = date(2026, 9, 21)
    assert calendar.deadline(KNOWN, start, 7, "working_day") == add_working_days(KNOWN, start, 7)
    assert calendar.deadline(KNOWN, start, 10, "day") == date(2026, 10, 8)


def test_a_negative_period_and_an_unknown_unit_are_mistakes() -> None:
    for refused in (calendar.add_working_days, calendar.add_calendar_days):
        with pytest.raises(ValueError, match="negative"):
            refused(KNOWN, date(2026, 1, 1), -1)
    with pytest.raises(ValueError, match="weeks"):
        calendar.deadline(KNOWN, date(2026, 1, 1), 1, "weeks")


async def test_the_seeded_table_reads_back_as_the_known_calendar_and_seeding_again_changes_nothing(
    db: None,
) -> None:
    assert await calendar.seed_calendar() == 0  # every upgrade has written it
    assert await calendar.load_calendar() == KNOWN
    assert KNOWN.covers(2026)
    assert not KNOWN.covers(2029)


async def test_seeding_keeps_what_an_operator_entered_and_corrects_its_own_unverified_days(db: None) -> None:
    await database.execute("DELETE FROM working_day_exception")
    await database.execute(
        """INSERT INTO working_day_exception (day, working, name_zh, source)
           VALUES ('2027-02-05', true, 'x', '2027 notice'), ('2027-02-06', true, 'x', 'guess（未核实）')"""
    )
    await calendar.seed_calendar()
    seeded = await calendar.load_calendar()
    assert seeded.exceptions[date(2027, 2, 5)] is True
    assert seeded.exceptions[date(2027, 2, 6)] is False
    sources = await database.fetch("SELECT DISTINCT source FROM working_day_exception WHERE day < '2027-01-01'")
    assert NOTICE_2026 in {row["source"] for row in sources}
