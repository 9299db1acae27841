"""Judging a recorded tender again, by the rows of the rulebook that were in force on each step's day."""

from datetime import date

from app.core import calendar, clock, database
from app.core.errors import NotFound
from procurement.purchases.tenders.figures import figures_on
from procurement.purchases.tenders.reexamination import Verdict, reexamined
from procurement.purchases.tenders.rules import day_of
from procurement.purchases.tenders.service import file_of


async def reexamine(purchase_id: int, another_day: date | None = None) -> list[Verdict]:
    """Return each step's verdict, by the law of its day and by that of another, today unless one is named."""
    place = await database.fetch_value(
        "SELECT place.code FROM purchase p JOIN place ON place.id = p.place_id WHERE p.id = $1 AND p.method = 'tender'",
        purchase_id,
    )
    if place is None:
        raise NotFound
    file, other = await file_of(purchase_id), another_day or clock.today()
    figures = await figures_on([*(day_of(step) for step in file.steps), other], place)
    return reexamined(file, figures, await calendar.load_calendar(), other)
