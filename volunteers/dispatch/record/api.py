"""What a run remembers of itself, for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import decode_cursor, page_size, sliced
from volunteers.dispatch import queries as plans
from volunteers.dispatch.record import queries
from volunteers.dispatch.record.queries import RunRecord, Step
from volunteers.dispatch.rules import RunKind
from volunteers.dispatch.settings.rules import Settings

PLANNER = requires(Permission.DISPATCH_PLAN)
Bounds = Annotated[
    list[int | None],
    msgspec.Meta(
        description="A proven lower bound for each level, over all plans as good on the levels before it. Equal to the "
        "vector's: proved best; null: nothing is proven.",
        examples=[[0, 2, None, None, None, None]],
    ),
]


class RecordBody(msgspec.Struct):
    """Why and with which settings a run was made, from which input, and what is proven of its plan."""

    kind: RunKind
    settings: Settings | None
    bounds: Bounds
    solver_status: Annotated[
        str, msgspec.Meta(description="optimal, work_limit, time_limit or stopped.", examples=["optimal"])
    ]
    attempts: Annotated[int, msgspec.Meta(ge=0, examples=[1])]
    started_at: datetime | None
    solved_at: datetime | None
    parent: Annotated[UUID | None, msgspec.Meta(description="The run that this one looks at anew.")]
    previous: Annotated[UUID | None, msgspec.Meta(description="The plan in force, of which it keeps what it can.")]
    input_sha256: Annotated[str, msgspec.Meta(description="Of the instance as JSON; empty until it was read.")]
    input_kept: Annotated[bool, msgspec.Meta(description="Inputs are removed eight weeks after their week.")]

    @classmethod
    def of(cls, record: RunRecord) -> "RecordBody":
        """Return what a program sees of it."""
        same = ("kind", "settings", "bounds", "solver_status", "attempts", "started_at", "solved_at", "parent")
        return cls(
            **{name: getattr(record, name) for name in (*same, "previous", "input_kept")}, input_sha256=record.digest
        )


class StepBody(msgspec.Struct):
    """A better plan, or more of it proven."""

    number: Annotated[int, msgspec.Meta(ge=1, examples=[3])]
    stage: Annotated[str, msgspec.Meta(examples=["neighbourhoods"])]
    vector: Annotated[list[int], msgspec.Meta(examples=[[0, 2, 5, 31, 0, 18240]])]
    bounds: Bounds
    seconds: Annotated[float, msgspec.Meta(ge=0, examples=[12.4])]

    @classmethod
    def of(cls, step: Step) -> "StepBody":
        """Return what a program sees of it."""
        return cls(step.number, step.stage, step.vector, step.bounds, step.milliseconds / 1000)


@get("/dispatch/runs/{run:uuid}/record", guards=[PLANNER], summary="Show what a plan was made from")
async def show_record(run: FromPath[UUID], principal: CurrentPrincipal) -> RecordBody:
    """Show why and with which settings a run was made, from which input, and what is proven of its plan."""
    await plans.run_view(principal, run)
    return RecordBody.of(await queries.record_of(run))


@get("/dispatch/runs/{run:uuid}/log", guards=[PLANNER], summary="List how the search for a plan went")
async def list_log(
    run: FromPath[UUID],
    principal: CurrentPrincipal,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[StepBody]:
    """List each better plan of the latest attempt, in order; while a run is solved more come every two seconds."""
    await plans.run_view(principal, run)
    size = page_size(limit)
    after = decode_cursor(cursor, int) or 0
    return page_of(sliced(await queries.log_of(run, after, size + 1), lambda step: step.number, size), StepBody.of)
