"""The slots of the pages of places that volunteers fill."""

from app.core.access import Principal
from app.core.text import N_, Message
from app.web.slots import Fill
from marketplace.places.district_map import Figure, district_map
from marketplace.places.rules import Level, level_of
from volunteers.assignments.tags import GREEN_TAG, KIND_TAGS
from volunteers.places_slots import queries

SHOWN = {Level.DISTRICT: 5, Level.TOWN: 6, Level.VILLAGE: 20}
TIP = N_("%(district)s：未来两周有 %(seats)s 个空位")
NO_SEATS = Figure(0, Message(N_("%(district)s：未来两周没有空位")))
KEY = ((0, N_("没有空位")), (1, N_("少")), (2, N_("较少")), (3, N_("较多")), (4, N_("最多")))


async def coming_assignments(_: Principal, place_code: str) -> Fill:
    """Show who comes when: the next assignments at a place and below it."""
    level = level_of(place_code)
    return Fill(
        "volunteers/places_slots/coming.html",
        {
            "place_code": place_code,
            "village": level is Level.VILLAGE,
            "rows": await queries.coming_to(place_code, SHOWN[level]),
            "kind_tags": KIND_TAGS,
            "green_tag": GREEN_TAG,
        },
    )


async def seats_map(_: Principal) -> Fill:
    """Draw the districts with the seats that people can still sign up for."""
    seats = await queries.open_seats_by_district()
    figures = {code: Figure(count, Message(TIP, {"seats": count})) for code, count in seats.items() if count}
    picture = await district_map(figures, NO_SEATS)
    context = {"picture": picture, "key": KEY, "total": sum(seats.values())}
    return Fill("volunteers/places_slots/map.html", context)
