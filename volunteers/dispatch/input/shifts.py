"""The shifts of a week that may still be planned, and their places."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core import clock, database
from volunteers.dispatch.engine.instance import Place, PlaceKind, Position, Shift, ShiftKind
from volunteers.dispatch.reach import Point
from volunteers.dispatch.trained import gated

KEPT_DAY = "#"
"""What stands before the weekday in the name of a place on a day that is kept for somebody."""

# A station that has marked regulars for the day, or a village with a lawyer of its own, wants somebody who is familiar.
_SHIFTS = """
SELECT a.id, a.kind, a.starts, a.ends, a.green,
       a.continuity
           OR kept_weekday(a.station_id, a.starts) IS NOT NULL
           OR EXISTS (SELECT FROM station_regular r WHERE r.station_id = a.station_id AND r.unmarked_at IS NULL
                      AND r.weekdays = '{}')
           OR EXISTS (SELECT FROM pairing x WHERE x.place_id = a.place_id AND x.status = 'active'
                      AND x.from_day <= (a.starts AT TIME ZONE 'Asia/Shanghai')::date
                      AND x.until_day >= (a.starts AT TIME ZONE 'Asia/Shanghai')::date) AS continuity,
       a.parties, a.east_m, a.north_m, place.code, kept_weekday(a.station_id, a.starts) AS kept_weekday,
       place.short_of_lawyers,
       jsonb_agg(jsonb_build_object('id', p.id::text, 'min', p.minimum, 'max', p.capacity +
               (SELECT count(*) FROM sign_up o WHERE o.position_id = p.id AND o.live AND o.over_quota),
           'credentials_any', p.credentials_any, 'skills_all', p.skills_all, 'languages_all', p.languages_all,
           'gender', p.gender) ORDER BY p.id)::text AS positions,
       jsonb_object_agg(p.id::text, p.trainings_all)::text AS trainings
FROM assignment a JOIN place ON place.id = a.place_id JOIN position p ON p.assignment_id = a.id
WHERE a.status = 'open' AND a.starts >= $1 AND a.starts < $2 AND a.starts > $4 AND place.code LIKE $3 || '%'
GROUP BY a.id, place.id ORDER BY a.id
"""


@dataclass(frozen=True, slots=True)
class Shifts:
    """Shifts by id, and the points of their places."""

    shifts: Mapping[str, Shift]
    places: Mapping[str, Place]

    @property
    def points(self) -> dict[str, Point]:
        """Return where the places are."""
        return {name: (place.x, place.y) for name, place in self.places.items()}

    @property
    def assignment_ids(self) -> list[int]:
        """Return the shifts' ids as the database knows them."""
        return [int(shift) for shift in self.shifts]


async def read_shifts(place_code: str, begins: datetime, ends: datetime) -> Shifts:
    """Read what is open below a place and has not begun."""
    rows = await database.fetch(_SHIFTS, begins, ends, place_code, clock.now())
    return Shifts(
        {str(row["id"]): gated(_shift(row, begins), row["trainings"]) for row in rows},
        {place.id: place for place in _places(rows)},
    )


def place_name(row: Mapping[str, Any]) -> str:
    """Name a place by code and point: two rooms of one village are two places.

    So are a station and the same station on a weekday that it keeps for somebody (``…#1`` is its Tuesday): whoever is
    at home in the one is not by that at home in the other. All lie at one point, and days apart no way is long.
    """
    kept = "" if row["kept_weekday"] is None else f"{KEPT_DAY}{row['kept_weekday']}"
    return f"{row['code']}@{row['east_m']},{row['north_m']}{kept}"


def place_of(row: Mapping[str, Any], *, short_of_lawyers: bool) -> Place:
    """Return an assignment's place."""
    kind = PlaceKind.STATION if row["kind"] == "duty" else PlaceKind.VILLAGE
    return Place(place_name(row), row["code"][:6], kind, row["east_m"], row["north_m"], short_of_lawyers)


def minute(instant: datetime, begins: datetime) -> int:
    """Return an instant in minutes from the week's beginning."""
    return int((instant - begins).total_seconds() // 60)


def _places(rows: Iterable[dict[str, Any]]) -> Iterable[Place]:
    known: dict[str, Place] = {}
    for row in rows:
        known.setdefault(place_name(row), place_of(row, short_of_lawyers=row["short_of_lawyers"]))
    return known.values()


def _shift(row: dict[str, Any], begins: datetime) -> Shift:
    return Shift(
        id=str(row["id"]),
        kind=ShiftKind(row["kind"]),
        place=place_name(row),
        start=minute(row["starts"], begins),
        end=minute(row["ends"], begins),
        green=row["green"],
        continuity=row["continuity"],
        positions=database.decoded(row["positions"], tuple[Position, ...]),
        parties=tuple(row["parties"]),
    )
