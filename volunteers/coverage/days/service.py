"""Saying when a place is best visited; shifts made from then on keep to it."""

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from volunteers.coverage.days.rules import VisitDay
from volunteers.coverage.rules import CONSTRAINTS

SHORTEST, LONGEST = 30, 720


async def say_visit_day(principal: Principal, place_code: str, said: VisitDay) -> None:
    """Say the day and hours of a place; what was said before stays readable."""
    principal.scope(Permission.DISPATCH_PLAN).require_place(place_code)
    if not SHORTEST <= said.minutes <= LONGEST:
        raise InvalidInput({"ends": Message(N_("一次至少半小时，最多 12 小时。"))})
    async with database.refusing(CONSTRAINTS), transaction():
        place_id = await database.fetch_value("SELECT id FROM place WHERE code = $1", place_code)
        if place_id is None:
            raise NotFound
        row = {"weekday": said.weekday, "from_minute": said.from_minute, "minutes": said.minutes}
        stated = {"market": said.market, "said_by": principal.actor, "said_at": clock.now()}
        found = await database.insert_row("visit_day", {"place_id": place_id, **row, **stated})
        await audit.record(principal, "coverage.day_said", "visit_day", found, weekday=said.weekday)
