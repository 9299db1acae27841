"""Reading a village's hours."""

from app.core import database
from procurement.deliveries.ordering.rules import ALL_HOURS, Hours, Part


async def hours_of(place_code: str) -> Hours:
    """Return when a village can have a service: what its clerk stated, or always."""
    rows = await database.fetch(
        "SELECT h.weekday, h.part FROM village_hour h JOIN place ON place.id = h.place_id WHERE place.code = $1",
        place_code,
    )
    return frozenset((row["weekday"], Part(row["part"])) for row in rows) or ALL_HOURS
