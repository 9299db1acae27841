"""Why seats are empty, and what would fill them, for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from volunteers.dispatch.engine.fillings import FillingKind
from volunteers.dispatch.explanations.seats import queries
from volunteers.dispatch.explanations.seats.queries import EmptySeats, SeatView, Step

Count = Annotated[int, msgspec.Meta(ge=0, examples=[12])]


class FunnelBody(msgspec.Struct):
    """How many people are left, sieve by sieve; of those needed elsewhere, who signed up there themselves."""

    everybody: Count
    qualified: Count
    in_reach: Count
    free: Count
    within_limits: Count
    to_spare: Count
    needed_elsewhere: Count
    signed_up_elsewhere: Count


class StepBody(msgspec.Struct):
    """One thing that alone would fill the seat, found by trying it on the plan."""

    kind: FillingKind
    amount: Annotated[
        int,
        msgspec.Meta(
            description="People, metres, minutes or shifts more, of one person; minutes later if moved.", examples=[60]
        ),
    ]
    starts: Annotated[datetime | None, msgspec.Meta(description="The new beginning, if the shift is moved.")]
    joining: Annotated[
        int, msgspec.Meta(ge=0, description="Who else would then come, so that it is held.", examples=[0])
    ]

    @classmethod
    def of(cls, step: Step) -> "StepBody":
        """Return what a program sees of it."""
        return cls(step.kind, step.amount, step.starts, step.joining)


class EmptySeatBody(msgspec.Struct):
    """A position with empty seats in the plan."""

    position: Annotated[int, msgspec.Meta(description="The position's number.", examples=[1])]
    empty: Annotated[int, msgspec.Meta(ge=1, description="In the plan.", examples=[1])]
    free_now: Annotated[int, msgspec.Meta(ge=0, description="That nobody has taken since.", examples=[1])]
    held: Annotated[bool, msgspec.Meta(description="Whether the shift takes place without these seats.")]
    people: FunnelBody
    would_fill: list[StepBody]

    @classmethod
    def of(cls, seat: SeatView) -> "EmptySeatBody":
        """Return what a program sees of it."""
        found = seat.funnel
        people = FunnelBody(
            *(found.everybody, found.qualified, found.in_reach, found.free, found.within_limits, found.to_spare),
            *(found.needed_elsewhere, found.signed_up),
        )
        return cls(seat.number, seat.empty, seat.free, seat.held, people, [StepBody.of(step) for step in seat.steps])


class EmptySeatsBody(msgspec.Struct):
    """A shift's empty seats in a plan; ``run`` null means that no plan is in force."""

    assignment: Annotated[str, msgspec.Meta(examples=["RW-2026-000123"])]
    run: UUID | None
    known: Annotated[bool, msgspec.Meta(description="Whether the plan knew of the shift.")]
    input_kept: Annotated[bool, msgspec.Meta(description="Inputs are removed eight weeks after their week.")]
    seats: list[EmptySeatBody]

    @classmethod
    def of(cls, found: EmptySeats) -> "EmptySeatsBody":
        """Return what a program sees of it."""
        seats = [EmptySeatBody.of(seat) for seat in found.seats]
        return cls(found.shift.reference, found.run, found.known, not found.gone, seats)


@get(
    "/dispatch/runs/{run:uuid}/empty-seats/{reference:str}",
    guards=[requires(Permission.DISPATCH_PLAN)],
    summary="Explain a shift's empty seats in a plan",
)
async def show_in_run(run: FromPath[UUID], reference: FromPath[str], principal: CurrentPrincipal) -> EmptySeatsBody:
    """Count who is left for each empty seat, and name the smallest single steps that would fill it."""
    return EmptySeatsBody.of(await queries.in_run(principal, run, reference))


@get(
    "/assignments/{reference:str}/empty-seats",
    guards=[requires(Permission.ATTENDANCE_CONFIRM, Permission.ASSIGNMENT_PUBLISH)],
    summary="Explain a shift's empty seats in the plan in force",
)
async def show_in_force(reference: FromPath[str], principal: CurrentPrincipal) -> EmptySeatsBody:
    """The same for the staff of the shift's station, in the plan in force."""
    return EmptySeatsBody.of(await queries.on_station_shift(principal, reference))
