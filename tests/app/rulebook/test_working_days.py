"""The calendar of working days: what a day is, a period worked out, and the officer who enters a notice."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import database
from app.core.access import ANONYMOUS, Grant, Role
from app.core.calendar import Calendar, is_working_day, load_calendar, seed_calendar
from app.core.errors import InvalidInput, NotPermitted
from app.rulebook.working_days import rules, service
from app.rulebook.working_days.rules import DayKind, PeriodUnit
from tests.app.accounts.people import account, acting, use_roles
from tests.app.web.client import client

NATIONAL_DAY, MADE_UP = date(2026, 10, 1), date(2026, 10, 10)
CALENDAR = Calendar({NATIONAL_DAY: False, MADE_UP: True})
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 1))


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (NATIONAL_DAY, DayKind.HOLIDAY),
        (MADE_UP, DayKind.MADE_UP),
        (date(2026, 10, 9), DayKind.WORKED),
        (date(2026, 10, 11), DayKind.WEEKEND),
    ],
)
def test_a_day_is_what_its_notice_or_its_weekday_says(day: date, kind: DayKind) -> None:
    assert rules.kind_of(CALENDAR, day) is kind


def test_a_year_shows_each_day_once_in_weeks_from_monday() -> None:
    months = rules.year_of(CALENDAR, 2028)
    cells = [cell for month in months for week in month.weeks for cell in week]
    shown = [cell[0] for cell in cells if cell]
    assert shown == [date(2028, 1, 1) + timedelta(days=step) for step in range(366)]
    assert all(len(week) == 7 for month in months for week in month.weeks)
    for month in months:
        for week in month.weeks:
            assert all(cell is None or cell[0].weekday() == place for place, cell in enumerate(week))
        assert month.worked == sum(
            cell[1] in (DayKind.WORKED, DayKind.MADE_UP) for week in month.weeks for cell in week if cell
        )


@given(DAYS, st.integers(1, 60))
def test_a_period_of_working_days_has_as_many_worked_days_after_its_first(start: date, days: int) -> None:
    found = rules.period(CALENDAR, start, days, PeriodUnit.WORKING_DAYS)
    after = [start + timedelta(days=step) for step in range(1, (found.last - start).days + 1)]
    assert sum(is_working_day(CALENDAR, day) for day in after) == days
    assert is_working_day(CALENDAR, found.last)
    assert [day for day, _ in found.skipped] == [day for day in after if not is_working_day(CALENDAR, day)]


@given(DAYS, st.integers(0, 60))
def test_a_period_of_calendar_days_rolls_from_a_free_day_to_the_next_worked_one(start: date, days: int) -> None:
    found = rules.period(CALENDAR, start, days, PeriodUnit.CALENDAR_DAYS)
    due = start + timedelta(days=days)
    assert found.last >= due
    assert is_working_day(CALENDAR, found.last)
    between = ((due + timedelta(days=step)) for step in range((found.last - due).days))
    assert not any(is_working_day(CALENDAR, day) for day in between)


async def officer() -> int:
    use_roles()
    return await account(Grant(Role.PROCUREMENT_OFFICER, "3301"))


async def test_an_officer_enters_a_holiday_and_the_deadlines_follow(db: None) -> None:
    who = await acting(await officer())
    day = date(2030, 5, 1)  # a Wednesday of a year that no version knows
    assert is_working_day(await load_calendar(), day)
    await service.enter_day(who, day, working=False, name_zh="劳动节", source="关于2030年节假日安排的通知")
    assert not is_working_day(await load_calendar(), day)
    event = await database.fetch_one("SELECT object_id, actor_id FROM audit_event WHERE action = 'working_day.entered'")
    assert event == {"object_id": 20300501, "actor_id": who.account_id}


async def test_a_day_that_an_officer_entered_outlives_the_next_version_of_the_program(db: None) -> None:
    who = await acting(await officer())
    await seed_calendar()
    day = await database.fetch_value("SELECT min(day) FROM working_day_exception WHERE day >= '2027-01-01'")
    await service.enter_day(who, day, working=True, name_zh="当天上班", source="关于2027年节假日安排的通知")
    await seed_calendar()
    assert is_working_day(await load_calendar(), day)


async def test_what_is_no_news_or_has_no_source_is_refused_by_field(db: None) -> None:
    who = await acting(await officer())
    with pytest.raises(InvalidInput) as refused:
        await service.enter_day(who, date(2030, 5, 2), working=True, name_zh=" ", source="")
    assert set(refused.value.fields) == {"day", "name_zh", "source"}
    with pytest.raises(NotPermitted):
        await service.enter_day(await acting(await account()), date(2030, 5, 1), working=False, name_zh="a", source="b")


async def test_the_page_shows_the_year_works_out_a_period_and_brings_a_wrong_form_back(db: None) -> None:
    await seed_calendar()
    path = "/rulebook/working-days"
    async with client(await acting(await officer())) as http:
        assert (await http.get(path)).headers["location"].startswith(f"{path}/20")
        shown = await http.get(f"{path}/2026?start=2026-09-30&days=7&unit=working_days")
        assert "国庆" in shown.text
        assert "10月" in shown.text.replace(" ", "")
        entered = {"day": "2031-01-01", "name_zh": "元旦", "source": "通知"}
        assert (await http.post(f"{path}/2031", data=entered)).headers["location"] == f"{path}/2031"
        again = await http.post(f"{path}/2031", data=entered)
        assert again.status_code == 422
        assert "元旦" in again.text
        assert (await http.get(f"{path}/1800")).status_code == 404
    async with client(ANONYMOUS) as http:
        assert (await http.get(f"{path}/2026")).status_code == 303
