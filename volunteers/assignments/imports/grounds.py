"""The stations and places that rows may name, and the assignments that are there already."""

from dataclasses import dataclass
from datetime import datetime

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.text import N_, Message
from app.imports.cells import Cells

Known = tuple[int, int, str, datetime, datetime]
"""By what two assignments are the same: station, place, title, time."""


@dataclass(frozen=True, slots=True)
class Station:
    """A station that the person publishes for."""

    id: int
    place_id: int
    code: str
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grounds:
    """Everything that rows are compared with, read once for the whole file."""

    stations: tuple[Station, ...]
    places: dict[str, list[tuple[int, str]]]
    known: dict[Known, str]

    def station(self, cells: Cells) -> Station | None:
        """Return the station a row names, or the only one there is."""
        named = cells.text("station", most=120)
        if not named and len(self.stations) == 1:
            return self.stations[0]
        found = [station for station in self.stations if named in station.names]
        if len(found) == 1:
            return found[0]
        told = N_("请写站点的名称。") if not named else N_("你负责的站点里没有叫这个名字的，或者有几个。")
        cells.refuse("station", Message(told))
        return None

    def place(self, cells: Cells, station: Station) -> int | None:
        """Return the place a row names below its station, or the station's own."""
        named = cells.text("place", most=120)
        if not named:
            return station.place_id
        found = [place_id for place_id, code in self.places.get(named, []) if code.startswith(station.code)]
        if len(found) == 1:
            return found[0]
        msgid = N_("这个站点下没有叫这个名字的地方。") if not found else N_("有几个同名的地方，请写全称。")
        cells.refuse("place", Message(msgid))
        return None


async def grounds_of(principal: Principal) -> Grounds:
    """Read what the person publishes for."""
    patterns = principal.scope(Permission.ASSIGNMENT_PUBLISH).like_patterns()
    stations = await database.fetch(
        """SELECT s.id, s.place_id, p.code, s.name_zh, s.name_en FROM station s JOIN place p ON p.id = s.place_id
           WHERE s.open AND p.code LIKE ANY ($1)""",
        patterns,
    )
    places = await database.fetch("SELECT id, code, name_zh, name_en FROM place WHERE code LIKE ANY ($1)", patterns)
    known = await database.fetch(
        """SELECT a.reference, a.station_id, a.place_id, a.title_zh, a.starts, a.ends
           FROM assignment a JOIN station s ON s.id = a.station_id JOIN place p ON p.id = s.place_id
           WHERE a.status <> 'cancelled' AND a.starts > $2 AND p.code LIKE ANY ($1)""",
        *(patterns, clock.now()),
    )
    by_name: dict[str, list[tuple[int, str]]] = {}
    for row in places:
        for name in {row["name_zh"], row["name_en"]} - {""}:
            by_name.setdefault(name, []).append((row["id"], row["code"]))
    return Grounds(
        tuple(
            Station(row["id"], row["place_id"], row["code"], frozenset({row["name_zh"], row["name_en"]} - {""}))
            for row in stations
        ),
        by_name,
        {
            (row["station_id"], row["place_id"], row["title_zh"], row["starts"], row["ends"]): row["reference"]
            for row in known
        },
    )
