"""Locks for programs: what the next plan of a week keeps."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from volunteers.dispatch import queries as plans
from volunteers.dispatch.locks import service
from volunteers.dispatch.locks.controllers import PLANNER, lock_as_said
from volunteers.dispatch.locks.forms import LockForm
from volunteers.dispatch.locks.queries import LockView, locks_of


class LockEntry(msgspec.Struct):
    """A person (``name``) or a shift (``assignment``) that the next plan keeps."""

    id: UUID
    name: Annotated[str, msgspec.Meta(examples=["王晓梅"])]
    assignment: Annotated[str, msgspec.Meta(examples=["RW-2026-000123"])]
    seats: Annotated[int, msgspec.Meta(ge=1, examples=[2])]
    reason: Annotated[str, msgspec.Meta(examples=["周二一直是她"])]
    locked_by: str
    locked_at: datetime

    @classmethod
    def of(cls, view: LockView) -> "LockEntry":
        """Return what a program sees of a lock."""
        return cls(
            *(view.public_id, view.name, view.reference, view.seats, view.reason, view.locked_by, view.locked_at)
        )


class LockBody(msgspec.Struct):
    """The id of a lock."""

    id: UUID


@get("/dispatch/runs/{run:uuid}/locks", guards=[PLANNER], summary="List what is locked of a week")
async def list_locks(run: FromPath[UUID], principal: CurrentPrincipal) -> list[LockEntry]:
    """List the locks that hold for a plan's week, whichever plan they were set on."""
    view = await plans.run_view(principal, run)
    return [LockEntry.of(one) for one in await locks_of(principal, view.place_code, view.week_start)]


@post("/dispatch/runs/{run:uuid}/locks", guards=[PLANNER], summary="Lock a person or a shift")
async def create_lock(run: FromPath[UUID], data: JSONBody[LockForm], principal: CurrentPrincipal) -> LockBody:
    """Keep all seats of a person, or everybody on a shift, in the next plan of the week."""
    return LockBody(await lock_as_said(principal, run, data))


@delete("/dispatch/locks/{public_id:uuid}", guards=[PLANNER], summary="Unlock")
async def delete_lock(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Leave the person or the shift to the next plan again."""
    await service.unlock(principal, public_id)
