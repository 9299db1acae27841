"""Working out what rules cost, beside the runs that people wait for."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from app.core.jobs import Job
from volunteers.dispatch.explanations.costs.service import work_out_costs

SYSTEM = system_principal(Permission.DISPATCH_PLAN)


async def cost_rules(now: datetime) -> dict[str, Any]:
    """Work out every costing that waits."""
    return {"answers": await work_out_costs(SYSTEM, now)}


JOBS: list[Job] = [Job("volunteers.cost_rules", cost_rules, 15)]
