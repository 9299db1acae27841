"""Every night, before weeks are planned, what places still lack is made; in the morning coordinators hear of alarms."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from app.core.jobs import Job
from volunteers.coverage.alarms import tell_coordinators
from volunteers.coverage.demand.service import make_demand

SYSTEM = system_principal(Permission.ASSIGNMENT_PUBLISH)


async def make_coverage_demand(now: datetime) -> dict[str, Any]:
    """Make the shifts that places still lack."""
    return {"made": await make_demand(SYSTEM, now)}


async def tell_of_coverage(now: datetime) -> dict[str, Any]:
    """Tell coordinators of places that nobody will come to in time, once in a period."""
    del now
    return {"told": await tell_coordinators()}


JOBS: list[Job] = [
    Job("volunteers.make_coverage_demand", make_coverage_demand, "45 2 * * *"),
    Job("volunteers.tell_of_coverage", tell_of_coverage, "0 7 * * *"),
]
