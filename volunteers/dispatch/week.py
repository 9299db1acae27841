"""One week of a place as an instance for the engine: people, open assignments, accepted sign-ups, the plan in force."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import msgspec

from app.core import clock, database
from volunteers.dispatch.acceptance.queries import answers_of
from volunteers.dispatch.engine.instance import Assignment, District, Instance, Rules, Weights
from volunteers.dispatch.input import people, standing
from volunteers.dispatch.input.people import DAYS, Standing
from volunteers.dispatch.input.shifts import Shifts, read_shifts
from volunteers.dispatch.input.standing import Elsewhere
from volunteers.dispatch.input.ways import stated_ways
from volunteers.dispatch.locks.queries import locked_rows
from volunteers.dispatch.locks.rules import fitting
from volunteers.dispatch.settings.queries import settings_of
from volunteers.dispatch.settings.rules import Settings
from volunteers.dispatch.travel.queries import ways_between


def bounds_of(week_start: date) -> tuple[datetime, datetime]:
    """Return the instants between which the week's assignments start."""
    begins = clock.at_local(week_start, time.min)
    return begins, begins + timedelta(days=DAYS)


def city_of(code: str) -> int:
    """Return the city of a place's code: its first four digits."""
    return int(code[:4])


@dataclass(frozen=True, slots=True)
class Week:
    """An instance, and which of its pinned rows somebody locked: nobody has signed up for these."""

    instance: Instance
    locked: frozenset[Assignment]


async def read_instance(
    place_code: str, week_start: date, settings: Settings | None = None, also: Shifts | None = None
) -> Instance:
    """Read the week of everything below a place, by the settings given or those of the place now.

    ``also`` are shifts that nobody has published yet, to see who could take them; their ids are negative numbers.
    """
    return (await read_week(place_code, week_start, settings, also)).instance


async def read_week(
    place_code: str, week_start: date, settings: Settings | None = None, also: Shifts | None = None
) -> Week:
    """Read the same, with what is locked of it."""
    settings = settings or await settings_of(place_code)
    begins, ends = bounds_of(week_start)
    rules = await _rules(settings)
    shifts = await read_shifts(place_code, begins, ends)
    if also is not None:
        shifts = Shifts({**shifts.shifts, **also.shifts}, {**shifts.places, **also.places})
    seated = await standing.read_seated(shifts)
    rows, habits = await people.read_people(place_code, begins, _who(seated), shifts.assignment_ids)
    ids = [row["id"] for row in rows]
    elsewhere = await standing.read_elsewhere(ids, shifts, begins, ends)
    known = _known_of(seated, shifts, elsewhere, rules, begins)
    for person, answers in (await answers_of(ids, clock.now())).items():
        known[person].answers.extend(answers)
    for person, places_of_theirs in habits.items():
        known[person].at_home_in.extend(places_of_theirs)
    places = {**{place.id: place for place in elsewhere.places}, **shifts.places}
    points = {name: (place.x, place.y) for name, place in places.items()}
    floor = settings.acceptance_floor
    codes = {name.partition("@")[0] for name in places}
    ways = stated_ways(places, await ways_between(codes), (known[person].held for person in ids), rules)
    districts = sorted({place.district for place in places.values()})
    instance = Instance(
        name=f"{place_code}/{week_start.isoformat()}",
        days=DAYS,
        rules=rules,
        districts=tuple(District(id=code, city=city_of(code)) for code in districts),
        places=tuple(places.values()),
        volunteers=tuple(people.volunteer(row, begins, known[row["id"]], points, floor) for row in rows),
        shifts=(*shifts.shifts.values(), *elsewhere.shifts),
        pinned=(*seated, *elsewhere.rows),
        cancelled=tuple(await standing.read_given_back(shifts, ids)),
        previous=tuple(await standing.read_previous(place_code, week_start, shifts, ids)),
        travel=ways or msgspec.UNSET,
    )
    sound = standing.without_contradictions(instance)
    locked = fitting(sound, await locked_rows(place_code, week_start))
    return Week(msgspec.structs.replace(sound, pinned=(*sound.pinned, *locked)), frozenset(locked))


def _known_of(
    seated: Iterable[Assignment], shifts: Shifts, elsewhere: Elsewhere, rules: Rules, begins: datetime
) -> dict[int, Standing]:
    """Return by person which seats they hold and when they rest."""
    by_id = {**shifts.shifts, **{shift.id: shift for shift in elsewhere.shifts}}
    known: dict[int, Standing] = defaultdict(Standing)
    for row in (*seated, *elsewhere.rows):
        known[int(row.volunteer)].held.append(by_id[row.shift])
    for person, starts, stops in elsewhere.beside:
        known[person].resting.append(standing.rest_around(starts, stops, begins, rules.min_rest_minutes))
    return known


async def _rules(settings: Settings) -> Rules:
    row = await database.fetch_one(
        "SELECT speed_m_per_min, setup_min, min_rest_min FROM travel_rule WHERE effective_from <= $1"
        " ORDER BY effective_from DESC LIMIT 1",
        clock.now(),
    )
    if row is None:
        raise LookupError("no travel rule is in force")
    weights = Weights(settings.fairness, settings.preference, settings.km, settings.continuity)
    return Rules(row["speed_m_per_min"], row["setup_min"], row["min_rest_min"], weights)


def _who(rows: Iterable[Assignment]) -> set[int]:
    return {int(row.volunteer) for row in rows}
