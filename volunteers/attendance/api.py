"""Confirming attendance from a program, a shift or a week at once."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import post
from litestar.params import JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from app.web.i18n import translate
from volunteers.attendance.rules import MOST_SERVED, Outcome, Presence
from volunteers.attendance.service import confirm_attendance

Instant = Annotated[datetime, msgspec.Meta(tz=True, examples=["2026-11-30T01:00:00Z"])]


class PresenceBody(msgspec.Struct):
    """What the station saw; what is left out comes from check-in and log, else from the shift itself."""

    sign_up: UUID
    outcome: Outcome
    arrived_at: Instant | None = None
    left_at: Instant | None = None
    people_served: Annotated[int, msgspec.Meta(ge=0, le=MOST_SERVED, examples=[7])] | None = None

    def presence(self) -> Presence:
        """Return the same as the service takes it."""
        return Presence(**msgspec.structs.asdict(self))


class RefusedBody(msgspec.Struct):
    """A sign-up that was left as it was, and why."""

    sign_up: UUID
    code: Annotated[str, msgspec.Meta(examples=["not_over"])]
    detail: str


class ConfirmedBody(msgspec.Struct):
    """How many were confirmed, and which were not."""

    confirmed: Annotated[int, msgspec.Meta(ge=0, examples=[3])]
    refused: list[RefusedBody]


@post("/attendance", guards=[requires(Permission.ATTENDANCE_CONFIRM)], status_code=200, summary="Confirm who came")
async def confirm(data: JSONBody[list[PresenceBody]], principal: CurrentPrincipal) -> ConfirmedBody:
    """Confirm each presence or refuse it on its own; what is confirmed is never edited."""
    result = await confirm_attendance(principal, [body.presence() for body in data])
    refused = [RefusedBody(found, error.code, translate(error.text())) for found, error in result.refused.items()]
    return ConfirmedBody(len(result.attendance_ids), refused)
