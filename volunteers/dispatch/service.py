"""Asking for a plan of a week. A plan sends nobody until somebody publishes it."""

from datetime import date
from uuid import UUID

import msgspec

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError, NotFound
from app.core.text import N_
from volunteers.dispatch import week
from volunteers.dispatch.rules import RunKind, RunStatus
from volunteers.dispatch.settings.queries import settings_of
from volunteers.dispatch.settings.rules import Settings

MAX_SECONDS = 900
_UNDERWAY = "status IN ('queued', 'solving') AND kind <> 'what_if'"
IN_FORCE = """
SELECT r.id FROM dispatch_run r
WHERE r.status = 'published' AND r.week_start = $2 AND r.covers @> codes_below($1)
"""


class WeekHasPassed(DomainError):
    """Nobody can be sent to last week."""

    code, status, message = "week_has_passed", 409, N_("这一周已经结束，请选择本周或以后的周。")


async def plan_week(principal: Principal, place_code: str, week_start: date, time_limit: int | None = None) -> UUID:
    """Ask for a plan of one week for everything below a place, by its settings but for the seconds to search.

    An unfinished one is returned instead of a second.
    """
    principal.scope(Permission.DISPATCH_PLAN).require_place(place_code)
    if week.bounds_of(week_start)[1] <= clock.now():
        raise WeekHasPassed
    settings = await settings_of(place_code)
    if time_limit is not None:
        settings = msgspec.structs.replace(settings, time_limit_s=max(1, min(time_limit, MAX_SECONDS)))
    async with transaction():
        await ask_here(principal, place_code, week_start, RunKind.BY_HAND, settings)
        return await _underway(place_code, week_start)


async def ask_here(
    principal: Principal, place_code: str, week_start: date, kind: RunKind, settings: Settings
) -> int | None:
    """Queue a run as part of a larger use case, in its transaction; None if one of the place and week is underway.

    Where a plan is in force, the run looks at it anew and keeps of it what it can.
    """
    place_id = await database.fetch_value("SELECT id FROM place WHERE code = $1", place_code)
    if place_id is None:
        raise NotFound
    in_force = await database.fetch_value(IN_FORCE, place_code, week_start)
    row = {
        "place_id": place_id,
        "week_start": week_start,
        "kind": kind.value,
        "parent_id": in_force,
        "previous_id": in_force,
        "status": RunStatus.QUEUED.value,
        "time_limit_s": settings.time_limit_s,
        "parameters": msgspec.json.encode(settings).decode(),
        "created_by": principal.account_id,
        "created_at": clock.now(),
    }
    run_id = await database.insert_once("dispatch_run", row, ("place_id", "week_start"), where=_UNDERWAY)
    if run_id is not None:
        await audit.record(principal, "dispatch.asked", "dispatch_run", run_id, kind=kind)
    return run_id


async def _underway(place_code: str, week_start: date) -> UUID:
    found: UUID = await database.fetch_value(
        f"""SELECT public_id FROM dispatch_run WHERE place_id = (SELECT id FROM place WHERE code = $1)
            AND week_start = $2 AND {_UNDERWAY}""",
        place_code,
        week_start,
    )
    return found
