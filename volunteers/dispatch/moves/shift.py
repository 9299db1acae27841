"""One shift of a plan for who changes it by hand: who is on it, who could be, with whom one could swap."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Principal
from app.core.errors import NotFound
from volunteers.dispatch.input.store import InputIsGone
from volunteers.dispatch.moves.queries import person_ids, position_of_run, proposals_of
from volunteers.dispatch.moves.rules import Seat
from volunteers.dispatch.moves.service import read_input
from volunteers.dispatch.moves.weighing import Board
from volunteers.dispatch.review.rules import Cover

SHOWN = 30
_SHIFT = """
SELECT r.id AS run_id, a.id, a.reference, a.title_zh, a.title_en, a.starts, a.ends, a.green, place.code AS place_code,
       place.name_zh AS place_zh, place.name_en AS place_en
FROM dispatch_run r, assignment a JOIN place ON place.id = a.place_id WHERE r.public_id = $1 AND a.reference = $2
"""
_POSITIONS = """
SELECT p.id, p.number, p.role_zh, p.role_en, p.minimum, p.capacity, coalesce(g.reason, '') AS reason,
       coalesce(g.refusals, '{}')::text AS refusals
FROM position p LEFT JOIN dispatch_gap g ON g.position_id = p.id AND g.run_id = $1
WHERE p.assignment_id = $2 ORDER BY p.number
"""
_PEOPLE = """
SELECT d.position_id, person.public_id AS person, person.name, d.pinned AS kept, d.outcome,
       coalesce(o.status, '') AS answer, coalesce(m.reason, '') AS reason,
       coalesce(account.display_name, '') AS moved_by, m.moved_at
FROM dispatch_proposal d JOIN position p ON p.id = d.position_id JOIN person ON person.id = d.person_id
LEFT JOIN dispatch_move m ON m.id = d.move_id LEFT JOIN account ON account.id = m.moved_by
LEFT JOIN sign_up s ON s.position_id = p.id AND s.person_id = d.person_id AND s.origin = 'dispatch'
LEFT JOIN dispatch_offer o ON o.sign_up_id = s.id
WHERE d.run_id = $1 AND p.assignment_id = $2 AND d.outcome NOT IN ('taken', 'refused') ORDER BY d.id
"""
_NAMED = """
SELECT DISTINCT ON (p.id, person.id) person.public_id AS person, person.name, a.reference, p.number,
       a.title_zh, a.title_en, a.starts
FROM unnest($1::bigint[], $2::bigint[]) AS seat (position_id, person_id) JOIN position p ON p.id = seat.position_id
JOIN assignment a ON a.id = p.assignment_id JOIN person ON person.id = seat.person_id
"""


@dataclass(frozen=True, slots=True)
class OnSeat:
    """Somebody on a seat; with who put them there and why, if a hand did."""

    person: UUID
    name: str
    kept: bool
    outcome: str
    answer: str
    reason: str
    moved_by: str
    moved_at: datetime | None


@dataclass(frozen=True, slots=True)
class SeatsOf:
    """One kind of seat, its people, and what keeps others away."""

    id: int
    number: int
    role_zh: str
    role_en: str
    minimum: int
    capacity: int
    reason: str
    refusals: dict[str, int]
    people: tuple[OnSeat, ...]

    @property
    def free(self) -> int:
        """Return how many seats are free."""
        return max(0, self.capacity - len(self.people))


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A shift with its seats."""

    run_id: int
    reference: str
    title_zh: str
    title_en: str
    starts: datetime
    ends: datetime
    green: bool
    place_code: str
    place_zh: str
    place_en: str
    seats: tuple[SeatsOf, ...]

    @property
    def cover(self) -> Cover:
        """Return how it is covered."""
        held = all(len(one.people) >= one.minimum for one in self.seats)
        filled = sum(min(len(one.people), one.capacity) for one in self.seats)
        return Cover(1, int(held), sum(one.capacity for one in self.seats), filled, 0)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could take a seat."""

    person: UUID
    name: str
    metres: int


@dataclass(frozen=True, slots=True)
class Partner:
    """Somebody with whom one could change seats, and theirs."""

    person: UUID
    name: str
    reference: str
    number: int
    title_zh: str
    title_en: str
    starts: datetime


async def planned_shift(run: UUID, reference: str) -> PlannedShift:
    """Return a shift as the plan has it."""
    row = await database.fetch_one(_SHIFT, run, reference)
    if row is None:
        raise NotFound
    people = await database.fetch(_PEOPLE, row["run_id"], row["id"])
    seats = [
        SeatsOf(
            **{**one, "refusals": database.decoded(one["refusals"], dict[str, int])},
            people=tuple(
                OnSeat(**{name: found[name] for name in OnSeat.__slots__})
                for found in people
                if found["position_id"] == one["id"]
            ),
        )
        for one in await database.fetch(_POSITIONS, row["run_id"], row.pop("id"))
    ]
    return PlannedShift(**row, seats=tuple(seats))


async def candidates(principal: Principal, run: UUID, shift: PlannedShift) -> dict[int, list[Candidate]] | None:
    """Return for each position with a free seat who could take it; None if the plan's data is gone."""
    board = await _board(principal, run, shift.run_id)
    if board is None:
        return None
    known = {position for one in board.instance.shifts for position in (p.id for p in one.positions)}
    wanted = [one for one in shift.seats if one.free and str(one.id) in known]
    found = {one.number: (await asyncio.to_thread(board.candidates, one.id))[:SHOWN] for one in wanted}
    rows = await database.fetch(
        "SELECT id, public_id, name FROM person WHERE id = ANY ($1)",
        list({person for fit in found.values() for person, _ in fit}),
    )
    names = {row["id"]: row for row in rows}
    return {
        number: [Candidate(names[person]["public_id"], names[person]["name"], metres) for person, metres in fit]
        for number, fit in found.items()
    }


async def partners(principal: Principal, run: UUID, shift: PlannedShift, number: int, person: UUID) -> list[Partner]:
    """Return with whom somebody on this shift could change seats, the soonest first."""
    board = await _board(principal, run, shift.run_id)
    if board is None:
        raise InputIsGone
    position = await position_of_run(shift.run_id, shift.reference, number)
    seat = Seat(position, (await person_ids([person]))[0])
    return await _named(await asyncio.to_thread(board.partners, seat))


async def _named(seats: Sequence[Seat]) -> list[Partner]:
    rows = await database.fetch(_NAMED, [seat.position_id for seat in seats], [seat.person_id for seat in seats])
    shown = sorted(rows, key=lambda row: (row["starts"], row["name"]))[: 2 * SHOWN]
    return [Partner(**{name: row[name] for name in Partner.__slots__}) for row in shown]


async def _board(principal: Principal, run: UUID, run_id: int) -> Board | None:
    try:
        instance = await read_input(principal, run)
    except InputIsGone:
        return None
    return await asyncio.to_thread(Board, instance, await proposals_of(run_id))
