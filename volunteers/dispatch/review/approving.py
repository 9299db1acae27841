"""Approving a plan, and opening it again: nothing is published that somebody has not approved as it is."""

from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import NotFound
from app.core.state import advance
from volunteers.dispatch.rules import TRANSITIONS, RunEvent, RunKind, RunStatus
from volunteers.dispatch.service import WeekHasPassed
from volunteers.dispatch.week import bounds_of

_LOCKED = """
SELECT r.id, r.status, r.kind, r.week_start, r.instance_sha256, r.previous_id, r.vector, r.bounds::text AS bounds,
       place.code
FROM dispatch_run r JOIN place ON place.id = r.place_id WHERE r.public_id = $1 FOR NO KEY UPDATE OF r
"""


async def locked_run(principal: Principal, permission: Permission, run: UUID) -> Row:
    """Lock a run of the person's places for a change, in the current transaction."""
    scope = principal.scope(permission)
    row = await database.fetch_one(_LOCKED, run)
    if row is None or row["kind"] == RunKind.WHAT_IF:
        raise NotFound
    scope.require_place(row["code"])
    return row


async def approve_plan(principal: Principal, run: UUID) -> None:
    """Say that a plan may be published as it stands."""
    async with transaction():
        row = await locked_run(principal, Permission.DISPATCH_PUBLISH, run)
        status = advance(TRANSITIONS, RunStatus(row["status"]), RunEvent.APPROVE)
        if bounds_of(row["week_start"])[1] <= clock.now():
            raise WeekHasPassed
        approved = {"status": status.value, "approved_by": principal.account_id, "approved_at": clock.now()}
        await database.update_row("dispatch_run", row["id"], approved)
        await audit.record(principal, "dispatch.approved", "dispatch_run", row["id"])


async def reopen_plan(principal: Principal, run: UUID) -> None:
    """Take an approval back, so that the plan can be changed."""
    async with transaction():
        await reopen(principal, await locked_run(principal, Permission.DISPATCH_PLAN, run))


async def reopen(principal: Principal, row: Row) -> None:
    """Take an approval back as part of a larger use case, which holds the run's lock."""
    status = advance(TRANSITIONS, RunStatus(row["status"]), RunEvent.REOPEN)
    opened = {"status": status.value, "approved_by": None, "approved_at": None}
    await database.update_row("dispatch_run", row["id"], opened)
    await audit.record(principal, "dispatch.reopened", "dispatch_run", row["id"])
