"""Scheduled work about papers."""

from datetime import datetime
from typing import Any

from marketplace.organizations.qualifications.expiry.service import remind_organizations


async def remind_of_paper_expiry(now: datetime) -> dict[str, Any]:
    """Remind the members of organizations whose papers end soon."""
    return {"reminded": await remind_organizations(now)}
