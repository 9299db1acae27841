"""When money for work arrives, by the office's own timetable; it is an estimate until a batch is paid.

No law sets a day for on-site duty; the timetable is that of the monthly settlement: work of one month is paid on the
15th of the next, or on the first working day after it.
"""

from datetime import date, timedelta

from app.core.calendar import Calendar, rolled_forward

PAY_DAY = 15


def expected_pay_day(calendar: Calendar, confirmed_on: date, today: date) -> date:
    """Return the first pay day after the month in which work was confirmed that has not passed yet."""
    month = confirmed_on
    while True:
        month = (month.replace(day=1) + timedelta(days=32)).replace(day=PAY_DAY)
        expected = rolled_forward(calendar, month)
        if expected >= today:
            return expected
