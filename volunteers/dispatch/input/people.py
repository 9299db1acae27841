"""The people of a week as the engine sees them: what they may do, when they are free, how far they go."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from app.core import clock, database
from volunteers.dispatch.acceptance import rules as acceptance
from volunteers.dispatch.acceptance.rules import Answers
from volunteers.dispatch.engine.instance import MINUTES_PER_DAY, Credential, Gender, Shift, ShiftKind, Volunteer
from volunteers.dispatch.input.shifts import KEPT_DAY, minute
from volunteers.dispatch.reach import Point, below, widened
from volunteers.dispatch.trained import tokens_of
from volunteers.people.exceptions.rules import ExceptionKind, without

DAYS = 7
RECENT_WEEKS = 4

_PEOPLE = """
SELECT p.id, p.status = 'active' AND NOT EXISTS (
           SELECT FROM sign_up_bar(p.id, $6) AS bar WHERE bar.consequence = 'pause') AS may_go,
       p.gender, p.home_east_m, p.home_north_m, p.languages, p.skills, p.preferred_kinds, p.max_minutes_day,
       p.max_minutes_week, p.max_shifts_week, p.max_travel_m,
       (SELECT coalesce(array_agg(weekday * 1440 + from_minute ORDER BY weekday, from_minute), '{}')
        FROM availability WHERE person_id = p.id) AS free_from,
       (SELECT coalesce(array_agg(weekday * 1440 + to_minute ORDER BY weekday, from_minute), '{}')
        FROM availability WHERE person_id = p.id) AS free_to,
       (SELECT coalesce(array_agg(party ORDER BY party), '{}') FROM recusal WHERE person_id = p.id) AS parties,
       ARRAY(SELECT (c.kind, c.valid_from, c.valid_until) FROM credential c
             WHERE c.person_id = p.id AND c.verified_at IS NOT NULL AND c.refused_at IS NULL
               AND coalesce(c.valid_until, 'infinity') >= $1::date AND c.valid_from < $1::date + 8
             ORDER BY c.kind, c.valid_from, c.id) AS credentials,
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
             WHERE x.person_id = p.id AND x.starts < $2::timestamptz + interval '8 days' AND x.ends > $2
             ORDER BY x.id) AS exceptions,
       (SELECT count(*) FROM sign_up s
        WHERE s.person_id = p.id AND s.live AND s.starts < $2 AND s.starts >= $3) AS recent
FROM person p JOIN place home ON home.id = p.home_place_id
WHERE p.id = ANY ($5) OR p.status = 'active' AND (home.code LIKE $4 || '%' OR EXISTS (
    SELECT FROM served_place v JOIN place ON place.id = v.place_id
    WHERE v.person_id = p.id AND (place.code LIKE $4 || '%' OR $4 LIKE place.code || '%'))
    OR p.id IN (SELECT x.person_id FROM pairing x JOIN place village ON village.id = x.place_id
                WHERE x.status = 'active' AND x.from_day < $1::date + 7 AND x.until_day >= $1::date
                  AND village.code LIKE $7 || '%'))
    AND NOT EXISTS (SELECT FROM sign_up_bar(p.id, $6) AS bar WHERE bar.consequence = 'pause') ORDER BY p.id
"""
# A station's regulars (volunteers.assignments.regulars) are at home at its shifts; on a weekday that it keeps for
# somebody, they alone are.
_REGULARS = """
SELECT regular.person_id, array_agg(DISTINCT regular.place ORDER BY regular.place) AS places FROM (
    SELECT r.person_id, place.code || '@' || a.east_m || ',' || a.north_m || coalesce('#' || kept.weekday, '') AS place
    FROM station_regular r JOIN assignment a ON a.station_id = r.station_id JOIN place ON place.id = a.place_id,
         LATERAL (SELECT kept_weekday(a.station_id, a.starts) AS weekday) AS kept
    WHERE r.unmarked_at IS NULL AND a.id = ANY ($1) AND r.person_id = ANY ($2)
      AND CASE WHEN kept.weekday IS NULL THEN r.weekdays = '{}' ELSE kept.weekday = ANY (r.weekdays) END
    UNION ALL
    SELECT often.person_id, place.code || '@' || a.east_m || ',' || a.north_m
    FROM (SELECT s.person_id, o.station_id FROM sign_up s JOIN assignment o ON o.id = s.assignment_id
          WHERE s.person_id = ANY ($2) AND s.status = 'completed' AND s.starts > $3::timestamptz - interval '180 days'
            AND o.station_id IN (SELECT station_id FROM assignment WHERE id = ANY ($1))
          GROUP BY s.person_id, o.station_id HAVING count(*) >= 3) AS often
    JOIN assignment a ON a.station_id = often.station_id AND a.id = ANY ($1) JOIN place ON place.id = a.place_id
    WHERE kept_weekday(a.station_id, a.starts) IS NULL
) AS regular GROUP BY regular.person_id
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of one person besides what they said: seats, nights of rest, answers, where they belong."""

    held: list[Shift] = field(default_factory=list)
    resting: list[tuple[int, int]] = field(default_factory=list)
    answers: list[Answers] = field(default_factory=list)
    at_home_in: list[str] = field(default_factory=list)


async def read_people(
    place_code: str, begins: datetime, seated: Iterable[int], shift_ids: Sequence[int]
) -> tuple[list[database.Row], dict[int, tuple[str, ...]]]:
    """Read who may be planned for a place's week, and at which of its places they are regulars.

    People at home in the district take part, who serve it or are paired with one of its villages, and who signed up.
    """
    week_start, now = clock.local(begins).date(), clock.now()
    recent_from = begins - timedelta(weeks=RECENT_WEEKS)
    people = await database.fetch(
        _PEOPLE, *(week_start, begins, recent_from, place_code[:6], sorted(set(seated))), *(now, place_code)
    )
    habits = await database.fetch(_REGULARS, list(shift_ids), [row["id"] for row in people], now)
    return people, {row["person_id"]: tuple(row["places"]) for row in habits}


def volunteer(
    row: Mapping[str, Any], begins: datetime, standing: Standing, points: Mapping[str, Point], floor: int
) -> Volunteer:
    """Return a person as the engine sees them; what they accepted themselves widens their times, reach and limits.

    Who has stepped back for a while keeps the seats they hold, and is free for no other.
    """
    home = row["home_east_m"], row["home_north_m"]
    held = standing.held
    reach = [abs(x - home[0]) + abs(y - home[1]) for x, y in (points[shift.place] for shift in held)]
    spared = acceptance.spared(standing.answers, floor)
    preferred = acceptance.preferred(tuple(row["preferred_kinds"]), spared, ShiftKind)
    return Volunteer(
        id=str(row["id"]),
        x=home[0],
        y=home[1],
        gender=Gender(row["gender"]),
        credentials=tuple(_credentials(row["credentials"], clock.local(begins).date())),
        skills=(*row["skills"], *tokens_of(row["trainings"], begins)),
        languages=tuple(row["languages"]),
        available=_merged(
            [
                *(_free(row, begins, standing.resting) if row["may_go"] else ()),
                *((shift.start, shift.end) for shift in held),
            ]
        ),
        max_minutes_day=max([row["max_minutes_day"], *_minutes_by_day(held).values()]),
        max_minutes_week=max(row["max_minutes_week"], sum(_minutes_by_day(held).values())),
        max_shifts_week=max(row["max_shifts_week"], len(held)),
        max_travel_m=max([widened(home, row["max_travel_m"], points, row["served"]), *reach]),
        conflict_parties=tuple(row["parties"]),
        recent_shifts=row["recent"],
        preferred_kinds=tuple(ShiftKind(kind) for kind in preferred),
        familiar_places=tuple(
            dict.fromkeys((*_open_to_all(below((*row["familiar"], *row["served"]), points)), *standing.at_home_in))
        ),
    )


def _open_to_all(places: Iterable[str]) -> Iterable[str]:
    """Leave out the weekdays that a station keeps for its own."""
    return (name for name in places if KEPT_DAY not in name)


def _minutes_by_day(held: Iterable[Shift]) -> dict[int, int]:
    minutes: dict[int, int] = defaultdict(int)
    for shift in held:
        minutes[shift.start // MINUTES_PER_DAY] += shift.end - shift.start
    return minutes


def _free(row: Mapping[str, Any], begins: datetime, resting: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the weekly windows and the extra stretches of this very week, without days away and nights of rest."""
    said = [(kind, (minute(starts, begins), minute(ends, begins))) for kind, starts, ends in row["exceptions"]]
    extra = [stretch for kind, stretch in said if kind == ExceptionKind.FREE]
    away = [stretch for kind, stretch in said if kind == ExceptionKind.AWAY]
    return without([*zip(row["free_from"], row["free_to"], strict=True), *extra], [*away, *resting])


def _credentials(held: Iterable[tuple[str, date, date | None]], monday: date) -> Iterable[Credential]:
    """Return each kind with the last day of the week to which it holds without a break from Monday on.

    The format knows no beginning, so that a licence that begins within the week counts only where it continues one.
    """
    last_days: dict[str, int] = {}
    for kind, first, last in held:
        begins = (first - monday).days
        if begins <= last_days.get(kind, -1) + 1:
            until = (last - monday).days if last is not None else DAYS
            last_days[kind] = max(last_days.get(kind, -1), until)
    for kind, until in last_days.items():
        yield Credential(kind, verified=True, expires=until if until < DAYS else None)


def _merged(windows: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(windows):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
