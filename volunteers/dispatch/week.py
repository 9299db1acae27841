"""One week of a place as an instance for the engine: people, open assignments, accepted sign-ups."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from app.core import clock, database
from volunteers.dispatch.engine.instance import (
    Assignment,
    Credential,
    District,
    Gender,
    Instance,
    Place,
    PlaceKind,
    Position,
    Rules,
    Shift,
    ShiftKind,
    Volunteer,
    Weights,
)
from volunteers.dispatch.reach import Point, below, widened
from volunteers.dispatch.trained import gated, tokens_of
from volunteers.people.exceptions.rules import ExceptionKind, without

DAYS = 7
DAY_MINUTES = 24 * 60
RECENT_WEEKS = 4
WEIGHTS = Weights(fairness=10, preference=3, km=1, continuity=5)

_SHIFTS = """
SELECT a.id, a.kind, a.starts, a.ends, a.green, a.continuity, a.parties, a.east_m, a.north_m, place.code,
       place.short_of_lawyers,
       jsonb_agg(jsonb_build_object('id', p.id::text, 'min', p.minimum, 'max', p.capacity +
               (SELECT count(*) FROM sign_up o WHERE o.position_id = p.id AND o.live AND o.over_quota),
           'credentials_any', p.credentials_any, 'skills_all', p.skills_all, 'languages_all', p.languages_all,
           'gender', p.gender) ORDER BY p.id)::text AS positions,
       jsonb_object_agg(p.id::text, p.trainings_all)::text AS trainings
FROM assignment a JOIN place ON place.id = a.place_id JOIN position p ON p.assignment_id = a.id
WHERE a.status = 'open' AND a.starts >= $1 AND a.starts < $2 AND place.code LIKE $3 || '%'
GROUP BY a.id, place.id ORDER BY a.id
"""
_SEATED = """
SELECT s.assignment_id, s.position_id, s.person_id FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
JOIN place ON place.id = a.place_id
WHERE s.live AND a.status = 'open' AND a.starts >= $1 AND a.starts < $2 AND place.code LIKE $3 || '%'
ORDER BY s.id
"""
_PEOPLE = """
SELECT p.id, p.gender, p.home_east_m, p.home_north_m, p.languages, p.skills, p.preferred_kinds, p.max_minutes_day,
       p.max_minutes_week, p.max_shifts_week, p.max_travel_m,
       (SELECT coalesce(array_agg(weekday * 1440 + from_minute ORDER BY weekday, from_minute), '{}')
        FROM availability WHERE person_id = p.id) AS free_from,
       (SELECT coalesce(array_agg(weekday * 1440 + to_minute ORDER BY weekday, from_minute), '{}')
        FROM availability WHERE person_id = p.id) AS free_to,
       (SELECT coalesce(array_agg(party ORDER BY party), '{}') FROM recusal WHERE person_id = p.id) AS parties,
       (SELECT coalesce(array_agg(kind ORDER BY id), '{}') FROM credential
        WHERE person_id = p.id AND verified_at IS NOT NULL AND refused_at IS NULL
          AND coalesce(valid_until, 'infinity') >= $1::date) AS credentials,
       (SELECT coalesce(array_agg(coalesce(valid_until, 'infinity') ORDER BY id), '{}') FROM credential
        WHERE person_id = p.id AND verified_at IS NOT NULL AND refused_at IS NULL
          AND coalesce(valid_until, 'infinity') >= $1::date) AS expiries,
       (SELECT coalesce(array_agg(known.code ORDER BY known.code), '{}') FROM (
            SELECT place.code FROM familiar_place f JOIN place ON place.id = f.place_id WHERE f.person_id = p.id
            UNION SELECT place.code FROM pairing x JOIN place ON place.id = x.place_id
            WHERE x.person_id = p.id AND x.status = 'active' AND x.from_day < $1::date + 7 AND x.until_day >= $1::date
            UNION SELECT place.code FROM pairing x JOIN place ON place.id = x.place_id
            WHERE x.organization_id = p.organization_id AND x.status = 'active'
              AND x.from_day < $1::date + 7 AND x.until_day >= $1::date) AS known) AS familiar,
       ARRAY(SELECT (t.reference, c.completed_on, c.valid_until)
             FROM training_completion c JOIN training t ON t.id = c.training_id
             WHERE c.person_id = p.id AND c.revoked_at IS NULL ORDER BY c.id) AS trainings,
       ARRAY(SELECT place.code FROM served_place v JOIN place ON place.id = v.place_id
             WHERE v.person_id = p.id ORDER BY place.code) AS served,
       ARRAY(SELECT (x.kind, x.starts, x.ends) FROM availability_exception x
             WHERE x.person_id = p.id AND x.starts < $2::timestamptz + interval '8 days' AND x.ends > $2) AS exceptions,
       (SELECT count(*) FROM sign_up s
        WHERE s.person_id = p.id AND s.live AND s.starts < $2 AND s.starts >= $3) AS recent
FROM person p JOIN place home ON home.id = p.home_place_id
WHERE p.status = 'active' AND (p.id = ANY ($5) OR (home.code LIKE $4 || '%' OR EXISTS (
    SELECT FROM served_place v JOIN place ON place.id = v.place_id
    WHERE v.person_id = p.id AND (place.code LIKE $4 || '%' OR $4 LIKE place.code || '%'))
    OR p.id IN (SELECT x.person_id FROM pairing x JOIN place village ON village.id = x.place_id
                WHERE x.status = 'active' AND x.from_day < $1::date + 7 AND x.until_day >= $1::date
                  AND village.code LIKE $7 || '%'))
    AND NOT EXISTS (SELECT FROM sign_up_bar(p.id, $6) AS bar WHERE bar.consequence = 'pause')) ORDER BY p.id
"""


def bounds_of(week_start: date) -> tuple[datetime, datetime]:
    """Return the instants between which the week's assignments start."""
    begins = clock.at_local(week_start, time.min)
    return begins, begins + timedelta(days=DAYS)


async def read_instance(place_code: str, week_start: date) -> Instance:
    """Read the week of everything below a place.

    People at home there take part, who serve it or are paired with one of its villages, and whoever signed up.
    """
    begins, ends = bounds_of(week_start)
    shifts = await database.fetch(_SHIFTS, begins, ends, place_code)
    seated = await database.fetch(_SEATED, begins, ends, place_code)
    recent_from = begins - timedelta(weeks=RECENT_WEEKS)
    people = await database.fetch(
        _PEOPLE,
        *(week_start, begins, recent_from, place_code[:6], list({row["person_id"] for row in seated})),
        *(clock.now(), place_code),
    )
    pinned = [Assignment(str(r["assignment_id"]), str(r["position_id"]), str(r["person_id"])) for r in seated]
    stood = {str(row["id"]): gated(_shift(row, begins), row["trainings"]) for row in shifts}
    accepted: dict[str, list[Shift]] = defaultdict(list)
    for row in pinned:
        accepted[row.volunteer].append(stood[row.shift])
    points = {_place_id(row): (row["east_m"], row["north_m"]) for row in shifts}
    return Instance(
        name=f"{place_code}/{week_start.isoformat()}",
        days=DAYS,
        rules=await _rules(),
        districts=tuple(District(id=code) for code in sorted({row["code"][:6] for row in shifts})),
        places=tuple(_places(shifts)),
        volunteers=tuple(_volunteer(row, begins, accepted[str(row["id"])], points) for row in people),
        shifts=tuple(stood.values()),
        pinned=tuple(pinned),
    )


async def _rules() -> Rules:
    row = await database.fetch_one(
        "SELECT speed_m_per_min, setup_min, min_rest_min FROM travel_rule WHERE effective_from <= $1"
        " ORDER BY effective_from DESC LIMIT 1",
        clock.now(),
    )
    if row is None:
        raise LookupError("no travel rule is in force")
    return Rules(row["speed_m_per_min"], row["setup_min"], row["min_rest_min"], WEIGHTS)


def _place_id(row: dict[str, Any]) -> str:
    """Name a place by code and point: two rooms of one village are two places."""
    return f"{row['code']}@{row['east_m']},{row['north_m']}"


def _places(shifts: Iterable[dict[str, Any]]) -> Iterable[Place]:
    known: dict[str, Place] = {}
    for row in shifts:
        kind = PlaceKind.STATION if row["kind"] == "duty" else PlaceKind.VILLAGE
        known.setdefault(
            _place_id(row),
            Place(_place_id(row), row["code"][:6], kind, row["east_m"], row["north_m"], row["short_of_lawyers"]),
        )
    return known.values()


def _shift(row: dict[str, Any], begins: datetime) -> Shift:
    return Shift(
        id=str(row["id"]),
        kind=ShiftKind(row["kind"]),
        place=_place_id(row),
        start=_minute(row["starts"], begins),
        end=_minute(row["ends"], begins),
        green=row["green"],
        continuity=row["continuity"],
        positions=database.decoded(row["positions"], tuple[Position, ...]),
        parties=tuple(row["parties"]),
    )


def _minute(instant: datetime, begins: datetime) -> int:
    return int((instant - begins).total_seconds() // 60)


def _volunteer(row: dict[str, Any], begins: datetime, accepted: list[Shift], points: dict[str, Point]) -> Volunteer:
    """Return a person as the engine sees them; what they accepted themselves widens their times and their reach."""
    home = row["home_east_m"], row["home_north_m"]
    reach = [abs(x - home[0]) + abs(y - home[1]) for x, y in (points[shift.place] for shift in accepted)]
    return Volunteer(
        id=str(row["id"]),
        x=home[0],
        y=home[1],
        gender=Gender(row["gender"]),
        credentials=tuple(_credentials(row, clock.local(begins).date())),
        skills=(*row["skills"], *tokens_of(row["trainings"], begins)),
        languages=tuple(row["languages"]),
        available=_merged([*_free(row, begins), *((shift.start, shift.end) for shift in accepted)]),
        max_minutes_day=row["max_minutes_day"],
        max_minutes_week=row["max_minutes_week"],
        max_shifts_week=row["max_shifts_week"],
        max_travel_m=max([widened(home, row["max_travel_m"], points, row["served"]), *reach]),
        conflict_parties=tuple(row["parties"]),
        recent_shifts=row["recent"],
        preferred_kinds=tuple(ShiftKind(kind) for kind in row["preferred_kinds"]),
        familiar_places=below((*row["familiar"], *row["served"]), points),
    )


def _free(row: dict[str, Any], begins: datetime) -> list[tuple[int, int]]:
    """Return the weekly windows and the extra stretches of this very week, without the days away."""
    said = [(kind, (_minute(starts, begins), _minute(ends, begins))) for kind, starts, ends in row["exceptions"]]
    extra = [stretch for kind, stretch in said if kind == ExceptionKind.FREE]
    away = [stretch for kind, stretch in said if kind == ExceptionKind.AWAY]
    return without([*zip(row["free_from"], row["free_to"], strict=True), *extra], away)


def _credentials(row: dict[str, Any], week_start: date) -> Iterable[Credential]:
    for kind, until in zip(row["credentials"], row["expiries"], strict=True):
        last_day = (until - week_start).days if isinstance(until, date) else DAYS
        yield Credential(kind, verified=True, expires=last_day if last_day < DAYS else None)


def _merged(windows: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(windows):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
