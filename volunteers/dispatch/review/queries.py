"""Counting how a plan covers its week, by place and day, and shift by shift."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core import database
from volunteers.dispatch.review.rules import Cover

# Of a published plan the seats count as they are held now: people answer, step back and sign up meanwhile.
_SHIFTS = """
WITH run AS (SELECT r.id, r.status = 'published' AS live FROM dispatch_run r WHERE r.public_id = $1),
proposed AS (
    SELECT d.position_id, count(*) FILTER (WHERE d.outcome IN ('proposed', 'sent'))::integer AS people
    FROM run JOIN dispatch_proposal d ON d.run_id = run.id GROUP BY d.position_id),
planned AS (
    SELECT position_id FROM proposed UNION SELECT g.position_id FROM run JOIN dispatch_gap g ON g.run_id = run.id),
seat AS (
    SELECT p.assignment_id, p.minimum, p.capacity, coalesce(held.waiting, 0) AS waiting,
           CASE WHEN run.live THEN coalesce(held.people, 0) ELSE coalesce(proposed.people, 0) END AS filled
    FROM run CROSS JOIN planned JOIN position p ON p.id = planned.position_id
    LEFT JOIN proposed ON proposed.position_id = p.id
    LEFT JOIN LATERAL (
        SELECT count(*)::integer AS people, (count(*) FILTER (WHERE s.status = 'offered'))::integer AS waiting
        FROM sign_up s WHERE run.live AND s.position_id = p.id AND s.live) AS held ON run.live),
shift AS (
    SELECT seat.assignment_id AS id, bool_and(seat.filled >= seat.minimum) AS held,
           sum(seat.capacity)::integer AS seats,
           sum(least(seat.filled, seat.capacity))::integer AS filled, sum(seat.waiting)::integer AS waiting
    FROM seat GROUP BY seat.assignment_id)
"""
_CELLS = f"""
{_SHIFTS}
SELECT cell.*, place.name_zh, place.name_en, place.longitude, place.latitude FROM (
    SELECT left(place.code, $2) AS code, (a.starts AT TIME ZONE 'Asia/Shanghai')::date AS day,
           count(*)::integer AS shifts, (count(*) FILTER (WHERE shift.held))::integer AS held,
           sum(shift.seats)::integer AS seats, sum(shift.filled)::integer AS filled,
           sum(shift.waiting)::integer AS waiting
    FROM shift JOIN assignment a ON a.id = shift.id JOIN place ON place.id = a.place_id GROUP BY 1, 2) AS cell
JOIN place ON place.code = cell.code ORDER BY cell.code, cell.day
"""
_LISTED = f"""
{_SHIFTS}
SELECT a.reference, a.title_zh, a.title_en, a.starts, a.ends, a.green, place.code AS place_code,
       place.name_zh AS place_zh, place.name_en AS place_en, shift.held, shift.seats, shift.filled, shift.waiting
FROM shift JOIN assignment a ON a.id = shift.id JOIN place ON place.id = a.place_id
WHERE place.code LIKE $2 || '%' AND ($3::date IS NULL OR (a.starts AT TIME ZONE 'Asia/Shanghai')::date = $3)
  AND ($4::timestamptz IS NULL OR (a.starts, a.reference) > ($4, $5))
ORDER BY a.starts, a.reference LIMIT $6
"""
_EMPTY = f"""
{_SHIFTS}
SELECT (count(*) FILTER (WHERE NOT shift.held))::integer AS shifts,
       (count(DISTINCT a.place_id) FILTER (WHERE NOT shift.held))::integer AS places,
       (count(*) FILTER (WHERE NOT shift.held AND a.green))::integer AS green
FROM shift JOIN assignment a ON a.id = shift.id
"""
ShiftKey = tuple[datetime, str]
"""Where a shift stands in the list: its start, its reference."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One place's day."""

    code: str
    name_zh: str
    name_en: str
    longitude: float
    latitude: float
    day: date
    cover: Cover


@dataclass(frozen=True, slots=True)
class ShiftCover:
    """One shift of the plan."""

    reference: str
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime
    green: bool
    place_code: str
    place_zh: str
    place_en: str
    cover: Cover


@dataclass(frozen=True, slots=True)
class LeftEmpty:
    """Shifts that cannot take place, at how many places, and how many of them are of the green channel."""

    shifts: int
    places: int
    green: int


async def cells_of(run: UUID, code_length: int) -> list[Cell]:
    """Return how each place of a level is covered on each day on which it has shifts."""
    rows = await database.fetch(_CELLS, run, code_length)
    return [Cell(**{name: row[name] for name in Cell.__slots__ if name != "cover"}, cover=_cover(row)) for row in rows]


async def shifts_of(
    run: UUID, place_code: str, day: date | None, after: ShiftKey | None = None, limit: int = 51
) -> list[ShiftCover]:
    """Return the shifts below a place, on one day or all week, in order of time."""
    rows = await database.fetch(_LISTED, run, place_code, day, *(after or (None, None)), limit)
    return [
        ShiftCover(
            **{name: row[name] for name in ShiftCover.__slots__ if name != "cover"},
            cover=Cover(1, int(row["held"]), row["seats"], row["filled"], row["waiting"]),
        )
        for row in rows
    ]


async def left_empty(run: UUID) -> LeftEmpty:
    """Return which shifts cannot take place."""
    row = await database.fetch_one(_EMPTY, run)
    assert row is not None  # noqa: S101 - counts without GROUP BY always have their one row
    return LeftEmpty(**row)


def _cover(row: database.Row) -> Cover:
    return Cover(**{name: row[name] for name in Cover.__slots__})
