"""Publishing assignments, one or a city's week at once, and opening or closing them for sign-up."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from app.core import audit, clock, database
from app.core.access import Permission, Principal, Scope
from app.core.database import transaction
from app.core.errors import NotFound
from app.core.state import advance
from app.core.text import N_, Message
from volunteers.assignments import rules
from volunteers.assignments.rules import AssignmentDraft, AssignmentEvent, AssignmentStatus, DraftRefused
from volunteers.people.trainings.rules import CONSTRAINTS as TRAININGS

_CODES = (
    *("kind", "place_id", "station_id", "starts", "ends", "status", "compensation", "sign_up_mode", "insured", "green"),
    *("continuity", "parties", "pattern_id", "pattern_day", "regulars_until"),
)
_TEXTS = ("title_zh", "title_en", *rules.BRIEFING)
_COLUMNS = ", ".join((*_CODES, *_TEXTS, "east_m", "north_m"))
_INSERT_ASSIGNMENTS = f"""
INSERT INTO assignment ({_COLUMNS}, created_by, created_at)
SELECT {_COLUMNS}, $2, $3
FROM jsonb_to_recordset($1::jsonb) AS d (
    number integer, kind text, place_id bigint, station_id bigint, starts timestamptz, ends timestamptz, status text,
    compensation text, sign_up_mode text, insured boolean, green boolean, continuity boolean, parties text[],
    pattern_id bigint, pattern_day date, regulars_until timestamptz, east_m integer, north_m integer,
    {", ".join(f"{name} text" for name in _TEXTS)})
ORDER BY d.number RETURNING id, reference
"""
_INSERT_POSITIONS = """
INSERT INTO position (assignment_id, number, role_zh, role_en, credentials_any, skills_all, languages_all, gender,
                      minimum, capacity, trainings_all)
SELECT d.assignment_id, d.number, d.role_zh, d.role_en, d.credentials_any, d.skills_all, d.languages_all, d.gender,
       d.minimum, d.capacity, d.trainings_all
FROM jsonb_to_recordset($1::jsonb) AS d (
    assignment_id bigint, number integer, role_zh text, role_en text, credentials_any text[], skills_all text[],
    languages_all text[], gender text, minimum integer, capacity integer,
    trainings_all text[])
ORDER BY d.assignment_id, d.number RETURNING id, assignment_id
"""


@dataclass(frozen=True, slots=True)
class Published:
    """A stored assignment, with its positions in the draft's order."""

    id: int
    reference: str
    position_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Grounds:
    """Where drafts may stand: places with code and point, the place codes of stations."""

    places: dict[int, tuple[str, int, int]]
    stations: dict[int, str]


async def publish_assignments(principal: Principal, drafts: Sequence[AssignmentDraft]) -> list[Published]:
    """Store assignments with their positions, as drafts or open at once; all of them or none."""
    async with database.refusing(TRAININGS), transaction():
        return await add_assignments(principal, drafts)


async def add_assignments(
    principal: Principal, drafts: Sequence[AssignmentDraft], created_by: int | None = None
) -> list[Published]:
    """Store assignments as part of a larger use case, in its transaction; a job says for whom it writes."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    if not drafts:
        return []
    grounds = await _grounds(drafts)
    _check(drafts, grounds, scope)
    rows = [_assignment_row(number, draft, grounds) for number, draft in enumerate(drafts)]
    # Identity values rise in the order of insertion, which is that of the drafts.
    stored = sorted(
        await database.fetch(_INSERT_ASSIGNMENTS, _json(rows), created_by or principal.actor, clock.now()),
        key=lambda row: int(row["id"]),
    )
    seats = [_position_rows(row["id"], draft) for row, draft in zip(stored, drafts, strict=True)]
    positions = await database.fetch(_INSERT_POSITIONS, _json([row for rows in seats for row in rows]))
    await audit.record_many(
        principal,
        [
            audit.Entry("assignment.created", "assignment", row["id"], {"status": draft.status})
            for row, draft in zip(stored, drafts, strict=True)
        ],
    )
    by_assignment: dict[int, list[int]] = {}
    for position in sorted(positions, key=lambda found: int(found["id"])):
        by_assignment.setdefault(position["assignment_id"], []).append(position["id"])
    return [Published(row["id"], row["reference"], tuple(by_assignment[row["id"]])) for row in stored]


async def change_status(principal: Principal, reference: str, event: AssignmentEvent) -> AssignmentStatus:
    """Publish a draft, close sign-up, open it again; cancelling is a use case of the sign-ups."""
    async with transaction():
        return await change_status_here(principal, reference, event)


async def change_status_here(principal: Principal, reference: str, event: AssignmentEvent) -> AssignmentStatus:
    """Do the same as part of a larger use case, in its transaction."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    if event is AssignmentEvent.CANCEL:
        raise ValueError("cancel_assignment gives the people on it back their time")
    row = await lock_assignment(reference)
    scope.require_place(row["station_code"])
    if event is not AssignmentEvent.CLOSE and row["starts"] <= clock.now():
        raise rules.AlreadyStarted
    status = advance(rules.TRANSITIONS, AssignmentStatus(row["status"]), event)
    await database.update_row("assignment", row["id"], {"status": status})
    await audit.record(principal, f"assignment.{event}", "assignment", row["id"])
    return status


async def lock_seats(references: Sequence[str]) -> None:
    """Lock all positions of some assignments, in the lock order."""
    await database.fetch(
        """SELECT p.id FROM position p JOIN assignment a ON a.id = p.assignment_id WHERE a.reference = ANY($1)
           ORDER BY p.id FOR NO KEY UPDATE OF p""",
        list(references),
    )


async def lock_assignment(reference: str) -> dict[str, Any]:
    """Lock an assignment's positions, the first in the lock order, then read the assignment as it now is."""
    await lock_seats([reference])
    row = await database.fetch_one(
        """SELECT a.id, a.status, a.starts, a.ends, place.code AS station_code
           FROM assignment a JOIN station ON station.id = a.station_id JOIN place ON place.id = station.place_id
           WHERE a.reference = $1 FOR NO KEY UPDATE OF a""",
        reference,
    )
    if row is None:
        raise NotFound
    return row


async def _grounds(drafts: Sequence[AssignmentDraft]) -> _Grounds:
    places = await database.fetch(
        "SELECT id, code, east_m, north_m FROM place WHERE id = ANY($1)", list({draft.place_id for draft in drafts})
    )
    stations = await database.fetch(
        "SELECT s.id, p.code FROM station s JOIN place p ON p.id = s.place_id WHERE s.id = ANY($1)",
        list({draft.station_id for draft in drafts}),
    )
    return _Grounds(
        {row["id"]: (row["code"], row["east_m"], row["north_m"]) for row in places},
        {row["id"]: row["code"] for row in stations},
    )


def _check(drafts: Sequence[AssignmentDraft], grounds: _Grounds, scope: Scope) -> None:
    now = clock.now()
    for number, draft in enumerate(drafts, start=1):
        found = rules.faults(draft, now)
        place, station_code = grounds.places.get(draft.place_id), grounds.stations.get(draft.station_id)
        if place is None:
            found["place_id"] = Message(N_("没有找到这个地点。"))
        elif station_code is None or not place[0].startswith(station_code):
            found["station_id"] = Message(N_("请选择负责这个地点的站点。"))
        if found:
            raise DraftRefused(found, number=number)
        if station_code is not None:
            scope.require_place(station_code)


def _assignment_row(number: int, draft: AssignmentDraft, grounds: _Grounds) -> dict[str, Any]:
    _, *place_point = grounds.places[draft.place_id]
    east_m, north_m = draft.point or place_point
    return {
        "number": number,
        **{name: getattr(draft, name) for name in _CODES},
        **{name: getattr(draft, name).strip() for name in _TEXTS},
        "east_m": east_m,
        "north_m": north_m,
    }


def _position_rows(assignment_id: int, draft: AssignmentDraft) -> list[dict[str, Any]]:
    return [
        {"assignment_id": assignment_id, "number": number, **msgspec.to_builtins(position)}
        for number, position in enumerate(draft.positions, start=1)
    ]


def _json(rows: list[dict[str, Any]]) -> str:
    return msgspec.json.encode(rows).decode()
