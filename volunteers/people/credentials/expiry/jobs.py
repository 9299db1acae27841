"""Scheduled work about credentials."""

from datetime import datetime
from typing import Any

from volunteers.people.credentials.expiry.service import remind_holders


async def remind_of_expiry(now: datetime) -> dict[str, Any]:
    """Remind holders whose credential ends soon."""
    return {"reminded": await remind_holders(now)}
