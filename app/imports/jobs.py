"""Long files, read and stored by a worker; files of yesterday, forgotten."""

from datetime import datetime
from typing import Any

from app.accounts.principals import principal_of_account
from app.core.errors import NotFound
from app.core.jobs import Job
from app.imports import service
from app.imports.rules import ImportStatus


async def work_on_imports(now: datetime) -> dict[str, Any]:
    """Go on with every file that waits, each as the person who sent it."""
    del now
    waiting = await service.waiting_imports()
    for row in waiting:
        try:
            sender = await principal_of_account(row["account_id"])
        except NotFound:
            await service.abandon(row["id"])
            continue
        step = service.check if row["status"] == ImportStatus.CHECKING else service.finish
        await step(sender, row["id"])
    return {"worked_on": len(waiting), "forgotten": await service.forget_old()}


JOBS = [Job(service.JOB, work_on_imports, 60)]
