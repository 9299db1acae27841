"""Periods and due days: what the pure rules say is what the database says, at month ends and week starts too."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.core import database
from app.core.calendar import Calendar, is_working_day
from volunteers.coverage.days.rules import VisitDay, at, day_for, window
from volunteers.coverage.rules import COLOURS, Colour, Every, Facts, Rhythm, State, due_by, period_of, state_of

DAYS = st.dates(date(2023, 12, 25), date(2029, 1, 7))
ONE = timedelta(days=1)


@st.composite
def rhythms(draw: st.DrawFn) -> Rhythm:
    every = draw(st.sampled_from(list(Every)))
    return Rhythm(every, draw(st.integers(2, 366)) if every is Every.DAYS else None, draw(DAYS))


@given(rhythms(), DAYS)
def test_periods_follow_each_other_without_a_gap(rhythm: Rhythm, day: date) -> None:
    first, last = period_of(rhythm, day)
    assert first <= day <= last
    assert period_of(rhythm, first) == period_of(rhythm, last) == (first, last)
    assert period_of(rhythm, last + ONE)[0] == last + ONE
    assert period_of(rhythm, first - ONE)[1] == first - ONE


@given(rhythms(), st.none() | DAYS)
def test_what_is_due_is_the_end_of_a_period_after_the_last_visit(rhythm: Rhythm, last_visit: date | None) -> None:
    due = due_by(rhythm, last_visit)
    assert period_of(rhythm, due)[1] == due >= rhythm.anchor
    if last_visit is not None:
        assert due > period_of(rhythm, last_visit)[1]
        assert due == period_of(rhythm, max(rhythm.anchor, period_of(rhythm, last_visit)[1] + ONE))[1]


@given(rhythms(), st.integers(1, 60), DAYS, st.lists(st.none() | DAYS, min_size=4, max_size=4))
def test_a_visit_or_somebody_coming_never_makes_it_worse(
    rhythm: Rhythm, alert: int, today: date, days: list[date | None]
) -> None:
    visit, coming, unconfirmed, asked = days
    ends = period_of(rhythm, today)[1]
    before = state_of(rhythm, alert, Facts(visit, coming, unconfirmed, asked), today)
    today_seen = state_of(rhythm, alert, Facts(max(today, rhythm.anchor), coming, unconfirmed, asked), today)
    somebody = state_of(rhythm, alert, Facts(visit, ends, unconfirmed, asked), today)
    if rhythm.anchor <= today:
        assert today_seen is State.SEEN
    assert COLOURS[somebody] is Colour.GREEN
    assert (before is State.OVERDUE) <= (due_by(rhythm, visit) < today)


async def test_the_database_divides_time_as_the_rules_do(db: None) -> None:
    examples: list[tuple[Rhythm, date, date | None]] = []

    @given(rhythms(), DAYS, st.none() | DAYS)
    def collect(rhythm: Rhythm, day: date, last_visit: date | None) -> None:
        examples.append((rhythm, day, last_visit))

    collect()
    ends = [date(2024, 2, 29), date(2024, 12, 31), date(2025, 1, 1), date(2026, 2, 28), date(2026, 3, 1)]
    examples += [(Rhythm(every, None, end), end, end) for every in (Every.MONTH, Every.WEEK) for end in ends]
    rows = await database.fetch(
        """SELECT lower(p.days) AS first, upper(p.days) - 1 AS last, coverage_due(every, length, anchor, visit) AS due
           FROM unnest($1::text[], $2::integer[], $3::date[], $4::date[], $5::date[])
                WITH ORDINALITY AS e (every, length, anchor, day, visit, number)
           CROSS JOIN LATERAL (SELECT coverage_period(every, length, anchor, day) AS days) AS p ORDER BY number""",
        [rhythm.every for rhythm, _, _ in examples],
        [rhythm.days for rhythm, _, _ in examples],
        [rhythm.anchor for rhythm, _, _ in examples],
        [day for _, day, _ in examples],
        [visit for _, _, visit in examples],
    )
    assert len(rows) >= 100
    for (rhythm, day, visit), row in zip(examples, rows, strict=True):
        assert (row["first"], row["last"]) == period_of(rhythm, day)
        assert row["due"] == due_by(rhythm, visit)


async def test_a_day_is_one_of_hangzhou_whatever_the_session_thinks(db: None) -> None:
    async with database.transaction():
        await database.execute("SET LOCAL TimeZone = 'America/Los_Angeles'")
        found = await database.fetch_value("SELECT coverage_period('month', NULL, '2026-01-01', '2026-03-01')")
    assert (found.lower, found.upper) == (date(2026, 3, 1), date(2026, 4, 1))


@given(DAYS, st.integers(-40, 60), st.integers(0, 6), st.booleans(), st.dictionaries(DAYS, st.integers(0, 9)))
def test_a_shift_lies_ahead_on_the_places_own_day_or_the_emptiest_working_day(
    today: date, until_due: int, weekday: int, knows: bool, load: dict[date, int]
) -> None:
    due, calendar = today + timedelta(days=until_due), Calendar()
    choice = window(today, today, due)
    usual = VisitDay(weekday, 8 * 60, 120, market=True) if knows else None
    day = day_for(choice, usual, load, calendar)
    assert day in choice
    assert today < day <= max(due, today + timedelta(days=13))
    own = [one for one in choice if one.weekday() == weekday]
    if usual and own:
        assert day == own[0]
    else:
        worked = [one for one in choice if is_working_day(calendar, one)] or choice
        assert load.get(day, 0) == min(load.get(one, 0) for one in worked)
    starts, ends = at(day, usual, 165)
    assert ends - starts == timedelta(minutes=165)
