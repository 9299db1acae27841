"""Reading a village's hours."""

from collections.abc import Collection

from app.core import database
from procurement.deliveries.ordering.rules import ALL_HOURS, Hours, Part


async def hours_of(place_code: str) -> Hours:
    """Return when a village can have a service: what its clerk stated, or always."""
    return (await hours_of_villages([place_code]))[place_code]


async def hours_of_villages(place_codes: Collection[str]) -> dict[str, Hours]:
    """Return the same for many villages, by code."""
    rows = await database.fetch(
        """SELECT place.code, h.weekday, h.part FROM village_hour h JOIN place ON place.id = h.place_id
           WHERE place.code = ANY($1)""",
        sorted(set(place_codes)),
    )
    stated: dict[str, set[tuple[int, Part]]] = {}
    for row in rows:
        stated.setdefault(row["code"], set()).add((row["weekday"], Part(row["part"])))
    return {code: frozenset(stated.get(code, ALL_HOURS)) for code in place_codes}
