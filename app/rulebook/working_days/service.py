"""Entering a holiday or a day worked in exchange, by the officer who reads the notice."""

from datetime import date

from app.core import audit, calendar, database
from app.core.access import Permission, Principal
from app.core.errors import InvalidInput
from app.rulebook.working_days import rules


async def enter_day(principal: Principal, day: date, *, working: bool, name_zh: str, source: str) -> None:
    """Say what a day is; what was known of it before is replaced, also where the day is ordinary after all.

    A day that an officer entered keeps what it says: a new version of the program corrects its own days only.
    """
    principal.scope(Permission.RULEBOOK_CONFIRM)
    async with database.transaction():
        known = await calendar.load_calendar()
        if faults := rules.day_faults(known, day, working=working, name_zh=name_zh, source=source):
            raise InvalidInput(faults)
        await database.execute(
            """INSERT INTO working_day_exception (day, working, name_zh, source) VALUES ($1, $2, $3, $4)
               ON CONFLICT (day) DO UPDATE SET working = excluded.working, name_zh = excluded.name_zh,
                                               source = excluded.source""",
            *(day, working, name_zh.strip(), source.strip()),
        )
        number = int(day.strftime("%Y%m%d"))  # a day has no other number to be recorded by
        await audit.record(*(principal, "working_day.entered", "working_day_exception", number), working=working)
