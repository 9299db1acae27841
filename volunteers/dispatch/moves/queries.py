"""Reading what was changed in a plan by hand, and who stands where."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.errors import NotFound
from app.core.text import Words
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.engine.explain import Gap
from volunteers.dispatch.moves.rules import Move, MoveKind, Seat
from volunteers.dispatch.moves.weighing import Names


@dataclass(frozen=True, slots=True)
class MovedSeat:
    """A seat that a move gave or took."""

    does: str
    name: str
    reference: str
    title_zh: str
    title_en: str
    starts: datetime


@dataclass(frozen=True, slots=True)
class MoveView:
    """A change by hand: who made it, when, why, and whether it was taken back."""

    public_id: UUID
    number: int
    kind: MoveKind
    reason: str
    moved_by: str
    moved_at: datetime
    undone: bool
    seats: tuple[MovedSeat, ...]


_MOVES = """
SELECT m.id, m.public_id, m.number, m.kind, m.reason, account.display_name AS moved_by, m.moved_at,
       EXISTS (SELECT FROM dispatch_move u WHERE u.undoes_id = m.id) AS undone,
       x.does, person.name, a.reference, a.title_zh, a.title_en, a.starts
FROM dispatch_run r JOIN dispatch_move m ON m.run_id = r.id JOIN account ON account.id = m.moved_by
JOIN dispatch_move_seat x ON x.move_id = m.id JOIN person ON person.id = x.person_id
JOIN position p ON p.id = x.position_id JOIN assignment a ON a.id = p.assignment_id
WHERE r.public_id = $1 ORDER BY m.number DESC, x.id
"""
_LAST = """
SELECT m.id, m.kind FROM dispatch_move m WHERE m.run_id = $1 AND m.kind <> 'undo'
  AND NOT EXISTS (SELECT FROM dispatch_move u WHERE u.undoes_id = m.id) ORDER BY m.number DESC LIMIT 1
"""


async def moves_of(run: UUID) -> list[MoveView]:
    """Return what was changed in a plan by hand, the latest first."""
    found: dict[int, tuple[database.Row, list[MovedSeat]]] = {}
    for row in await database.fetch(_MOVES, run):
        seats = found.setdefault(row["id"], (row, []))[1]
        seats.append(MovedSeat(**{name: row[name] for name in MovedSeat.__slots__}))
    return [
        MoveView(
            *(row["public_id"], row["number"], MoveKind(row["kind"]), row["reason"], row["moved_by"], row["moved_at"]),
            *(row["undone"], tuple(seats)),
        )
        for row, seats in found.values()
    ]


async def last_move(run_id: int) -> tuple[int, Move] | None:
    """Return the latest move that was not taken back, with its id."""
    row = await database.fetch_one(_LAST, run_id)
    if row is None:
        return None
    rows = await database.fetch(
        "SELECT position_id, person_id, does FROM dispatch_move_seat WHERE move_id = $1 ORDER BY id", row["id"]
    )
    seats = {does: tuple(Seat(x["position_id"], x["person_id"]) for x in rows if x["does"] == does) for does in
             ("put", "take")}  # fmt: skip
    return row["id"], Move(MoveKind(row["kind"]), seats["put"], seats["take"])


async def proposals_of(run_id: int) -> list[tuple[Seat, bool]]:
    """Return who stands where by a plan, each with whether they signed up themselves."""
    rows = await database.fetch(
        """SELECT position_id, person_id, pinned FROM dispatch_proposal
           WHERE run_id = $1 AND outcome NOT IN ('taken', 'refused') ORDER BY id""",
        run_id,
    )
    return [(Seat(row["position_id"], row["person_id"]), row["pinned"]) for row in rows]


async def names_of(people: Iterable[int], shifts: Iterable[str]) -> Names:
    """Return how people and shifts are called; shifts that are not of this week's list have no name."""
    persons = await database.fetch("SELECT id, name FROM person WHERE id = ANY ($1)", list(people))
    titles = await database.fetch(
        "SELECT id, title_zh, title_en FROM assignment WHERE id = ANY ($1)",
        [int(shift) for shift in shifts if shift.isdigit()],
    )
    return Names(
        {str(row["id"]): row["name"] for row in persons},
        {str(row["id"]): Words(row["title_zh"], row["title_en"]) for row in titles},
    )


async def position_of_run(run_id: int, reference: str, number: int) -> int:
    """Return the id of a position that the plan is about."""
    found = await database.fetch_value(
        """SELECT p.id FROM position p JOIN assignment a ON a.id = p.assignment_id
           WHERE a.reference = $2 AND p.number = $3
             AND (EXISTS (SELECT FROM dispatch_proposal d WHERE d.run_id = $1 AND d.position_id = p.id)
                  OR EXISTS (SELECT FROM dispatch_gap g WHERE g.run_id = $1 AND g.position_id = p.id))""",
        *(run_id, reference, number),
    )
    if found is None:
        raise NotFound
    return int(found)


async def person_ids(public_ids: Iterable[UUID]) -> list[int]:
    """Return people's ids; NotFound if one of them is unknown."""
    wanted = list(public_ids)
    rows = await database.fetch("SELECT id, public_id FROM person WHERE public_id = ANY ($1)", wanted)
    ids = {row["public_id"]: row["id"] for row in rows}
    if len(ids) < len(set(wanted)):
        raise NotFound
    return [ids[one] for one in wanted]


async def gaps_at(run_id: int, positions: Iterable[int]) -> list[Gap]:
    """Return the empty seats of some positions, as they were counted last."""
    rows = await database.fetch(
        """SELECT p.assignment_id, g.position_id, g.empty_seats, g.held, g.refusals::text AS refusals
           FROM dispatch_gap g JOIN position p ON p.id = g.position_id
           WHERE g.run_id = $1 AND g.position_id = ANY ($2) ORDER BY g.id""",
        *(run_id, list(positions)),
    )
    return [
        Gap(
            shift=str(row["assignment_id"]),
            position=str(row["position_id"]),
            empty_seats=row["empty_seats"],
            missing=0,
            shift_held=row["held"],
            refused=database.decoded(row["refusals"], dict[Refusal, int]),
        )
        for row in rows
    ]
