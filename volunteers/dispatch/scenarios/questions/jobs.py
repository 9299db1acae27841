"""Working out the answers that somebody waits for."""

from datetime import datetime
from typing import Any

from app.core.access import Permission, system_principal
from app.core.jobs import Job
from volunteers.dispatch.scenarios.questions.service import JOB, answer_waiting

SYSTEM = system_principal(Permission.DISPATCH_PLAN)


async def answer_questions(now: datetime) -> dict[str, Any]:
    """Answer every question that waits."""
    return {"answered": await answer_waiting(SYSTEM, now)}


JOBS: list[Job] = [Job(JOB, answer_questions, 15)]
