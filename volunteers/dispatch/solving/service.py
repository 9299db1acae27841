"""Solving a run in a process of its own; only the latest attempt may write what it found."""

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from app.core import clock, database
from app.core.database import Row, transaction
from app.core.errors import DomainError, NotFound
from app.core.state import advance
from app.core.text import N_
from volunteers.dispatch import results, solver_process, week
from volunteers.dispatch.engine.explain import explain
from volunteers.dispatch.engine.instance import Plan
from volunteers.dispatch.engine.route import is_planned_in_parts
from volunteers.dispatch.input import store
from volunteers.dispatch.parts import service as parts
from volunteers.dispatch.results import Proposed
from volunteers.dispatch.rules import REPLANS, STALE, TRANSITIONS, RunEvent, RunKind, RunStatus
from volunteers.dispatch.settings.queries import settings_of
from volunteers.dispatch.settings.rules import Settings
from volunteers.dispatch.solver_process import Progress
from volunteers.dispatch.solving.log import Log, written
from volunteers.dispatch.week import Week


class SolverDidNotFinish(DomainError):
    """The solver ended without a plan."""

    code, status, message = "solver_did_not_finish", 500, N_("排班没有完成：%(error)s。请稍后重试，或缩小区域。")


def silent(progress: Progress) -> None:
    """Report nothing."""
    del progress


async def solve_run(run: UUID, report: Callable[[Progress], None] = silent) -> RunStatus:
    """Solve a run. One that another worker is at is left to it, unless nothing was heard of it for a while."""
    started = await _start(run)
    if started is None:
        return RunStatus.SOLVING
    row, fence = started
    try:
        found, digest = await _input(row, fence)
        instance = found.instance
        async with written(Log(row["id"], fence, report)) as log:
            if await asyncio.to_thread(is_planned_in_parts, instance):
                run_of = parts.Attempt(row["id"], fence, digest, row["week_start"], row["time_limit_s"])
                plan = await parts.plan(run_of, instance, log.follow)
            else:
                plan = await solver_process.solve(instance, row["time_limit_s"], log.follow)
        gaps = await asyncio.to_thread(explain, instance, plan)
    except Exception as failure:
        await _fail(row["id"], fence, f"{type(failure).__name__}: {failure}")
        raise SolverDidNotFinish(error=type(failure).__name__) from failure
    greedy = log.first.vector if log.first else plan.vector
    proposed = results.proposals(instance, plan, found.locked)
    columns = _solved(plan, greedy, _status(row, proposed))
    return await results.write(row["id"], fence, columns, proposed, results.gaps(gaps))


async def _start(run: UUID) -> tuple[Row, int] | None:
    now = clock.now()
    async with transaction():
        row = await database.fetch_one(
            """SELECT r.id, r.kind, r.status, r.fence, r.week_start, r.time_limit_s, r.alive_at, r.previous_id,
                      r.instance_sha256, r.parameters::text AS parameters, place.code
               FROM dispatch_run r JOIN place ON place.id = r.place_id
               WHERE r.public_id = $1 FOR NO KEY UPDATE OF r""",
            run,
        )
        if row is None:
            raise NotFound
        status = advance(TRANSITIONS, RunStatus(row["status"]), RunEvent.START)
        if row["status"] == RunStatus.SOLVING and row["alive_at"] and now < row["alive_at"] + STALE:
            return None
        fence = row["fence"] + 1
        begun = {"status": status.value, "fence": fence, "started_at": now, "alive_at": now}
        await database.update_row("dispatch_run", row["id"], begun)
    return row, fence


async def _input(row: Row, fence: int) -> tuple[Week, bytes]:
    """Return what the run is solved from, with its hash: what-if brings its own, the others read the week."""
    if row["kind"] == RunKind.WHAT_IF and row["instance_sha256"]:
        return Week(await store.read(row["instance_sha256"]), frozenset()), row["instance_sha256"]
    found = await week.read_week(row["code"], row["week_start"], await _settings(row))
    async with transaction():
        digest = await store.keep(found.instance, row["week_start"])
        await database.execute(
            "UPDATE dispatch_run SET instance_sha256 = $3 WHERE id = $1 AND fence = $2 AND status = 'solving'",
            *(row["id"], fence, digest),
        )
    return found, digest


async def _settings(row: Row) -> Settings:
    """Return the settings that the run was asked for with; old runs did not say."""
    given = database.decoded(row["parameters"], dict[str, Any])
    return database.decoded(row["parameters"], Settings) if given else await settings_of(row["code"])


async def _fail(run_id: int, fence: int, error: str) -> None:
    await database.execute(
        "UPDATE dispatch_run SET status = 'failed', error = $3 WHERE id = $1 AND fence = $2 AND status = 'solving'",
        *(run_id, fence, error),
    )


def _status(row: Row, proposed: Sequence[Proposed]) -> RunStatus:
    """Return where the run stands: a re-plan that sends nobody new leaves the plan in force as it is."""
    solved = advance(TRANSITIONS, RunStatus.SOLVING, RunEvent.FINISH)
    sends_somebody = any(not pinned for _, _, pinned in proposed)
    if row["kind"] in REPLANS and row["previous_id"] is not None and not sends_somebody:
        return advance(TRANSITIONS, solved, RunEvent.SUPERSEDE)
    return solved


def _solved(plan: Plan, greedy: tuple[int, ...] | None, status: RunStatus) -> Row:
    return {
        "status": status.value,
        "vector": list(plan.vector or ()),
        "greedy_vector": list(greedy or ()),
        "bounds": json.dumps(list(plan.bounds or ())),
        "solver_status": plan.status or "",
        "solver_ms": round((plan.seconds or 0) * 1000),
        "solved_at": clock.now(),
    }
