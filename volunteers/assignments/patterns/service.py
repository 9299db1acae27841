"""Stating what a station repeats, and making its shifts some weeks ahead, once for each day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import msgspec

from app.core import audit, clock, database
from app.core.access import Permission, Principal, Scope
from app.core.calendar import load_calendar
from app.core.database import transaction
from app.core.errors import EditConflict
from app.core.state import advance
from app.core.text import N_, Message
from volunteers.assignments.patterns import changing, rules
from volunteers.assignments.patterns.queries import Pattern, pattern
from volunteers.assignments.patterns.rules import (
    PatternDraft,
    PatternEvent,
    PatternRefused,
    PatternResting,
    PatternStatus,
)
from volunteers.assignments.service import Published, add_assignments
from volunteers.assignments.standing.seating import seat_those_who_stand
from volunteers.people.trainings.rules import CONSTRAINTS as TRAININGS

_STATED = tuple(name for name in PatternDraft.__slots__ if name != "positions")


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change of a pattern did to shifts that were there: in numbers, and those it left alone."""

    updated: int
    called_off: int
    added: int
    kept: tuple[str, ...]


async def create_pattern(principal: Principal, draft: PatternDraft) -> UUID:
    """Store a pattern; its shifts are made by ``generate``."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    async with database.refusing(TRAININGS), transaction():
        await _check(draft, scope)
        values = {**_values(draft), "created_by": principal.actor, "created_at": clock.now()}
        pattern_id = await database.insert_row("shift_pattern", values)
        await _write_positions(pattern_id, draft)
        await audit.record(principal, "pattern.created", "shift_pattern", pattern_id)
        public_id: UUID = await database.fetch_value("SELECT public_id FROM shift_pattern WHERE id = $1", pattern_id)
    return public_id


async def change_pattern(
    principal: Principal, public_id: UUID, draft: PatternDraft, version: int, *, follow: bool
) -> Changed:
    """State a pattern anew; with ``follow`` the shifts that nobody has signed up for become what it says now."""
    scope = principal.scope(Permission.ASSIGNMENT_PUBLISH)
    async with database.refusing(TRAININGS), transaction():
        found = await _locked(principal, public_id)
        if found.version != version:
            raise EditConflict
        if found.status is PatternStatus.ENDED:
            raise PatternResting
        await _check(draft, scope)
        await database.update_row("shift_pattern", found.id, {**_values(draft), "version": version + 1})
        await database.execute("DELETE FROM shift_pattern_position WHERE pattern_id = $1", found.id)
        await _write_positions(found.id, draft)
        await audit.record(principal, "pattern.changed", "shift_pattern", found.id, version=version + 1)
        if not follow:
            return Changed(0, 0, 0, ())
        followed = await changing.follow(principal, found.id, draft)
        added: Sequence[Published] = ()
        if found.status is PatternStatus.ACTIVE:
            added = await _generate(principal, await pattern(principal, public_id), draft.weeks_ahead)
    return Changed(followed.updated, followed.called_off, len(added), followed.kept)


async def move_on(principal: Principal, public_id: UUID, event: PatternEvent) -> PatternStatus:
    """Pause a pattern, take it up again, or end it."""
    async with transaction():
        found = await _locked(principal, public_id)
        status = advance(rules.TRANSITIONS, found.status, event)
        await database.update_row("shift_pattern", found.id, {"status": status})
        await audit.record(principal, f"pattern.{event}", "shift_pattern", found.id)
    return status


async def skip_day(principal: Principal, public_id: UUID, day: date) -> None:
    """Leave one day out from now on; a shift that is there already is called off by itself, not here."""
    async with transaction():
        found = await _locked(principal, public_id)
        days = sorted({*found.stated.skipped_days, day})
        await database.update_row("shift_pattern", found.id, {"skipped_days": days, "version": found.version + 1})
        await audit.record(principal, "pattern.day_skipped", "shift_pattern", found.id, day=day.isoformat())


async def generate(principal: Principal, public_id: UUID, weeks: int) -> list[Published]:
    """Make the shifts of the weeks to come that are not there yet; a second call makes none."""
    async with transaction():
        return await _generate(principal, await _locked(principal, public_id), min(weeks, rules.MOST_WEEKS))


async def generate_all(principal: Principal) -> int:
    """Make what every pattern in use still lacks, pattern by pattern; return how many shifts."""
    principal.scope(Permission.ASSIGNMENT_PUBLISH)
    rows = await database.fetch("SELECT public_id FROM shift_pattern WHERE status = 'active' ORDER BY id")
    made = 0
    for row in rows:
        async with transaction():
            found = await _locked(principal, row["public_id"])
            if found.status is PatternStatus.ACTIVE:
                made += len(await _generate(principal, found, found.stated.weeks_ahead))
    return made


async def _generate(principal: Principal, found: Pattern, weeks: int) -> list[Published]:
    if found.status is not PatternStatus.ACTIVE:
        raise PatternResting
    today = clock.today()
    days = rules.days_between(found.stated, today, today + timedelta(weeks=weeks), await load_calendar())
    there = {
        row["pattern_day"]
        for row in await database.fetch("SELECT pattern_day FROM assignment WHERE pattern_id = $1", found.id)
    }
    shifts = [rules.shift_on(found.id, found.stated, day) for day in days if day not in there]
    coming = [shift for shift in shifts if shift.starts > clock.now()]
    made = await add_assignments(principal, coming, created_by=principal.account_id or found.created_by)
    if made:
        await audit.record(principal, "pattern.generated", "shift_pattern", found.id, shifts=len(made))
        await seat_those_who_stand(principal, found.id)
    return made


async def _locked(principal: Principal, public_id: UUID) -> Pattern:
    await database.fetch("SELECT id FROM shift_pattern WHERE public_id = $1 FOR NO KEY UPDATE", public_id)
    return await pattern(principal, public_id)


async def _check(draft: PatternDraft, scope: Scope) -> None:
    found = rules.faults(draft)
    row = await database.fetch_one(
        """SELECT at.code AS station_code, place.code FROM station s JOIN place AS at ON at.id = s.place_id
           JOIN place ON place.id = $2 WHERE s.id = $1""",
        *(draft.station_id, draft.place_id),
    )
    if row is None or not row["code"].startswith(row["station_code"]):
        found["station"] = Message(N_("请选择负责这个地点的站点。"))
    if found:
        raise PatternRefused(found)
    if row is not None:
        scope.require_place(row["station_code"])


def _values(draft: PatternDraft) -> dict[str, Any]:
    values = {name: getattr(draft, name) for name in _STATED}
    return {**values, "weekdays": sorted(set(draft.weekdays)), "skipped_days": sorted(set(draft.skipped_days))}


async def _write_positions(pattern_id: int, draft: PatternDraft) -> None:
    for number, position in enumerate(draft.positions, start=1):
        values = {"pattern_id": pattern_id, "number": number, **msgspec.to_builtins(position)}
        await database.insert_row("shift_pattern_position", values)
