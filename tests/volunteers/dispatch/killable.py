"""A process to be killed: ``python -m tests.volunteers.dispatch.killable solve|publish RUN``."""

import asyncio
import sys
from uuid import UUID

from app.core import clock, storage
from app.core.access import Permission, system_principal
from volunteers.dispatch import jobs
from volunteers.dispatch.publishing.service import publish_plan


async def run(what: str, plan: UUID) -> None:
    """Do what the worker or the web process does, on the database that the environment names."""
    async with storage.opened():
        if what == "solve":
            await jobs.solve_waiting_runs(clock.now())
        else:
            await publish_plan(system_principal(Permission.DISPATCH_PUBLISH), plan)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1], UUID(sys.argv[2])))
