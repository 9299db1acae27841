"""Reading how the confirmed minutes of a quarter lie on people: by district and kind, and where the reader stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.assignments.rules import Kind
from volunteers.dispatch.explanations.fairness.rules import (
    Quarter,
    Spread,
    last_quarters,
    percent_below,
    spread,
)
from volunteers.people.queries import person_id_of


@dataclass(frozen=True, slots=True)
class Area:
    """A place whose work may be looked at; without a code: the whole city."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class QuarterView:
    """One quarter: how its minutes are spread, None if there were none, and how many registered did nothing."""

    quarter: Quarter
    spread: Spread | None
    idle: int


@dataclass(frozen=True, slots=True)
class DistrictView:
    """The same of a district, in one quarter."""

    code: str
    name_zh: str
    name_en: str
    spread: Spread


@dataclass(frozen=True, slots=True)
class Fairness:
    """What a coordinator sees of their places."""

    quarters: list[QuarterView]
    districts: list[DistrictView]


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """Where the reader stands among those at home in the same district; ``below`` in a hundred did less."""

    district: Area
    quarter: Quarter
    mine: int
    spread: Spread | None
    below: int | None
    mine_by_quarter: list[tuple[Quarter, int]]


# Whatever was paid or not: a person's time is their time. Where the work was counts, not where the person lives.
_MINUTES = """
SELECT s.person_id, left(place.code, 6) AS district, sum(t.minutes)::integer AS minutes
FROM attendance_now t JOIN sign_up s ON s.id = t.sign_up_id JOIN assignment a ON a.id = s.assignment_id
JOIN place ON place.id = a.place_id
WHERE t.outcome = 'attended' AND t.minutes > 0 AND s.starts >= $1 AND s.starts < $2
  AND place.code LIKE ANY ($3) AND ($4 = '' OR a.kind = $4) GROUP BY 1, 2
"""
_REGISTERED = """
SELECT count(*) FROM person p JOIN place home ON home.id = p.home_place_id
WHERE p.status = 'active' AND home.code LIKE ANY ($1)
"""
_OF_HOME = """
SELECT s.person_id, sum(t.minutes)::integer AS minutes
FROM attendance_now t JOIN sign_up s ON s.id = t.sign_up_id JOIN person p ON p.id = s.person_id
JOIN place home ON home.id = p.home_place_id
WHERE t.outcome = 'attended' AND t.minutes > 0 AND s.starts >= $1 AND s.starts < $2 AND home.code LIKE $3 || '%'
GROUP BY 1
"""


async def areas(principal: Principal) -> list[Area]:
    """Return the coordinator's places down to districts."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    rows = await database.fetch(
        """SELECT code, name_zh, name_en FROM place WHERE code LIKE ANY ($1) AND level IN ('city', 'district')
           OR code = ANY ($2) ORDER BY code""",
        scope.like_patterns(),
        list(scope.place_codes),
    )
    return [Area(**row) for row in rows]


async def fairness_of(principal: Principal, place: str, kind: Kind | None, quarter: Quarter | None) -> Fairness:
    """Return how evenly work was spread in the last quarters, and in one of them by district."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    if place and not scope.covers_place(place):
        raise NotFound
    patterns = [f"{place}%"] if place else scope.like_patterns()
    registered = int(await database.fetch_value(_REGISTERED, patterns))
    quarters, shown = last_quarters(clock.today()), []
    chosen = quarter or quarters[0]
    districts: list[DistrictView] = []
    for one in quarters:
        rows = await database.fetch(_MINUTES, *_bounds(one), patterns, kind.value if kind else "")
        by_person: dict[int, int] = {}
        for row in rows:
            by_person[row["person_id"]] = by_person.get(row["person_id"], 0) + row["minutes"]
        shown.append(QuarterView(one, spread(list(by_person.values())), max(0, registered - len(by_person))))
        if one == chosen:
            districts = await _districts(rows)
    return Fairness(shown, districts)


async def own_place(principal: Principal, quarter: Quarter | None) -> OwnPlace:
    """Return where the reader stands among the people of their district."""
    principal.scope(Permission.ASSIGNMENT_SIGN_UP)
    person_id = await person_id_of(principal)
    row = await database.fetch_one(
        """SELECT district.code, district.name_zh, district.name_en FROM person p
           JOIN place home ON home.id = p.home_place_id JOIN place district ON district.code = left(home.code, 6)
           WHERE p.id = $1""",
        person_id,
    )
    if row is None:
        raise NotFound
    quarters = last_quarters(clock.today())
    chosen, district = quarter or quarters[0], Area(**row)
    mine: list[tuple[Quarter, int]] = []
    minutes: Sequence[int] = ()
    for one in quarters:
        rows = await database.fetch(_OF_HOME, *_bounds(one), district.code)
        own = next((found["minutes"] for found in rows if found["person_id"] == person_id), 0)
        mine.append((one, own))
        if one == chosen:
            minutes = [found["minutes"] for found in rows]
    own = dict(mine).get(chosen, 0)
    below = percent_below(minutes, own)
    return OwnPlace(district, chosen, own, spread(minutes) if below is not None else None, below, mine)


def _bounds(quarter: Quarter) -> tuple[datetime, datetime]:
    first, last = quarter.first, quarter.next.first
    return clock.at_local(first, time.min), clock.at_local(last, time.min)


async def _districts(rows: Sequence[database.Row]) -> list[DistrictView]:
    by_district: dict[str, list[int]] = {}
    for row in rows:
        by_district.setdefault(row["district"], []).append(row["minutes"])
    names = await database.fetch(
        "SELECT code, name_zh, name_en FROM place WHERE code = ANY ($1) ORDER BY code", sorted(by_district)
    )
    found = ((name, spread(by_district[name["code"]])) for name in names)
    return [DistrictView(**name, spread=one) for name, one in found if one is not None]
