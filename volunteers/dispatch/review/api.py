"""Looking at a plan before it is sent out, for programs: cover, difference, approval."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, FromQuery

from app.web.guards import CurrentPrincipal
from marketplace.places.rules import LEVEL_BY_LENGTH
from volunteers.assignments.api import Instant, Reference
from volunteers.dispatch import queries as plans
from volunteers.dispatch.api import RunBody
from volunteers.dispatch.review import approving, difference, queries
from volunteers.dispatch.review.controllers import PLANNER, PUBLISHER
from volunteers.dispatch.review.difference import ChangedPerson
from volunteers.dispatch.review.queries import Cell
from volunteers.dispatch.review.rules import CellState, Change

Count = Annotated[int, msgspec.Meta(ge=0, examples=[12])]


class CoverBody(msgspec.Struct):
    """How a place's day is covered by a plan; of a published one as it is held now."""

    place: Annotated[str, msgspec.Meta(examples=["330127100"])]
    day: date
    state: CellState
    shifts: Count
    held: Annotated[int, msgspec.Meta(ge=0, description="Shifts that take place.", examples=[11])]
    seats: Count
    filled: Count
    waiting: Annotated[int, msgspec.Meta(ge=0, description="Offered and not answered.", examples=[3])]

    @classmethod
    def of(cls, cell: Cell) -> "CoverBody":
        """Return what a program sees of a day."""
        cover = cell.cover
        return cls(
            *(cell.code, cell.day, cover.state, cover.shifts, cover.held, cover.seats, cover.filled, cover.waiting)
        )


class ChangedShiftBody(msgspec.Struct):
    """A shift that somebody goes to by the plan in force, by this one, or by both."""

    assignment: Reference
    starts: Instant
    before: bool
    after: bool


class ChangedBody(msgspec.Struct):
    """What the plan changes for somebody, beside the plan in force."""

    person: UUID
    name: Annotated[str, msgspec.Meta(examples=["王晓梅"])]
    change: Change
    shifts: list[ChangedShiftBody]

    @classmethod
    def of(cls, one: ChangedPerson) -> "ChangedBody":
        """Return what a program sees of it."""
        shifts = [ChangedShiftBody(shift.reference, shift.starts, shift.before, shift.after) for shift in one.shifts]
        return cls(one.person, one.name, one.change, shifts)


@get("/dispatch/runs/{run:uuid}/cover", guards=[PLANNER], summary="Show how a plan covers its week")
async def show_cover(run: FromPath[UUID], principal: CurrentPrincipal) -> list[CoverBody]:
    """Return each day of each place directly below the planned one on which there are shifts."""
    view = await plans.run_view(principal, run)
    below = next((length for length in LEVEL_BY_LENGTH if length > len(view.place_code)), len(view.place_code))
    return [CoverBody.of(cell) for cell in await queries.cells_of(run, below)]


@get("/dispatch/runs/{run:uuid}/difference", guards=[PLANNER], summary="Compare a plan with the one in force")
async def show_difference(
    run: FromPath[UUID], principal: CurrentPrincipal, change: FromQuery[Change | None] = None
) -> list[ChangedBody]:
    """Return by name whom a plan sends anew, elsewhere, not any more, or as before."""
    await plans.run_view(principal, run)
    people = await difference.difference(run, await difference.base_of(run))
    return [ChangedBody.of(one) for one in people if change in (None, one.change)]


@post("/dispatch/runs/{run:uuid}/approval", guards=[PUBLISHER], status_code=200, summary="Approve a plan")
async def approve_run(run: FromPath[UUID], principal: CurrentPrincipal) -> RunBody:
    """Approve a solved plan as it stands; only then it can be published."""
    await approving.approve_plan(principal, run)
    return RunBody.of(await plans.run_view(principal, run))


@delete("/dispatch/runs/{run:uuid}/approval", guards=[PLANNER], status_code=200, summary="Take an approval back")
async def reopen_run(run: FromPath[UUID], principal: CurrentPrincipal) -> RunBody:
    """Open an approved plan again, to change it."""
    await approving.reopen_plan(principal, run)
    return RunBody.of(await plans.run_view(principal, run))
