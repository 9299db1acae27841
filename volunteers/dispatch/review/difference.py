"""What a plan changes beside the plan in force: who is new, who goes elsewhere, who does not go any more, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from volunteers.dispatch.review.rules import Change, change

# The plan in force now, or, once this one is, the one whose place it took.
_BASE = """
SELECT coalesce(
    (SELECT o.public_id FROM dispatch_run o WHERE o.id <> r.id AND o.status = 'published'
       AND o.week_start = r.week_start AND o.covers && r.covers ORDER BY o.covers @> r.covers DESC, o.id DESC LIMIT 1),
    (SELECT o.public_id FROM dispatch_run o WHERE o.id = r.previous_id)) AS public_id
FROM dispatch_run r WHERE r.public_id = $1
"""
_ROWS = """
WITH this AS (SELECT r.id, place.code FROM dispatch_run r JOIN place ON place.id = r.place_id WHERE r.public_id = $1),
base AS (SELECT r.id FROM dispatch_run r WHERE r.public_id = $2)
SELECT person.public_id AS person, person.name, a.reference, a.title_zh, a.title_en, a.starts,
       place.name_zh AS place_zh, place.name_en AS place_en,
       bool_or(d.run_id = this.id) AS after, bool_or(d.run_id = base.id) AS before
FROM this LEFT JOIN base ON true
JOIN dispatch_proposal d ON d.run_id IN (this.id, base.id) AND d.outcome NOT IN ('refused', 'taken')
JOIN position p ON p.id = d.position_id JOIN assignment a ON a.id = p.assignment_id
JOIN place ON place.id = a.place_id AND place.code LIKE this.code || '%' JOIN person ON person.id = d.person_id
GROUP BY person.id, a.id, place.id ORDER BY person.name, person.id, a.starts, a.id
"""


@dataclass(frozen=True, slots=True)
class ChangedShift:
    """A shift that somebody goes to by one of the two plans, or by both."""

    reference: str
    title_zh: str
    title_en: str
    starts: datetime
    place_zh: str
    place_en: str
    before: bool
    after: bool


@dataclass(frozen=True, slots=True)
class ChangedPerson:
    """What the plan changes for one person."""

    person: UUID
    name: str
    change: Change
    shifts: tuple[ChangedShift, ...]


async def base_of(run: UUID) -> UUID | None:
    """Return the plan that a plan is compared with, if there is one."""
    found: UUID | None = await database.fetch_value(_BASE, run)
    return found


async def difference(run: UUID, base: UUID | None) -> list[ChangedPerson]:
    """Return what the plan changes for everybody in either of the two, by name."""
    people: dict[UUID, tuple[str, list[ChangedShift]]] = {}
    for row in await database.fetch(_ROWS, run, base):
        shift = ChangedShift(
            **{name: row[name] for name in ChangedShift.__slots__ if name not in ("before", "after")},
            before=bool(row["before"]),
            after=bool(row["after"]),
        )
        people.setdefault(row["person"], (row["name"], []))[1].append(shift)
    return [_changed(person, name, shifts) for person, (name, shifts) in people.items()]


def counted(people: Sequence[ChangedPerson]) -> dict[Change, int]:
    """Return for how many people the plan changes what."""
    return {kind: sum(one.change is kind for one in people) for kind in Change}


def _changed(person: UUID, name: str, shifts: Sequence[ChangedShift]) -> ChangedPerson:
    before = {shift.reference for shift in shifts if shift.before}
    after = {shift.reference for shift in shifts if shift.after}
    return ChangedPerson(person, name, change(before, after), tuple(shifts))
