"""A station's week and an organization's people, for programs."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromQuery

from app.core import clock
from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from volunteers.assignments.api import Count, Instant, Reference, Title
from volunteers.assignments.rosters import queries
from volunteers.assignments.rosters.queries import MemberShift, RosterShift
from volunteers.assignments.rules import AssignmentStatus
from volunteers.assignments.sign_ups.rules import SignUpStatus

Day = Annotated[date, msgspec.Meta(examples=["2026-11-30"])]


class RosterSeatBody(msgspec.Struct):
    """A kind of seat with the names of those who come."""

    role_zh: str
    role_en: str
    minimum: Count
    capacity: Count
    booked: Count
    people: list[str]


class RosterShiftBody(msgspec.Struct):
    """A shift with how well it is covered: missing, free, full or off."""

    reference: Reference
    title_zh: Title
    starts: Instant
    ends: Instant
    status: AssignmentStatus
    coverage: str
    missing: Count
    seats: list[RosterSeatBody]

    @classmethod
    def of(cls, shift: RosterShift) -> "RosterShiftBody":
        """Return what a program sees of a shift."""
        names = ("reference", "title_zh", "starts", "ends", "status", "coverage", "missing")
        seats = [
            RosterSeatBody(s.role_zh, s.role_en, s.minimum, s.capacity, s.booked, [person.name for person in s.people])
            for s in shift.seats
        ]
        return cls(**{name: getattr(shift, name) for name in names}, seats=seats)


class MemberShiftBody(msgspec.Struct):
    """One of an organization's people on one shift; ``minutes`` once attendance is confirmed."""

    person: Annotated[str, msgspec.Meta(examples=["王芳"])]
    reference: Reference
    title_zh: Title
    role_zh: str
    starts: Instant
    ends: Instant
    status: SignUpStatus
    place_zh: str
    minutes: Count | None

    @classmethod
    def of(cls, row: MemberShift) -> "MemberShiftBody":
        """Return what a program sees of it."""
        return cls(**{name: getattr(row, name) for name in cls.__struct_fields__})


@get(
    "/station/week",
    guards=[requires(Permission.ASSIGNMENT_PUBLISH, Permission.ATTENDANCE_CONFIRM)],
    summary="Show a station's week",
)
async def station_week(
    principal: CurrentPrincipal, station: FromQuery[int | None] = None, week: FromQuery[date | None] = None
) -> list[RosterShiftBody]:
    """Show the shifts of a week (named by any of its days) with their people; by default the first own station's."""
    chosen = queries.chosen(await queries.my_stations(principal), station)
    if chosen is None:
        return []
    monday = clock.week_start(week or clock.today())
    return [RosterShiftBody.of(shift) for shift in await queries.shifts_of(chosen, monday, 7)]


@get(
    "/organization/schedule", guards=[requires(Permission.ORGANIZATION_SCHEDULE)], summary="Show one's people's shifts"
)
async def organization_schedule(
    principal: CurrentPrincipal, since: FromQuery[Day], until: FromQuery[Day]
) -> list[MemberShiftBody]:
    """Show where the people of the caller's organizations are, from a first to a last day."""
    return [MemberShiftBody.of(row) for row in await queries.members_shifts(principal, since, until)]
