"""Counting required seats that nobody has taken, by district and town, and what is known about each of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core import clock, database
from app.core.access import Permission, Principal
from marketplace.places.rules import LEVEL_BY_LENGTH
from volunteers.assignments.rules import AssignmentStatus, Kind
from volunteers.gaps import rules
from volunteers.gaps.rules import Action, Cause, Facts

GapKey = tuple[bool, datetime, int]
"""Where a gap stands in the list: not green, start, the position's id."""
MOST = 300
"""For how many gaps causes are counted at once; a file lists the others without."""


@dataclass(frozen=True, slots=True)
class AreaGaps:
    """The required seats of a district or town, and how many of them nobody has taken."""

    code: str
    name_zh: str
    name_en: str
    required: int
    missing: int
    shifts: int

    @property
    def percent(self) -> int:
        """Return the share that is missing."""
        return rules.percent(self.missing, self.required)


@dataclass(frozen=True, slots=True)
class Seat:
    """One position that lacks people."""

    position_id: int
    reference: str
    number: int
    kind: Kind
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    green: bool
    place_code: str
    place_zh: str
    place_en: str
    town_zh: str
    town_en: str
    starts: datetime
    ends: datetime
    minimum: int

    @property
    def key(self) -> GapKey:
        """Return where it stands in the list."""
        return not self.green, self.starts, self.position_id


@dataclass(frozen=True, slots=True)
class Uncounted(Seat):
    """One of so many that nothing was counted about it."""

    missing: int


@dataclass(frozen=True, slots=True)
class Gap(Seat):
    """A position that lacks people, with what was counted about it."""

    facts: Facts

    @property
    def missing(self) -> int:
        """Return how many people it lacks."""
        return self.facts.missing

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Return why it is empty."""
        return rules.causes(self.facts)

    @property
    def actions(self) -> tuple[Action, ...]:
        """Return what can be done."""
        return rules.actions(self.facts, clock.now())


_SHORT = """
FROM assignment a JOIN position p ON p.assignment_id = a.id JOIN place ON place.id = a.place_id
LEFT JOIN (SELECT s.position_id, count(*)::integer AS seats FROM sign_up s WHERE s.status = 'offered' GROUP BY 1)
    AS asked ON asked.position_id = p.id
CROSS JOIN LATERAL (SELECT greatest(0, p.minimum - p.booked + coalesce(asked.seats, 0)) AS missing) AS short
WHERE a.status IN ('draft', 'open', 'closed') AND a.starts >= $1 AND a.starts < $2 AND place.code LIKE $3 || '%'
  AND p.minimum > 0
"""
_AREAS = f"""
SELECT area.code, area.name_zh, area.name_en, counted.required, counted.missing, counted.shifts
FROM (SELECT left(place.code, $4) AS code, sum(p.minimum)::integer AS required,
             sum(short.missing)::integer AS missing,
             (count(DISTINCT a.id) FILTER (WHERE short.missing > 0))::integer AS shifts
      {_SHORT} GROUP BY 1) AS counted
JOIN place area ON area.code = counted.code ORDER BY area.code
"""
_GAP = f"""gap AS (
    SELECT p.id AS position_id, a.id AS assignment_id, a.reference, p.number, a.kind, a.title_zh, a.title_en, p.role_zh,
           p.role_en, a.green, place.code AS place_code, place.name_zh AS place_zh, place.name_en AS place_en, a.starts,
           a.ends, a.status, a.sign_up_mode = 'request' AS by_request, p.minimum, short.missing,
           coalesce(asked.seats, 0) AS offered, a.east_m, a.north_m, p.credentials_any, p.skills_all, p.languages_all,
           p.gender AS wanted_gender, date_trunc('week', a.starts AT TIME ZONE 'Asia/Shanghai') AS monday
    {_SHORT} AND short.missing > 0
      AND ($4::boolean IS NULL OR (NOT a.green, a.starts, p.id) > ($4, $5::timestamptz, $6::bigint))
    ORDER BY NOT a.green, a.starts, p.id LIMIT $7)"""
_SHOWN = """
SELECT gap.position_id, gap.reference, gap.number, gap.kind, gap.title_zh, gap.title_en, gap.role_zh, gap.role_en,
       gap.green, gap.place_code, gap.place_zh, gap.place_en, coalesce(town.name_zh, '') AS town_zh,
       coalesce(town.name_en, '') AS town_en, gap.starts, gap.ends, gap.minimum"""
_IN_TOWNS = "FROM gap LEFT JOIN place town ON town.code = left(gap.place_code, 9) AND town.level = 'town'"
_UNCOUNTED = f"WITH {_GAP} {_SHOWN}, gap.missing {_IN_TOWNS} ORDER BY NOT gap.green, gap.starts, gap.position_id"
# Who holds a credential through the whole period, once; then each gap is compared with everybody in reach.
_GAPS = f"""
WITH people AS MATERIALIZED (
    SELECT q.id, q.home_east_m, q.home_north_m, q.max_travel_m, q.languages, q.skills, q.gender, q.max_shifts_week,
           q.max_minutes_week, ARRAY(
               SELECT c.kind FROM credential c WHERE c.person_id = q.id AND c.verified_at IS NOT NULL
                 AND c.valid_from <= $1::date AND coalesce(c.valid_until, 'infinity') >= $2::date) AS kinds
    FROM person q WHERE q.status = 'active'),
{_GAP}
{_SHOWN},
       gap.status, gap.by_request, gap.missing, gap.offered, reach.licensed, reach.fit, reach.at_limits, reach.free,
       (SELECT count(*) FROM seat_request r WHERE r.position_id = gap.position_id AND r.status = 'asked')::integer
           AS asking,
       EXISTS (SELECT FROM dispatch_run r JOIN place planned ON planned.id = r.place_id
               WHERE r.status IN ('solved', 'approved', 'published') AND r.week_start = gap.monday::date
                 AND gap.place_code LIKE planned.code || '%') AS planned,
       coalesce((SELECT g.reason FROM dispatch_gap g JOIN dispatch_run r ON r.id = g.run_id
                 WHERE g.position_id = gap.position_id AND r.status IN ('solved', 'approved', 'published')
                 ORDER BY r.id DESC LIMIT 1), '') AS plan_reason
{_IN_TOWNS}
CROSS JOIN LATERAL (
    SELECT count(*)::integer AS licensed, (count(*) FILTER (WHERE suits.fits))::integer AS fit,
           (count(*) FILTER (WHERE suits.fits AND held.full))::integer AS at_limits,
           (count(*) FILTER (WHERE suits.fits AND NOT held.full AND NOT held.busy))::integer AS free
    FROM people q
    CROSS JOIN LATERAL (SELECT gap.languages_all <@ q.languages AND gap.skills_all <@ q.skills
                               AND (gap.wanted_gender IS NULL OR gap.wanted_gender = q.gender) AS fits) AS suits
    CROSS JOIN LATERAL (
        SELECT count(*) >= q.max_shifts_week
                   OR coalesce(sum(extract(epoch FROM s.ends - s.starts) / 60), 0)
                      + extract(epoch FROM gap.ends - gap.starts) / 60 > q.max_minutes_week AS full,
               coalesce(bool_or(s.starts < gap.ends AND s.ends > gap.starts), false) AS busy
        FROM sign_up s WHERE suits.fits AND s.person_id = q.id AND s.live
          AND s.starts >= gap.monday AT TIME ZONE 'Asia/Shanghai'
          AND s.starts < (gap.monday + interval '7 days') AT TIME ZONE 'Asia/Shanghai') AS held
    WHERE abs(q.home_east_m - gap.east_m) + abs(q.home_north_m - gap.north_m) <= q.max_travel_m
      AND (gap.credentials_any = '{{}}' OR q.kinds && gap.credentials_any)) AS reach
ORDER BY NOT gap.green, gap.starts, gap.position_id
"""


def area_of(principal: Principal, asked: str) -> str:
    """Return the place that is looked at: the one asked for, or the officer's own."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    area = asked if asked and len(asked) in LEVEL_BY_LENGTH else (scope.place_codes or ("",))[0]
    scope.require_place(area)
    return area


async def areas(area: str, first: datetime, last: datetime) -> list[AreaGaps]:
    """Return the parts of a place (districts, towns, villages) that have required seats between two instants."""
    length = next((length for length in LEVEL_BY_LENGTH if length > len(area)), len(area))
    return [AreaGaps(**row) for row in await database.fetch(_AREAS, first, last, area, length)]


async def gaps(area: str, first: datetime, last: datetime, after: GapKey | None = None, limit: int = MOST) -> list[Gap]:
    """Return the positions that lack people, the green channel first, then by time, with what was counted."""
    rows = await database.fetch(_GAPS, first, last, area, *(after or (None, None, None)), limit)
    return [_gap(row) for row in rows]


async def uncounted(area: str, first: datetime, last: datetime, after: GapKey) -> list[Uncounted]:
    """Return all positions that lack people behind one of them, without counting anybody; a file is complete so."""
    rows = await database.fetch(_UNCOUNTED, first, last, area, *after, None)
    return [Uncounted(**{**row, "kind": Kind(row["kind"])}) for row in rows]


def by_cause(found: list[Gap]) -> Mapping[Cause, int]:
    """Return how many seats are missing for which first cause, the most frequent first."""
    counted: dict[Cause, int] = {}
    for gap in found:
        counted[gap.causes[0]] = counted.get(gap.causes[0], 0) + gap.facts.missing
    return dict(sorted(counted.items(), key=lambda pair: -pair[1]))


def _gap(row: dict[str, Any]) -> Gap:
    facts = {name: row.pop(name) for name in Facts.__slots__ if name not in ("status", "starts")}
    status = AssignmentStatus(row.pop("status"))
    return Gap(**{**row, "kind": Kind(row["kind"])}, facts=Facts(status=status, starts=row["starts"], **facts))
