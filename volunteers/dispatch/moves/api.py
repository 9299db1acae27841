"""Changing a plan by hand, for programs: each change is weighed by all hard rules and refused with those it breaks."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Principal
from app.web.guards import CurrentPrincipal
from volunteers.assignments.api import Reference
from volunteers.dispatch import queries as plans
from volunteers.dispatch.moves import queries, service
from volunteers.dispatch.moves.controllers import PLANNER
from volunteers.dispatch.moves.forms import Why
from volunteers.dispatch.moves.queries import MoveView
from volunteers.dispatch.moves.rules import MoveKind, NobodyChosen


class SeatBody(msgspec.Struct):
    """A person on a position of a shift."""

    assignment: Reference
    person: UUID
    position: Annotated[int, msgspec.Meta(ge=1, description="The position's number.", examples=[1])] = 1

    def named(self) -> tuple[str, int, UUID]:
        """Return it as the service takes it."""
        return self.assignment, self.position, self.person


class MoveBody(msgspec.Struct):
    """``put`` and ``take`` name any number of seats, ``swap`` the two that change their people."""

    kind: MoveKind
    seats: list[SeatBody]
    reason: Why


class MoveEntry(msgspec.Struct):
    """A change by hand, with who made it and why."""

    id: UUID
    number: Annotated[int, msgspec.Meta(ge=1, examples=[2])]
    kind: MoveKind
    reason: str
    moved_by: Annotated[str, msgspec.Meta(examples=["李协调"])]
    moved_at: datetime
    undone: bool
    put: list[str]
    taken: list[str]

    @classmethod
    def of(cls, view: MoveView) -> "MoveEntry":
        """Return what a program sees of a change: the names with the shifts they go to or leave."""
        written = {does: [f"{x.name} {x.reference}" for x in view.seats if x.does == does] for does in ("put", "take")}
        return cls(
            *(view.public_id, view.number, view.kind, view.reason, view.moved_by, view.moved_at, view.undone),
            *(written["put"], written["take"]),
        )


@get("/dispatch/runs/{run:uuid}/moves", guards=[PLANNER], summary="List changes by hand")
async def list_moves(run: FromPath[UUID], principal: CurrentPrincipal) -> list[MoveEntry]:
    """List what was changed in a plan by hand, the latest first."""
    await plans.run_view(principal, run)
    return [MoveEntry.of(view) for view in await queries.moves_of(run)]


@post("/dispatch/runs/{run:uuid}/moves", guards=[PLANNER], summary="Change a plan by hand")
async def create_move(run: FromPath[UUID], data: JSONBody[MoveBody], principal: CurrentPrincipal) -> MoveEntry:
    """Put, take or swap; what breaks a hard rule is refused with 409 and the rules by code."""
    await _make(principal, run, data)
    return MoveEntry.of((await queries.moves_of(run))[0])


@delete("/dispatch/runs/{run:uuid}/moves/latest", guards=[PLANNER], status_code=200, summary="Undo the latest change")
async def undo_move(run: FromPath[UUID], principal: CurrentPrincipal) -> MoveEntry:
    """Take the latest change back; returns the change that did so."""
    await service.undo(principal, run)
    return MoveEntry.of((await queries.moves_of(run))[0])


async def _make(principal: Principal, run: UUID, data: MoveBody) -> None:
    seats = [seat.named() for seat in data.seats]
    if data.kind is MoveKind.PUT:
        await service.put(principal, run, seats, data.reason)
    elif data.kind is MoveKind.TAKE:
        await service.take(principal, run, seats, data.reason)
    elif data.kind is MoveKind.SWAP and len(seats) == 2:
        await service.swap(principal, run, *seats, data.reason)
    else:
        raise NobodyChosen
