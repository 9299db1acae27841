"""Reading the days on which places are best visited."""

from collections.abc import Sequence

from app.core import database
from volunteers.coverage.days.rules import VisitDay

_DAYS = """
SELECT DISTINCT ON (d.place_id) d.place_id, d.weekday, d.from_minute, d.minutes, d.market
FROM visit_day d WHERE d.place_id = ANY ($1) ORDER BY d.place_id, d.id DESC
"""


async def visit_days(place_ids: Sequence[int]) -> dict[int, VisitDay]:
    """Return by place what was said last; places of which nothing was said are left out."""
    rows = await database.fetch(_DAYS, list(place_ids))
    return {row.pop("place_id"): VisitDay(**row) for row in rows}
