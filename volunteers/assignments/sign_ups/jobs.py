"""Scheduled work around sign-ups."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from volunteers.assignments.sign_ups.disruptions import release_without_credential


async def release_uncovered_seats(now: datetime) -> dict[str, Any]:  # noqa: ARG001 - the clock says it too
    """Open cover for seats whose holder's credential will not hold on the day."""
    return {"released": await release_without_credential(system_principal(Permission.CREDENTIAL_VERIFY))}
