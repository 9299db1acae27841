"""Asking what the rules cost a plan, and working it out one rule after the other; each answer is kept as it comes."""

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from volunteers.dispatch import queries as plans
from volunteers.dispatch import solver_process
from volunteers.dispatch.engine.check import measure
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.instance import Instance, Plan
from volunteers.dispatch.engine.relaxing import AMOUNTS, Relaxation, relax
from volunteers.dispatch.engine.staffing import Staffing
from volunteers.dispatch.explanations.costs.rules import STAFFING, STALE, Outcome, PlanNotSolved, seconds_for
from volunteers.dispatch.explanations.stored import source_of, staffing_of
from volunteers.dispatch.input.store import InputIsGone

_CLAIM = """
UPDATE dispatch_costing SET fence = fence + 1, alive_at = $1
WHERE id = (SELECT id FROM dispatch_costing
            WHERE finished_at IS NULL AND (alive_at IS NULL OR alive_at + $2::interval < $1)
            ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id, fence, run_id
"""
_BEAT = "UPDATE dispatch_costing SET alive_at = $3 WHERE id = $1 AND fence = $2 AND finished_at IS NULL"
_END = "UPDATE dispatch_costing SET finished_at = $3, error = $4 WHERE id = $1 AND fence = $2 AND finished_at IS NULL"


@dataclass(frozen=True, slots=True)
class _Claim:
    """One attempt at a costing."""

    id: int
    fence: int
    run_id: int


async def ask_costs(principal: Principal, run: UUID) -> None:
    """Ask what the rules cost a plan; asked twice is asked once. What failed is tried again."""
    view = await plans.run_view(principal, run)
    if view.vector is None:
        raise PlanNotSolved
    given = await source_of(run)
    async with transaction():
        kept = await database.fetch_value("SELECT EXISTS (SELECT FROM dispatch_input WHERE sha256 = $1)", given.digest)
        if not kept:
            raise InputIsGone
        row = {"run_id": given.run_id, "asked_by": principal.account_id, "asked_at": clock.now()}
        asked = await database.insert_once("dispatch_costing", row, ("run_id",))
        if asked is None:
            await database.execute(
                "UPDATE dispatch_costing SET finished_at = NULL, alive_at = NULL, error = ''"
                " WHERE run_id = $1 AND error <> ''",
                given.run_id,
            )
        else:
            await audit.record(principal, "dispatch.rule_costs_asked", "dispatch_run", given.run_id)


async def work_out_costs(principal: Principal, now: datetime) -> int:
    """Work out every costing that waits, also one whose worker died; return how many answers were added."""
    principal.scope(Permission.DISPATCH_PLAN)
    answers = 0
    while (row := await database.fetch_one(_CLAIM, max(now, clock.now()), STALE)) is not None:
        answers += await _work_out(_Claim(**row))
    return answers


async def _work_out(claim: _Claim) -> int:
    run: UUID = await database.fetch_value("SELECT public_id FROM dispatch_run WHERE id = $1", claim.run_id)
    answers, error = 0, ""
    try:
        staffing = await staffing_of(await source_of(run))
        for relaxation in await _missing(claim):
            if not await database.execute(_BEAT, claim.id, claim.fence, clock.now()):
                return answers
            answers += await _keep(claim, await outcome_of(staffing, relaxation))
    except (InputIsGone, solver_process.SolverFailed) as failure:
        error = f"{type(failure).__name__}: {failure}"
    await database.execute(_END, claim.id, claim.fence, clock.now(), error)
    return answers


async def outcome_of(staffing: Staffing, relaxation: Relaxation) -> Outcome:
    """Solve a plan's week again with one rule looser, from the plan on, and compare the two.

    Where only wishes count less, the search begins anew: who is moved does not matter then.
    """
    started = time.monotonic()
    looser = relax(staffing.instance, relaxation)
    if relaxation is not Relaxation.PREFERENCE:
        looser = replace(looser, previous=tuple(staffing.rows))
    plan = await solver_process.solve(looser, seconds_for(len(looser.shifts)), lambda _: None)
    before = await asyncio.to_thread(_measured, looser, staffing)
    after, bounds = plan.vector or before, plan.bounds or ()
    proven = len(bounds) >= STAFFING and list(bounds[:STAFFING]) == list(after[:STAFFING])
    return Outcome(
        relaxation,
        AMOUNTS[relaxation],
        before,
        tuple(after),
        proven,
        _moved(staffing, plan),
        round((time.monotonic() - started) * 1000),
    )


def _measured(looser: Instance, staffing: Staffing) -> tuple[int, ...]:
    return tuple(measure(looser, Directory.of(looser), staffing.rows))


def _moved(staffing: Staffing, plan: Plan) -> int:
    """Return for how many people anything changes."""
    before = {(row.shift, row.volunteer) for row in staffing.rows}
    after = {(row.shift, row.volunteer) for row in plan.assignments}
    return len({who for _, who in before ^ after})


async def _missing(claim: _Claim) -> list[Relaxation]:
    rows = await database.fetch("SELECT relaxation FROM dispatch_rule_cost WHERE costing_id = $1", claim.id)
    known = {row["relaxation"] for row in rows}
    return [relaxation for relaxation in Relaxation if relaxation.value not in known]


async def _keep(claim: _Claim, found: Outcome) -> bool:
    """Keep an answer while the attempt is the latest; another attempt's answer stays."""
    async with transaction():
        if not await database.execute(_BEAT, claim.id, claim.fence, clock.now()):
            return False
        row = {
            "costing_id": claim.id,
            "relaxation": found.relaxation.value,
            "amount": found.amount,
            "before": list(found.before),
            "after": list(found.after),
            "proven": found.proven,
            "moved": found.moved,
            "milliseconds": found.milliseconds,
            "worked_out_at": clock.now(),
        }
        return await database.insert_once("dispatch_rule_cost", row, ("costing_id", "relaxation")) is not None
