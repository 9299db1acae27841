"""Reading the places one named."""

from dataclasses import dataclass

from app.core import database
from app.core.access import Principal
from volunteers.people.queries import person_id_of


@dataclass(frozen=True, slots=True)
class ServedView:
    """A place one goes to, with the district it lies in."""

    code: str
    name_zh: str
    name_en: str
    district_zh: str
    district_en: str


async def my_places(principal: Principal) -> list[ServedView]:
    """Return the places the person named, in the order of their codes."""
    rows = await database.fetch(
        """SELECT place.code, place.name_zh, place.name_en, district.name_zh AS district_zh,
                  district.name_en AS district_en
           FROM served_place v JOIN place ON place.id = v.place_id JOIN place AS district
             ON district.code = left(place.code, 6) WHERE v.person_id = $1 ORDER BY place.code""",
        await person_id_of(principal),
    )
    return [ServedView(**row) for row in rows]
