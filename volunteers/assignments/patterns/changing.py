"""When a pattern changes: the shifts ahead that nobody has signed up for become what it says now.

Shifts with people on them are left alone and named; the station speaks with the people first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import asyncpg

from app.core import audit, clock, database
from app.core.access import Principal
from app.core.calendar import load_calendar
from app.core.text import N_
from volunteers.assignments import rules as assignment_rules
from volunteers.assignments.patterns.rules import PatternDraft, is_held

CALLED_OFF = N_("排班规律已更改")
_SAME = (
    *("kind", "title_zh", "title_en", "place_id", "station_id", "compensation", "sign_up_mode", "insured"),
    *("continuity", *assignment_rules.BRIEFING),
)
_SEAT = (
    *("role_zh", "role_en", "credentials_any", "skills_all", "languages_all", "gender", "minimum", "capacity"),
    "trainings_all",
)
_AHEAD = """
SELECT a.id, a.reference, a.pattern_day,
       (SELECT count(*) FROM sign_up s WHERE s.assignment_id = a.id AND s.live) AS booked
FROM assignment a WHERE a.pattern_id = $1 AND a.starts > $2 AND a.status <> 'cancelled' ORDER BY a.starts
"""
_REWRITE = f"""
UPDATE assignment a SET starts = d.starts, ends = d.ends, east_m = place.east_m, north_m = place.north_m,
       regulars_until = d.starts - make_interval(hours => t.regulars_hours),
       {", ".join(f"{name} = t.{name}" for name in _SAME)}
FROM unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[]) AS d (id, starts, ends)
CROSS JOIN shift_pattern t JOIN place ON place.id = t.place_id
WHERE t.id = $1 AND a.id = d.id
"""
_RESEAT = f"""
UPDATE position p SET {", ".join(f"{name} = q.{name}" for name in _SEAT)}
FROM shift_pattern_position q WHERE q.pattern_id = $1 AND p.assignment_id = ANY ($2) AND p.number = q.number
"""
_SEAT_MORE = f"""
INSERT INTO position (assignment_id, number, {", ".join(_SEAT)})
SELECT a.id, q.number, {", ".join(f"q.{name}" for name in _SEAT)}
FROM unnest($2::bigint[]) AS a (id) CROSS JOIN shift_pattern_position q
WHERE q.pattern_id = $1 AND NOT EXISTS (SELECT FROM position p WHERE p.assignment_id = a.id AND p.number = q.number)
ORDER BY a.id, q.number
"""


@dataclass(frozen=True, slots=True)
class Followed:
    """How many shifts changed and were called off; references of those left alone."""

    updated: int
    called_off: int
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Shift:
    id: int
    reference: str
    pattern_day: date
    booked: int


async def follow(principal: Principal, pattern_id: int, draft: PatternDraft) -> Followed:
    """Bring the free shifts ahead into line with the pattern, which is locked and written by now."""
    ids = [row["id"] for row in await database.fetch(_AHEAD, pattern_id, clock.now())]
    await database.fetch("SELECT id FROM position WHERE assignment_id = ANY ($1) ORDER BY id FOR NO KEY UPDATE", ids)
    # Read again: under the locks nobody signs up any more.
    shifts = [_Shift(**row) for row in await database.fetch(_AHEAD, pattern_id, clock.now())]
    calendar = await load_calendar()
    now = clock.now()
    staying, leaving, kept = [], [], []
    for shift in shifts:
        if shift.booked:
            kept.append(shift)
        elif is_held(draft, shift.pattern_day, calendar) and draft.at(shift.pattern_day)[0] > now:
            staying.append(shift)
        else:
            leaving.append(shift)
    bound = await _without_surplus(staying, len(draft.positions))
    staying = [shift for shift in staying if shift not in bound]
    await _rewrite(pattern_id, draft, staying)
    await _call_off(leaving)
    await audit.record_many(principal, _entries(staying, leaving))
    return Followed(len(staying), len(leaving), tuple(shift.reference for shift in (*kept, *bound)))


async def _rewrite(pattern_id: int, draft: PatternDraft, shifts: Sequence[_Shift]) -> None:
    ids = [shift.id for shift in shifts]
    times = [draft.at(shift.pattern_day) for shift in shifts]
    starts, ends = [first for first, _ in times], [last for _, last in times]
    await database.execute(_REWRITE, pattern_id, ids, starts, ends)
    await database.execute(_RESEAT, pattern_id, ids)
    await database.execute(_SEAT_MORE, pattern_id, ids)


async def _call_off(shifts: Sequence[_Shift]) -> None:
    """Call shifts off and let go of their days: should the pattern come back to one, it is made anew."""
    await database.execute(
        """UPDATE assignment SET status = 'cancelled', cancelled_reason = $2, pattern_id = NULL, pattern_day = NULL
           WHERE id = ANY ($1)""",
        *([shift.id for shift in shifts], CALLED_OFF),
    )


async def _without_surplus(shifts: Sequence[_Shift], seats: int) -> list[_Shift]:
    """Take kinds of seats away that the pattern no longer has; return the shifts where something hangs on one."""
    rows: list[dict[str, Any]] = await database.fetch(
        "SELECT DISTINCT assignment_id FROM position WHERE assignment_id = ANY ($1) AND number > $2",
        *([shift.id for shift in shifts], seats),
    )
    bound: set[int] = set()
    for row in rows:
        try:
            async with database.savepoint():
                await database.execute(
                    "DELETE FROM position WHERE assignment_id = $1 AND number > $2", row["assignment_id"], seats
                )
        # Somebody was on the seat once, or a plan or a waiting list names it.
        except (asyncpg.ForeignKeyViolationError, asyncpg.RestrictViolationError):
            bound.add(row["assignment_id"])
    return [shift for shift in shifts if shift.id in bound]


def _entries(staying: Sequence[_Shift], leaving: Sequence[_Shift]) -> list[audit.Entry]:
    return [
        *(audit.Entry("assignment.follows_pattern", "assignment", shift.id, {}) for shift in staying),
        *(audit.Entry("assignment.cancel", "assignment", shift.id, {"released": 0}) for shift in leaving),
    ]
