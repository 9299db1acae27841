"""Asking for the clock's plans: a first one for each week to come, and a new one every night for what has changed."""

import asyncio
import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from app.core import clock
from app.core.access import Permission, Principal
from app.core.database import transaction
from volunteers.dispatch import week
from volunteers.dispatch.engine.files import encode
from volunteers.dispatch.rules import RunKind
from volunteers.dispatch.schedule.queries import PlannedWeek, weeks_with_shifts
from volunteers.dispatch.service import ask_here
from volunteers.dispatch.settings.queries import scheduled_places
from volunteers.dispatch.settings.rules import Settings


async def plan_coming_weeks(principal: Principal, now: datetime) -> int:
    """Ask for the first plan of each week within the weeks ahead that the settings name; return for how many."""
    principal.scope(Permission.DISPATCH_PLAN)
    places = await scheduled_places(now)
    asked = 0
    for found in await weeks_with_shifts(_weeks(places, now, first=1), now):
        if not found.planned_by_the_clock:
            asked += await _ask(principal, found, RunKind.WEEKLY, places[found.code])
    return asked


async def replan_changed_weeks(principal: Principal, now: datetime) -> int:
    """Ask for a new plan where the last one was made from something else than what is there now.

    The week that has begun is planned anew only if a plan is in force for it. People stand where they signed up or were
    sent; what changes is what nobody holds.
    """
    principal.scope(Permission.DISPATCH_PLAN)
    places = await scheduled_places(now)
    this_week = clock.week_start(clock.local(now).date())
    asked = 0
    for found in await weeks_with_shifts(_weeks(places, now, first=0), now):
        if found.week_start == this_week and not found.in_force:
            continue
        if await _has_changed(found, places[found.code]):
            asked += await _ask(principal, found, RunKind.NIGHTLY, places[found.code])
    return asked


def _weeks(places: Mapping[str, Settings], now: datetime, first: int) -> list[tuple[str, date]]:
    monday = clock.week_start(clock.local(now).date())
    return [
        (code, monday + timedelta(weeks=ahead))
        for code, settings in places.items()
        for ahead in range(first, settings.weeks_ahead + 1)
    ]


async def _has_changed(found: PlannedWeek, settings: Settings) -> bool:
    if found.solved_from is None:
        return True
    instance = await week.read_instance(found.code, found.week_start, settings)
    content = await asyncio.to_thread(encode, instance)
    return hashlib.sha256(content).digest() != found.solved_from


async def _ask(principal: Principal, found: PlannedWeek, kind: RunKind, settings: Settings) -> bool:
    async with transaction():
        return await ask_here(principal, found.code, found.week_start, kind, settings) is not None
