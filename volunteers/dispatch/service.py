"""Planning a week: ask for a plan, solve it, publish it. A plan sends nobody until somebody publishes it."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, NotFound
from app.core.state import advance
from app.core.text import N_
from volunteers.assignments.sign_ups.rules import Origin
from volunteers.assignments.sign_ups.service import Wanted, sign_up_many
from volunteers.dispatch import results, solver_process, week
from volunteers.dispatch.engine.explain import explain
from volunteers.dispatch.engine.files import encode
from volunteers.dispatch.engine.instance import Instance, Plan
from volunteers.dispatch.results import Outcome
from volunteers.dispatch.rules import STALE, TRANSITIONS, RunEvent, RunStatus
from volunteers.dispatch.solver_process import Progress

MAX_SECONDS = 600


class WeekHasPassed(DomainError):
    """Nobody can be sent to last week."""

    code, status, message = "week_has_passed", 409, N_("这一周已经结束，请选择本周或以后的周。")


class SolverDidNotFinish(DomainError):
    """The solver ended without a plan."""

    code, status, message = "solver_did_not_finish", 500, N_("排班没有完成：%(error)s。请稍后重试，或缩小区域。")


@dataclass(frozen=True, slots=True)
class PublishedPlan:
    """How many people were sent, kept, and not sent after all because the world had moved on."""

    sent: int
    kept: int
    refused: int


def silent(progress: Progress) -> None:
    """Report nothing."""
    del progress


async def plan_week(principal: Principal, place_code: str, week_start: date, time_limit: int) -> UUID:
    """Ask for a plan of one week for everything below a place; an unfinished one is returned instead of a second."""
    principal.scope(Permission.DISPATCH_PLAN).require_place(place_code)
    if week.bounds_of(week_start)[1] <= clock.now():
        raise WeekHasPassed
    async with transaction():
        place_id = await database.fetch_value("SELECT id FROM place WHERE code = $1", place_code)
        if place_id is None:
            raise NotFound
        row = {
            "place_id": place_id,
            "week_start": week_start,
            "status": RunStatus.QUEUED.value,
            "time_limit_s": max(1, min(time_limit, MAX_SECONDS)),
            "created_by": principal.account_id,
            "created_at": clock.now(),
        }
        underway = "status IN ('queued', 'solving') AND kind <> 'what_if'"
        run_id = await database.insert_once("dispatch_run", row, ("place_id", "week_start"), where=underway)
        if run_id is not None:
            await audit.record(principal, "dispatch.asked", "dispatch_run", run_id)
        found: UUID = await database.fetch_value(
            f"SELECT public_id FROM dispatch_run WHERE place_id = $1 AND week_start = $2 AND {underway}",
            place_id,
            week_start,
        )
    return found


async def solve_run(run: UUID, report: Callable[[Progress], None] = silent) -> RunStatus:
    """Solve a run in a process of its own; only the latest attempt may write what it found.

    A run that another worker is at, and not for too long, is left to it.
    """
    started = await _start(run)
    if started is None:
        return RunStatus.SOLVING
    row, fence = started
    instance = await week.read_instance(row["code"], row["week_start"])
    first: list[Progress] = []

    def follow(progress: Progress) -> None:
        first.append(progress)
        report(progress)

    try:
        plan = await solver_process.solve(instance, row["time_limit_s"], follow)
    except (solver_process.SolverFailed, TimeoutError) as failure:
        await _fail(row["id"], fence, str(failure))
        raise SolverDidNotFinish(error=type(failure).__name__) from failure
    gaps = await asyncio.to_thread(explain, instance, plan)
    greedy = first[0].vector if first else plan.vector
    columns = _solved(instance, plan, greedy)
    return await results.write(row["id"], fence, columns, results.proposals(instance, plan), results.gaps(gaps))


async def publish_plan(principal: Principal, run: UUID) -> PublishedPlan:
    """Send everybody a solved plan names, whoever cannot go any more is reported, not forced."""
    scope = principal.scope(Permission.DISPATCH_PUBLISH)
    row = await _solved_run(run)
    scope.require_place(row["code"])
    fresh = await results.unpinned(row["id"])
    signed_up = await sign_up_many(principal, [Wanted(*pair) for pair in fresh], Origin.DISPATCH)
    outcomes = {pair: Outcome.SENT if Wanted(*pair) in signed_up.taken else Outcome.REFUSED for pair in fresh}
    async with transaction():
        status = await _locked_status(row["id"])
        after = advance(TRANSITIONS, status, RunEvent.PUBLISH)
        await results.mark(row["id"], outcomes)
        await database.update_row(
            "dispatch_run",
            row["id"],
            {"status": after.value, "published_by": principal.account_id, "published_at": clock.now()},
        )
        sent = len(signed_up.taken)
        await audit.record(principal, "dispatch.published", "dispatch_run", row["id"], sent=sent)
        kept = await database.fetch_value(
            "SELECT count(*) FROM dispatch_proposal WHERE run_id = $1 AND pinned", row["id"]
        )
    return PublishedPlan(sent, kept, len(fresh) - sent)


async def _start(run: UUID) -> tuple[dict[str, Any], int] | None:
    async with transaction():
        row = await database.fetch_one(
            """SELECT r.id, r.status, r.fence, r.week_start, r.time_limit_s, r.created_at, place.code
               FROM dispatch_run r JOIN place ON place.id = r.place_id
               WHERE r.public_id = $1 FOR NO KEY UPDATE OF r""",
            run,
        )
        if row is None:
            raise NotFound
        status = advance(TRANSITIONS, RunStatus(row["status"]), RunEvent.START)
        patience = timedelta(seconds=row["time_limit_s"]) + STALE
        if row["status"] == RunStatus.SOLVING and clock.now() < row["created_at"] + patience:
            return None
        fence = row["fence"] + 1
        await database.update_row("dispatch_run", row["id"], {"status": status.value, "fence": fence})
    return row, fence


async def _fail(run_id: int, fence: int, error: str) -> None:
    await database.execute(
        "UPDATE dispatch_run SET status = 'failed', error = $3 WHERE id = $1 AND fence = $2 AND status = 'solving'",
        run_id,
        fence,
        error,
    )


def _solved(instance: Instance, plan: Plan, greedy: tuple[int, ...] | None) -> dict[str, Any]:
    return {
        "status": RunStatus.SOLVED.value,
        "instance_sha256": hashlib.sha256(encode(instance)).digest(),
        "vector": list(plan.vector or ()),
        "greedy_vector": list(greedy or ()),
        "bounds": json.dumps(list(plan.bounds or ())),
        "solver_status": plan.status or "",
        "solver_ms": round((plan.seconds or 0) * 1000),
    }


async def _solved_run(run: UUID) -> dict[str, Any]:
    row = await database.fetch_one(
        """SELECT r.id, r.status, place.code FROM dispatch_run r JOIN place ON place.id = r.place_id
           WHERE r.public_id = $1""",
        run,
    )
    if row is None:
        raise NotFound
    advance(TRANSITIONS, RunStatus(row["status"]), RunEvent.PUBLISH)
    return row


async def _locked_status(run_id: int) -> RunStatus:
    return RunStatus(
        await database.fetch_value("SELECT status FROM dispatch_run WHERE id = $1 FOR NO KEY UPDATE", run_id)
    )
