"""Runs that wait are solved one after the other; what somebody waits for has a lane of its own."""

from datetime import datetime
from typing import Any

from app.core import clock
from app.core.access import Permission, system_principal
from app.core.jobs import Job
from volunteers.dispatch import queries
from volunteers.dispatch.input import store
from volunteers.dispatch.parts import service as parts
from volunteers.dispatch.rules import URGENT, RunStatus
from volunteers.dispatch.schedule import service as schedule
from volunteers.dispatch.solving.service import solve_run
from volunteers.dispatch.vacancies import service as vacancies

SYSTEM = system_principal(Permission.DISPATCH_PLAN)


async def solve_waiting_runs(now: datetime) -> dict[str, Any]:
    """Solve every run that waits, also one whose worker died."""
    waiting = await queries.waiting_runs(now)
    return {"solved": [str(run) for run in waiting if await solve_run(run) is RunStatus.SOLVED]}


async def solve_urgent_runs(now: datetime) -> dict[str, Any]:
    """Solve what somebody waits for, while the clock's own runs go on."""
    waiting = await queries.waiting_runs(now, URGENT)
    return {"solved": [str(run) for run in waiting if await solve_run(run) is RunStatus.SOLVED]}


async def plan_waiting_parts(now: datetime) -> dict[str, Any]:
    """Plan parts of other workers' runs, as long as any waits, also one whose worker died."""
    return {"planned": await parts.plan_waiting_parts(now)}


async def plan_coming_weeks(now: datetime) -> dict[str, Any]:
    """Ask for the first plan of each week within the weeks that the settings name."""
    return {"asked": await schedule.plan_coming_weeks(SYSTEM, now)}


async def replan_changed_weeks(now: datetime) -> dict[str, Any]:
    """Ask for a new plan of each week in which anything changed since the last one."""
    return {"asked": await schedule.replan_changed_weeks(SYSTEM, now)}


async def answer_vacancies(now: datetime) -> dict[str, Any]:
    """Plan anew at once where a seat came free under a plan in force."""
    return {outcome.value: count for outcome, count in (await vacancies.answer_vacancies(SYSTEM, now)).items()}


async def remove_old_inputs(now: datetime) -> dict[str, Any]:
    """Remove what runs of weeks long past were solved from."""
    return {"removed": await store.remove_old(clock.local(now).date())}


JOBS: list[Job] = [
    Job("volunteers.solve_waiting_runs", solve_waiting_runs, 15),
    Job("volunteers.solve_urgent_runs", solve_urgent_runs, 15),
    Job("volunteers.plan_waiting_parts", plan_waiting_parts, 15),
    Job("volunteers.answer_vacancies", answer_vacancies, 15),
    Job("volunteers.plan_coming_weeks", plan_coming_weeks, "0 3 * * mon"),
    Job("volunteers.replan_changed_weeks", replan_changed_weeks, "30 3 * * *"),
    Job("volunteers.remove_old_inputs", remove_old_inputs, "10 4 * * *"),
]
