"""Scheduled work of call-outs."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from volunteers.assignments.call_outs.service import move_on


async def move_call_outs_on(now: datetime) -> dict[str, Any]:  # noqa: ARG001 - the clock says it too
    """Ask the next where nobody answered in time, end what is settled."""
    return dict(await move_on(system_principal(Permission.ASSIGNMENT_PUBLISH)))
