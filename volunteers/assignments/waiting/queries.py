"""Who stands where in line: the public order without full names, one's own place, and each exception's reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Principal
from volunteers.assignments.sign_ups.rules import Reason
from volunteers.assignments.waiting.rules import EntryStatus


@dataclass(frozen=True, slots=True)
class Line:
    """A position's line as its page shows it; ``place`` is the reader's own, if they stand in it."""

    waiting: int
    place: int | None
    entry: UUID | None


@dataclass(frozen=True, slots=True)
class Waiter:
    """One place of the public order; the family name only. ``place`` is None for who has left the line."""

    public_id: UUID
    position: int
    role_zh: str
    role_en: str
    place: int | None
    name: str
    status: EntryStatus
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class Exemption:
    """Somebody moved or passed over, and why."""

    name: str
    kind: str
    from_place: int
    to_place: int | None
    reasons: tuple[Reason, ...]
    reason: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class MyPlace:
    """Where the person waits, for their own list."""

    entry: UUID
    reference: str
    title_zh: str
    title_en: str
    role_zh: str
    role_en: str
    starts: datetime
    ends: datetime
    place: int


async def lines_of(assignment_id: int, person_id: int | None) -> dict[int, Line]:
    """Return the lines of an assignment's positions that have one, by position id."""
    rows = await database.fetch(_LINES, assignment_id, person_id)
    return {row["position_id"]: Line(row["waiting"], row["place"], row["entry"]) for row in rows}


async def public_order(reference: str) -> list[Waiter]:
    """Return everybody who waits or waited for an assignment: those in line first, in their order."""
    rows = await database.fetch(_ORDER, reference)
    return [Waiter(**{**row, "name": _family(row["name"]), "status": EntryStatus(row["status"])}) for row in rows]


async def exemptions(reference: str) -> list[Exemption]:
    """Return every exception from the order of arrival, the latest first."""
    rows = await database.fetch(_EXCEPTIONS, reference)
    return [
        Exemption(
            _family(row["name"]),
            row["kind"],
            row["from_place"],
            row["to_place"],
            _codes(row["reason"]) if row["kind"] == "passed_over" else (),
            row["reason"],
            row["decided_by"] or "",
            row["decided_at"],
        )
        for row in rows
    ]


async def my_places(principal: Principal) -> list[MyPlace]:
    """Return where the person waits, soonest first."""
    return [MyPlace(**row) for row in await database.fetch(_MINE, principal.actor)]


def _family(name: str) -> str:
    return f"{name[:1]}*" if name else ""


def _codes(reason: str) -> tuple[Reason, ...]:
    known: Sequence[str] = [one.value for one in Reason]
    return tuple(Reason(code) for code in reason.split(",") if code in known)


_PLACES = """
SELECT w.id, w.public_id, w.position_id, w.person_id,
       row_number() OVER (PARTITION BY w.position_id ORDER BY w.line, w.id) AS place
FROM waiting_entry w JOIN position p ON p.id = w.position_id WHERE w.status = 'waiting'
"""
_LINES = f"""
SELECT position_id, count(*)::integer AS waiting,
       min(place) FILTER (WHERE person_id = $2)::integer AS place,
       (array_agg(public_id) FILTER (WHERE person_id = $2))[1] AS entry
FROM ({_PLACES} AND p.assignment_id = $1) AS line GROUP BY position_id
"""
_ORDER = f"""
WITH line AS ({_PLACES})
SELECT w.public_id, p.number AS position, p.role_zh, p.role_en, line.place::integer AS place, person.name, w.status,
       w.joined_at
FROM assignment a JOIN position p ON p.assignment_id = a.id JOIN waiting_entry w ON w.position_id = p.id
JOIN person ON person.id = w.person_id LEFT JOIN line ON line.id = w.id
WHERE a.reference = $1 ORDER BY p.number, line.place NULLS LAST, w.line, w.id
"""
_EXCEPTIONS = """
SELECT person.name, e.kind, e.from_place, e.to_place, e.reason, account.display_name AS decided_by, e.decided_at
FROM assignment a JOIN position p ON p.assignment_id = a.id JOIN waiting_entry w ON w.position_id = p.id
JOIN waiting_event e ON e.waiting_entry_id = w.id JOIN person ON person.id = w.person_id
LEFT JOIN account ON account.id = e.decided_by
WHERE a.reference = $1 ORDER BY e.id DESC
"""
_MINE = f"""
SELECT line.public_id AS entry, a.reference, a.title_zh, a.title_en, p.role_zh, p.role_en, a.starts, a.ends,
       line.place::integer AS place
FROM person JOIN ({_PLACES}) AS line ON line.person_id = person.id JOIN position p ON p.id = line.position_id
JOIN assignment a ON a.id = p.assignment_id
WHERE person.account_id = $1 ORDER BY a.starts, a.id
"""
