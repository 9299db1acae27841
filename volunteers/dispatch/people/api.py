"""Who a plan sends where, for programs."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import decode_cursor, page_size, sliced
from volunteers.assignments.sign_ups.rules import SignUpStatus
from volunteers.dispatch import queries as plans
from volunteers.dispatch.people import queries
from volunteers.dispatch.people.controllers import seat_key
from volunteers.dispatch.people.queries import SeatFilter, SeatView
from volunteers.dispatch.results import Outcome


class ProposalBody(msgspec.Struct):
    """Somebody on a seat of the plan."""

    person: UUID
    name: Annotated[str, msgspec.Meta(examples=["王晓梅"])]
    assignment: Annotated[str, msgspec.Meta(examples=["RW-2026-000123"])]
    position: Annotated[int, msgspec.Meta(description="The position's number.", examples=[1])]
    place: Annotated[str, msgspec.Meta(examples=["330127100203"])]
    starts: datetime
    ends: datetime
    kept: Annotated[bool, msgspec.Meta(description="The person had signed up; the plan only confirms it.")]
    outcome: Outcome
    sign_up: Annotated[
        SignUpStatus | None, msgspec.Meta(description="How the person has answered, once sent.", examples=["offered"])
    ]

    @classmethod
    def of(cls, view: SeatView) -> "ProposalBody":
        """Return what a program sees of a row."""
        return cls(
            view.person, view.name, view.reference, view.number, view.place_code, view.starts, view.ends, view.kept,
            view.outcome, view.sign_up,
        )  # fmt: skip


@get("/dispatch/runs/{run:uuid}/proposals", guards=[requires(Permission.DISPATCH_PLAN)], summary="List who goes where")
async def list_proposals(
    run: FromPath[UUID],
    principal: CurrentPrincipal,
    place: FromQuery[str] = "",
    day: FromQuery[date | None] = None,
    outcome: FromQuery[Outcome | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[ProposalBody]:
    """List who goes where in order of time; ``place`` takes everything below it."""
    await plans.run_view(principal, run)
    size = page_size(limit)
    after = decode_cursor(cursor, tuple[datetime, str, int, UUID])
    rows = await queries.seats_of(run, SeatFilter(place, day, outcome=outcome), after, size + 1)
    return page_of(sliced(rows, seat_key, size), ProposalBody.of)
