"""The shifts that would turn places green, planned or possible, and who could take them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.core import clock, database
from app.core.calendar import load_calendar
from volunteers.coverage import queries
from volunteers.coverage.causes.counting import Counted, WeekCount
from volunteers.coverage.days.queries import visit_days
from volunteers.coverage.days.rules import VisitDay, at, day_for, window
from volunteers.coverage.demand.queries import load_of
from volunteers.coverage.demand.rules import USUAL_KINDS, seat
from volunteers.coverage.queries import PlaceStatus, RuleView
from volunteers.coverage.rules import Colour, period_of
from volunteers.coverage.status import STATUS
from volunteers.dispatch.engine.instance import Place, PlaceKind, Position, Shift, ShiftKind
from volunteers.dispatch.input.shifts import Shifts, minute
from volunteers.dispatch.week import bounds_of, read_instance

_OPEN = f"""{STATUS}
SELECT DISTINCT ON (ahead.code) ahead.code, a.id, a.reference, p.id AS position_id, a.starts, a.ends
FROM rule CROSS JOIN ahead JOIN assignment a ON a.id = ahead.id JOIN position p ON p.assignment_id = a.id
WHERE ahead.free AND ahead.lies_ahead AND a.status = 'open' AND p.booked < p.capacity AND p.credentials_any <> '{{}}'
  AND p.credentials_any <@ rule.credentials_any AND ahead.code = ANY ($4)
  AND ($5::timestamptz IS NULL OR a.starts >= $5 AND a.starts < $6)
ORDER BY ahead.code, a.starts, p.id
"""


@dataclass(frozen=True, slots=True)
class Opening:
    """A shift that would turn a place green once somebody has taken it; without a reference it is only possible."""

    place: PlaceStatus
    reference: str | None
    assignment_id: int
    position_id: int
    starts: datetime
    ends: datetime
    own_day: VisitDay | None

    @property
    def on_own_day(self) -> bool:
        """Tell whether it lies on the day that the place is used to."""
        return self.own_day is not None and clock.local(self.starts).weekday() == self.own_day.weekday


@dataclass(frozen=True, slots=True)
class Cause:
    """Why nobody comes to a place: the shift that is looked at, and who could take it."""

    opening: Opening
    counted: Counted


async def red_places(rule: RuleView, area: str, week: date, weekday: int | None = None) -> list[Opening]:
    """Return a shift for each red place below another, in the week of a day: an open one, or one that could be made.

    With a weekday (0: Monday) those that could be made all lie on it, and open ones on other days are left aside.
    """
    red = await queries.places(rule, area, Colour.RED)
    monday = clock.week_start(week)
    return await openings(rule, red, monday, monday + timedelta(days=weekday) if weekday is not None else None)


async def openings(
    rule: RuleView, places: Sequence[PlaceStatus], week: date | None = None, only: date | None = None
) -> list[Opening]:
    """Return for each place its next open shift, else the one that would be made; of a week, of a day if it is named.

    What could be made has negative ids, so that it can be put into a week beside what there is.
    """
    stretch = bounds_of(week) if week else (None, None)
    if only is not None:
        stretch = clock.at_local(only, time.min), clock.at_local(only, time.max)
    codes = [place.code for place in places]
    rows = await database.fetch(_OPEN, rule.id, clock.now(), _common(codes), codes, *stretch)
    there = {row["code"]: row for row in rows}
    days = await visit_days([place.id for place in places])
    found = {place.code: _standing(place, there[place.code], days) for place in places if place.code in there}
    lacking = [place for place in places if place.code not in there]
    load = await load_of(sorted({place.code[:9] for place in lacking}), clock.now())
    calendar = await load_calendar()
    for number, place in enumerate(lacking, start=1):
        usual, town = days.get(place.id), place.code[:9]
        choice = [only] if only else _choice(rule, place, week)
        day = day_for(choice, usual, {one: load.get((town, one), 0) for one in choice}, calendar)
        load[town, day] = load.get((town, day), 0) + 1
        found[place.code] = Opening(place, None, -number, -number, *at(day, usual, rule.minutes), usual)
    return [found[place.code] for place in places]


async def causes(rule: RuleView, places: Sequence[PlaceStatus]) -> dict[str, Cause]:
    """Return by place's code why nobody comes, counted in the week of the shift that is looked at."""
    by_week: dict[tuple[str, date], list[Opening]] = defaultdict(list)
    for opening in await openings(rule, places):
        by_week[opening.place.code[:6], clock.week_start(clock.local(opening.starts).date())].append(opening)
    found = {}
    for (district, week), of_week in by_week.items():
        also = await possible(rule, [opening for opening in of_week if opening.reference is None], week)
        counts = WeekCount(await read_instance(district, week, also=also))
        for opening in of_week:
            counted = counts.count(str(opening.assignment_id), str(opening.position_id))
            found[opening.place.code] = Cause(opening, counted)
    return found


async def possible(rule: RuleView, wanted: Sequence[Opening], week: date) -> Shifts:
    """Return shifts that nobody has published yet as the engine sees them, to be read in beside the week's own."""
    rows = await database.fetch(
        "SELECT id, code, east_m, north_m, short_of_lawyers FROM place WHERE id = ANY ($1)",
        [opening.place.id for opening in wanted],
    )
    points = {row["id"]: row for row in rows}
    begins, asked = bounds_of(week)[0], seat(rule.credentials_any).credentials_any
    kind = ShiftKind((rule.kind or USUAL_KINDS[rule.level]).value)
    shifts, places = {}, {}
    for opening in wanted:
        row = points[opening.place.id]
        name = f"{row['code']}@{row['east_m']},{row['north_m']}"
        at_station = PlaceKind.STATION if kind is ShiftKind.DUTY else PlaceKind.VILLAGE
        places[name] = Place(name, row["code"][:6], at_station, row["east_m"], row["north_m"], row["short_of_lawyers"])
        key = str(opening.assignment_id)
        shifts[key] = Shift(
            key, kind, name, minute(opening.starts, begins), minute(opening.ends, begins), green=False,
            continuity=kind is ShiftKind.VILLAGE, positions=(Position(str(opening.position_id), 1, 1, asked),),
        )  # fmt: skip
    return Shifts(shifts, places)


def _standing(place: PlaceStatus, row: database.Row, days: Mapping[int, VisitDay]) -> Opening:
    """Return the open shift of a place."""
    return Opening(
        *(place, row["reference"], row["id"], row["position_id"], row["starts"], row["ends"], days.get(place.id)),
    )


def _choice(rule: RuleView, place: PlaceStatus, week: date | None) -> list[date]:
    """Return the days on which a shift could be made: those of the week that are to come, or those the job looks at."""
    today = clock.today()
    if week is None:
        return window(today, period_of(rule.rhythm, place.due)[0], place.due)
    days = [week + timedelta(days=step) for step in range(7)]
    return [day for day in days if day > today] or days


def _common(codes: Sequence[str]) -> str:
    """Return what all codes begin with."""
    if not codes:
        return ""
    first, last = min(codes), max(codes)
    length = next((n for n, (one, other) in enumerate(zip(first, last, strict=True)) if one != other), len(first))
    return first[:length]
