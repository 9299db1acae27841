"""Frameworks end by themselves."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from procurement.frameworks.service import expire_frameworks


async def end_frameworks(now: datetime) -> dict[str, Any]:
    """Expire every framework whose last day is over."""
    return {"expired": await expire_frameworks(system_principal(Permission.FRAMEWORK_MANAGE), now)}
