"""Records and their corrections for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from volunteers.attendance.checking_in.controllers import CONFIRMS
from volunteers.attendance.corrections import queries, service
from volunteers.attendance.corrections.rules import LONGEST_REASON
from volunteers.attendance.rules import MOST_SERVED, Outcome, Presence

Instant = Annotated[datetime, msgspec.Meta(tz=True, examples=["2026-11-30T01:00:00Z"])]
READS = requires(Permission.ASSIGNMENT_SIGN_UP, Permission.ATTENDANCE_CONFIRM)


class CorrectionBody(msgspec.Struct):
    """What really was, and how one knows; times default to the shift's own."""

    outcome: Outcome
    reason: Annotated[str, msgspec.Meta(max_length=LONGEST_REASON, examples=["签到表上写的是 9:30 到。"])]
    arrived_at: Instant | None = None
    left_at: Instant | None = None
    people_served: Annotated[int, msgspec.Meta(ge=0, le=MOST_SERVED, examples=[4])] | None = None


class VersionBody(msgspec.Struct):
    """What was said at one time: the first is the confirmation, the last one holds."""

    outcome: Outcome
    arrived_at: Instant | None
    left_at: Instant | None
    minutes: Annotated[int, msgspec.Meta(ge=0, examples=[120])]
    people_served: Annotated[int, msgspec.Meta(ge=0, examples=[4])]
    at: Instant
    reason: str


@get("/attendance/{sign_up:uuid}", guards=[READS], summary="Read a record with its corrections")
async def read_record(sign_up: FromPath[UUID], principal: CurrentPrincipal) -> list[VersionBody]:
    """Return what was confirmed and each correction: the caller's own, or one of the caller's station."""
    confirms = principal.can(Permission.ATTENDANCE_CONFIRM)
    read = queries.record_for_station if confirms else queries.my_record
    return [_body(version) for version in (await read(principal, sign_up)).versions]


@post("/attendance/{sign_up:uuid}/corrections", guards=[CONFIRMS], summary="Correct a record")
async def create_correction(
    sign_up: FromPath[UUID], data: JSONBody[CorrectionBody], principal: CurrentPrincipal
) -> list[VersionBody]:
    """Say what really was; what was confirmed stays readable, and hours follow by an entry of their own."""
    said = Presence(sign_up, data.outcome, data.arrived_at, data.left_at, data.people_served)
    await service.correct(principal, said, data.reason)
    return [_body(version) for version in (await queries.record_for_station(principal, sign_up)).versions]


def _body(version: queries.Version) -> VersionBody:
    return VersionBody(**{name: getattr(version, name) for name in VersionBody.__struct_fields__})
