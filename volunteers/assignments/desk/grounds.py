"""From what a station types to where its work takes place."""

from app.core.access import Permission, Principal
from app.core.errors import InvalidInput
from app.core.text import N_, Message
from app.web.filters import localized
from marketplace.places.queries import StationView, find_places, path_to, stations_in
from volunteers.people.trainings.queries import names_by_reference

MATCHES = 40


async def stations_of(principal: Principal) -> dict[int, StationView]:
    """Return the open stations that the person publishes for, by id."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    return {station.id: station for code in scope.place_codes for station in await stations_in(code) if station.open}


async def place_of(station_id: int, typed: str, stations: dict[int, StationView]) -> int:
    """Return the id of the place: the typed one below the station's own, or the station's own."""
    station = stations.get(station_id)
    if station is None:
        raise InvalidInput({"station": Message(N_("请选择负责这个地点的站点。"))})
    wanted = typed.strip()
    if not wanted:
        return (await path_to(station.place_code))[-1].id
    near = [place for place in await find_places(wanted, MATCHES) if place.code.startswith(station.place_code)]
    exact = [place for place in near if wanted in (place.name_zh, place.name_en)] or near
    if len(exact) != 1:
        msgid = N_("这个站点下没有叫这个名字的地方。") if not exact else N_("有几个同名的地方，请写全称。")
        raise InvalidInput({"place": Message(msgid)})
    return exact[0].id


async def training_options() -> list[tuple[str, str]]:
    """Return the trainings that a seat may ask for, with their titles in the reader's language."""
    return [
        (reference, localized({"title_zh": zh, "title_en": en}, "title"))
        for reference, zh, en in await names_by_reference()
    ]
