"""The night's look at attendance."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from volunteers.attendance.findings.service import look


async def look_for_patterns(now: datetime) -> dict[str, Any]:
    """Look at everybody's attendance of the last weeks."""
    return {
        str(kind): count for kind, count in (await look(system_principal(Permission.CREDENTIAL_VERIFY), now)).items()
    }
