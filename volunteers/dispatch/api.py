"""Dispatch for programs: ask for a plan, follow it, read it, publish it."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core import clock
from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import decode_cursor, page_size, sliced
from volunteers.dispatch import queries, service
from volunteers.dispatch.engine.eligibility import Refusal
from volunteers.dispatch.forms import PlanForm
from volunteers.dispatch.pages import gap_key
from volunteers.dispatch.publishing.service import PublishedPlan, publish_plan
from volunteers.dispatch.queries import GapView, RunView
from volunteers.dispatch.rules import RunKind, RunStatus

PLANNER = requires(Permission.DISPATCH_PLAN)
Levels = Annotated[
    list[int] | None,
    msgspec.Meta(
        description="Smaller is better, left to right: unheld green-channel shifts, unheld shifts at places short of "
        "lawyers, unheld shifts, empty seats, changes, burden. Null until solved.",
        examples=[[0, 2, 5, 31, 0, 18240]],
    ),
]
Count = Annotated[int, msgspec.Meta(ge=0, examples=[412])]


class RunBody(msgspec.Struct):
    """A plan of one week for everything below a place."""

    id: UUID
    kind: RunKind
    place: Annotated[str, msgspec.Meta(examples=["330127100"])]
    week_start: Annotated[date, msgspec.Meta(description="Monday.", examples=["2026-11-23"])]
    status: RunStatus
    time_limit_s: Annotated[int, msgspec.Meta(examples=[30])]
    vector: Levels
    greedy_vector: Levels
    created_at: datetime
    approved_at: datetime | None
    published_at: datetime | None

    @classmethod
    def of(cls, view: RunView) -> "RunBody":
        """Return what a program sees of a run."""
        return cls(
            view.public_id, view.kind, view.place_code, view.week_start, RunStatus(view.status), view.time_limit_s,
            view.vector, view.greedy_vector, view.created_at, view.approved_at, view.published_at,
        )  # fmt: skip


class RunDetail(msgspec.Struct):
    """A run with what its proposals come to."""

    run: RunBody
    seats: Annotated[int, msgspec.Meta(ge=0, description="Seats with somebody on them.", examples=[412])]
    people: Count
    kept: Annotated[int, msgspec.Meta(ge=0, description="Seats people had signed up for.", examples=[36])]
    sent: Annotated[int, msgspec.Meta(ge=0, description="Since publication.", examples=[376])]
    refused: Annotated[int, msgspec.Meta(ge=0, description="Could not be sent any more at publication.", examples=[0])]


class GapBody(msgspec.Struct):
    """A position with empty seats, and how many people each rule keeps away."""

    assignment: Annotated[str, msgspec.Meta(examples=["RW-2026-000123"])]
    position: Annotated[int, msgspec.Meta(description="The position's number.", examples=[1])]
    place: Annotated[str, msgspec.Meta(examples=["330127100203"])]
    starts: datetime
    green: bool
    held: Annotated[bool, msgspec.Meta(description="Whether the shift takes place without these seats.")]
    empty_seats: Annotated[int, msgspec.Meta(ge=1, examples=[1])]
    reason: Refusal
    refusals: Annotated[dict[str, int], msgspec.Meta(examples=[{"credential": 58, "elsewhere": 3}])]

    @classmethod
    def of(cls, view: GapView) -> "GapBody":
        """Return what a program sees of a gap."""
        return cls(
            view.reference, view.number, view.place_code, view.starts, view.green, view.held, view.empty_seats,
            Refusal(view.reason), view.refusals,
        )  # fmt: skip


class PublicationBody(msgspec.Struct):
    """What publishing did."""

    sent: Annotated[int, msgspec.Meta(ge=0, description="Seats offered, or given.", examples=[376])]
    kept: Annotated[int, msgspec.Meta(ge=0, examples=[36])]
    refused: Annotated[int, msgspec.Meta(ge=0, description="Could not be filled any more.", examples=[0])]
    asked: Annotated[bool, msgspec.Meta(description="Whether people answer first, by the place's settings.")]

    @classmethod
    def of(cls, done: PublishedPlan) -> "PublicationBody":
        """Return what a program sees of it."""
        return cls(done.sent, done.kept, done.refused, done.asked)


@get("/dispatch/runs", guards=[PLANNER], summary="List plans")
async def list_runs(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[RunBody]:
    """List the plans of the caller's places, the newest first."""
    size = page_size(limit)
    rows = await queries.runs(principal, decode_cursor(cursor, tuple[datetime, UUID]), size + 1)
    return page_of(sliced(rows, lambda row: (row.created_at, row.public_id), size), RunBody.of)


@post("/dispatch/runs", guards=[PLANNER], summary="Ask for a plan")
async def create_run(data: JSONBody[PlanForm], principal: CurrentPrincipal) -> RunBody:
    """Ask for a plan of a week; while one of the same place and week is underway, that one is returned."""
    run = await service.plan_week(principal, data.place, clock.week_start(data.week), data.seconds)
    return RunBody.of(await queries.run_view(principal, run))


@get("/dispatch/runs/{run:uuid}", guards=[PLANNER], summary="Show a plan")
async def show_run(run: FromPath[UUID], principal: CurrentPrincipal) -> RunDetail:
    """Show how far a run is and what it comes to; ask again every few seconds until it is solved."""
    view = await queries.run_view(principal, run)
    found = await queries.run_figures(run)
    return RunDetail(RunBody.of(view), found.seats, found.people, found.kept, found.sent, found.refused)


@get("/dispatch/runs/{run:uuid}/gaps", guards=[PLANNER], summary="List a plan's empty seats")
async def list_gaps(
    run: FromPath[UUID],
    principal: CurrentPrincipal,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[GapBody]:
    """List positions with empty seats: shifts that cannot be held first, the green channel before all."""
    await queries.run_view(principal, run)
    size = page_size(limit)
    after = decode_cursor(cursor, tuple[bool, bool, datetime, str, int])
    return page_of(sliced(await queries.gaps_of(run, after, size + 1), gap_key, size), GapBody.of)


@post(
    "/dispatch/runs/{run:uuid}/publication",
    guards=[requires(Permission.DISPATCH_PUBLISH)],
    status_code=200,
    summary="Publish a plan",
)
async def publish_run(run: FromPath[UUID], principal: CurrentPrincipal) -> PublicationBody:
    """Ask everybody an approved plan names, or send them; who cannot go any more is counted, not forced."""
    return PublicationBody.of(await publish_plan(principal, run))
