"""Saying how weeks of a place are planned from now or from a later day on; what was said stays."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from volunteers.dispatch.settings.queries import settings_view
from volunteers.dispatch.settings.rules import FIELDS, LEVEL_LENGTHS, NothingStated, PlannedLevel

LONGEST_REASON = 300


async def state_settings(
    principal: Principal, place_code: str, said: Mapping[str, Any], reason: str, from_day: date | None = None
) -> None:
    """Say all that a place sets itself; what is left out or None holds as above. From a day to come, or from now on."""
    principal.scope(Permission.DISPATCH_PLAN).require_place(place_code)
    values = {name: said.get(name) for name in FIELDS}
    now = clock.now()
    begins = _begins(from_day, now)
    _check(place_code, values["planned_level"], reason)
    before = await settings_view(principal, place_code)
    if from_day is None and {name: value for name, value in values.items() if value is not None} == before.own:
        raise NothingStated
    async with transaction():
        place_id = await database.fetch_value("SELECT id FROM place WHERE code = $1 AND level <> 'village'", place_code)
        if place_id is None:
            raise NotFound
        row = {"place_id": place_id, **values, "reason": reason.strip(), "stated_by": principal.actor}
        setting_id = await database.insert_row("dispatch_setting", {**row, "stated_at": now, "effective_from": begins})
        stated = {name: value for name, value in values.items() if value is not None}
        await audit.record(principal, "dispatch.settings_stated", "dispatch_setting", setting_id, **stated)


def _begins(from_day: date | None, now: datetime) -> datetime:
    """Return the instant from which it holds: the day's first, or now."""
    if from_day is None:
        return now
    begins = clock.at_local(from_day, time.min)
    if begins < now:
        raise InvalidInput({"from_day": Message(N_("请选明天或以后的日期；不填就从现在起。"))})
    return begins


def _check(place_code: str, level: PlannedLevel | None, reason: str) -> None:
    faults: dict[str, Message] = {}
    if not reason.strip():
        faults["reason"] = Message(N_("请写明为什么这样设，以后看得懂。"))
    if len(reason.strip()) > LONGEST_REASON:
        faults["reason"] = Message(N_("最多 %(limit)s 个字。"), {"limit": LONGEST_REASON})
    longest = LEVEL_LENGTHS.get(level, LEVEL_LENGTHS[PlannedLevel.DISTRICT]) if level else len(place_code)
    if len(place_code) > longest:
        faults["planned_level"] = Message(N_("这里不能这样排：自动排班只按全市或按区县。"))
    if faults:
        raise InvalidInput(faults)
