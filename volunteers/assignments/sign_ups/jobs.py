"""Scheduled work around sign-ups."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from volunteers.assignments.sign_ups.disruptions import release_untrained, release_without_credential


async def release_uncovered_seats(now: datetime) -> dict[str, Any]:  # noqa: ARG001 - the clock says it too
    """Open cover for seats whose holder's credential or training will not hold on the day."""
    system = system_principal(Permission.CREDENTIAL_VERIFY)
    return {"released": await release_without_credential(system) + await release_untrained(system)}
