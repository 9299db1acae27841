"""Changing a plan by hand: weighed by all hard rules at once, written with who and why, and undone by another move."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from volunteers.dispatch import results
from volunteers.dispatch.engine.instance import Instance, Vector
from volunteers.dispatch.input import store
from volunteers.dispatch.moves import queries
from volunteers.dispatch.moves.rules import (
    Move,
    MoveKind,
    MoveRefused,
    NobodyChosen,
    NothingToUndo,
    PlanIsOut,
    ReasonForMoveMissing,
    Seat,
)
from volunteers.dispatch.moves.weighing import Board, Weighed, gap_after
from volunteers.dispatch.review.approving import locked_run, reopen
from volunteers.dispatch.rules import UNPUBLISHED, RunStatus

_PUT = """
INSERT INTO dispatch_proposal (run_id, position_id, person_id, pinned, move_id) VALUES ($1, $2, $3, false, $4)
ON CONFLICT (run_id, position_id, person_id) DO UPDATE SET outcome = 'proposed', move_id = excluded.move_id
"""
_TAKE = """
UPDATE dispatch_proposal SET outcome = 'taken', move_id = $4
WHERE run_id = $1 AND position_id = $2 AND person_id = $3 AND NOT pinned
"""
_FORGET_GAPS = """
DELETE FROM dispatch_gap g USING position p
WHERE g.run_id = $1 AND p.id = g.position_id AND p.assignment_id = ANY ($2)
"""
_FORGET_GAPS_AT = "DELETE FROM dispatch_gap WHERE run_id = $1 AND position_id = ANY ($2)"


async def put(principal: Principal, run: UUID, seats: Sequence[tuple[str, int, UUID]], reason: str) -> None:
    """Put people on empty seats, all at once: (the assignment's reference, the position's number, the person)."""
    await _move(principal, run, MoveKind.PUT, puts=seats, takes=(), reason=reason)


async def take(principal: Principal, run: UUID, seats: Sequence[tuple[str, int, UUID]], reason: str) -> None:
    """Take people off their seats, all at once."""
    await _move(principal, run, MoveKind.TAKE, puts=(), takes=seats, reason=reason)


async def swap(
    principal: Principal, run: UUID, one: tuple[str, int, UUID], other: tuple[str, int, UUID], reason: str
) -> None:
    """Let two people change seats."""
    puts = ((*one[:2], other[2]), (*other[:2], one[2]))
    await _move(principal, run, MoveKind.SWAP, puts=puts, takes=(one, other), reason=reason)


async def undo(principal: Principal, run: UUID) -> None:
    """Take the latest change back, as long as the rules allow what was before."""
    instance = await read_input(principal, run)
    async with transaction():
        row = await _open(principal, run)
        found = await queries.last_move(row["id"])
        if found is None:
            raise NothingToUndo
        await _make(principal, row, instance, found[1].taken_back(), "", undoes_id=found[0])


async def read_input(principal: Principal, run: UUID) -> Instance:
    """Return what a plan was solved from; it does not change, so nothing is locked."""
    async with transaction():
        row = await locked_run(principal, Permission.DISPATCH_PLAN, run)
    if row["instance_sha256"] is None:
        raise PlanIsOut
    return await store.read(row["instance_sha256"])


async def _move(
    principal: Principal,
    run: UUID,
    kind: MoveKind,
    *,
    puts: Sequence[tuple[str, int, UUID]],
    takes: Sequence[tuple[str, int, UUID]],
    reason: str,
) -> None:
    if not puts and not takes:
        raise NobodyChosen
    if not reason.strip():
        raise ReasonForMoveMissing
    instance = await read_input(principal, run)
    async with transaction():
        row = await _open(principal, run)
        move = Move(kind, await _seats(row["id"], puts), await _seats(row["id"], takes))
        await _make(principal, row, instance, move, reason.strip())


async def _open(principal: Principal, run: UUID) -> Row:
    """Lock a plan that may be changed; an approval does not outlive a change."""
    row = await locked_run(principal, Permission.DISPATCH_PLAN, run)
    if row["status"] not in UNPUBLISHED:
        raise PlanIsOut
    if row["status"] == RunStatus.APPROVED:
        await reopen(principal, row)
    return row


async def _seats(run_id: int, named: Sequence[tuple[str, int, UUID]]) -> tuple[Seat, ...]:
    people = await queries.person_ids(person for _, _, person in named)
    positions = [await queries.position_of_run(run_id, reference, number) for reference, number, _ in named]
    return tuple(Seat(*pair) for pair in zip(positions, people, strict=True))


async def _make(
    principal: Principal, row: Row, instance: Instance, move: Move, reason: str, undoes_id: int | None = None
) -> None:
    board = await asyncio.to_thread(Board, instance, await queries.proposals_of(row["id"]))
    people = {seat.person_id for seat in (*move.puts, *move.takes)}
    shifts = {shift.id for person in people for shift in board.shifts_of[str(person)]}
    shifts |= {board.shift_id(seat.position_id) for seat in (*move.puts, *move.takes)}
    names = await queries.names_of(people, shifts)
    if broken := await asyncio.to_thread(board.broken, move, names):
        raise MoveRefused(broken)
    weighed = await asyncio.to_thread(board.weighed, move)
    move_id = await _record(principal, row["id"], move, reason, undoes_id)
    for seat in move.takes:
        await database.execute(_TAKE, row["id"], seat.position_id, seat.person_id, move_id)
    for seat in move.puts:
        await database.execute(_PUT, row["id"], seat.position_id, seat.person_id, move_id)
    await _write_gaps(row["id"], weighed)
    await database.update_row("dispatch_run", row["id"], _measured(row, weighed.vector))


async def _record(principal: Principal, run_id: int, move: Move, reason: str, undoes_id: int | None) -> int:
    number = await database.fetch_value(
        "SELECT coalesce(max(number), 0) + 1 FROM dispatch_move WHERE run_id = $1", run_id
    )
    said = {"kind": move.kind.value, "reason": reason, "moved_by": principal.actor, "moved_at": clock.now()}
    move_id = await database.insert_row(
        "dispatch_move", {"run_id": run_id, "number": number, "undoes_id": undoes_id, **said}
    )
    await database.copy_rows(
        "dispatch_move_seat",
        ("move_id", "position_id", "person_id", "does"),
        [
            (move_id, seat.position_id, seat.person_id, does)
            for does, seats in (("put", move.puts), ("take", move.takes))
            for seat in seats
        ],
    )
    await audit.record(principal, f"dispatch.moved.{move.kind}", "dispatch_run", run_id, move=move_id)
    return move_id


async def _write_gaps(run_id: int, weighed: Weighed) -> None:
    """Count the shifts anew that the move touches; in the others correct what was said of the people moved."""
    others = await queries.gaps_at(run_id, weighed.elsewhere)
    corrected = results.gaps(gap_after(gap, weighed.elsewhere[int(gap.position)]) for gap in others)
    await database.execute(_FORGET_GAPS, run_id, [int(shift) for shift in weighed.shifts])
    await database.execute(_FORGET_GAPS_AT, run_id, [position for position, *_ in corrected])
    await results.write_rows(run_id, (), [*weighed.gaps, *corrected])


def _measured(row: Row, vector: Vector) -> Row:
    """Return the plan's new vector, and of the proven bounds those that a change by hand leaves true."""
    bounds = database.decoded(row["bounds"], object)
    proven = bounds if isinstance(bounds, list) else []
    same = next((level for level, pair in enumerate(zip(row["vector"], vector, strict=True)) if pair[0] != pair[1]), 6)
    kept = [bound if level <= same else None for level, bound in enumerate(proven)]
    return {"vector": list(vector), "bounds": msgspec.json.encode(kept).decode()}
