"""Reading settings: what holds for a place now, who said it, and what was said before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.dispatch.settings.rules import (
    FIELDS,
    Asking,
    PlannedLevel,
    Settings,
    Statement,
    planned_places,
    settings_for,
    sources,
)

_COLUMNS = ", ".join(f"s.{name}" for name in FIELDS)
_IN_FORCE = f"""
SELECT DISTINCT ON (s.place_id) coalesce(place.code, '') AS place_code, s.effective_from, {_COLUMNS}
FROM dispatch_setting s LEFT JOIN place ON place.id = s.place_id
WHERE s.effective_from <= $1 AND ($2 = '' OR s.place_id IS NULL OR $2 LIKE place.code || '%')
ORDER BY s.place_id, s.effective_from DESC, s.id DESC
"""
_HISTORY = f"""
SELECT s.public_id, s.reason, coalesce(account.display_name, '') AS stated_by, s.stated_at, s.effective_from, {_COLUMNS}
FROM dispatch_setting s LEFT JOIN place ON place.id = s.place_id LEFT JOIN account ON account.id = s.stated_by
WHERE coalesce(place.code, '') = $1 ORDER BY s.effective_from DESC, s.id DESC LIMIT $2
"""
_SHOWN = 50


@dataclass(frozen=True, slots=True)
class SettingPlace:
    """A place with settings; without a code: everywhere."""

    code: str
    name_zh: str
    name_en: str
    own: bool


@dataclass(frozen=True, slots=True)
class StatementView:
    """What somebody said for a place, when and why; ``said`` has only what they set."""

    said: dict[str, Any]
    reason: str
    stated_by: str
    stated_at: datetime
    effective_from: datetime
    pending: bool


@dataclass(frozen=True, slots=True)
class SettingsView:
    """What holds for a place, from which place each setting comes (None: everywhere), and what was said before."""

    place: SettingPlace
    settings: Settings
    comes_from: dict[str, SettingPlace | None]
    own: dict[str, Any]
    history: list[StatementView]


async def settings_of(place_code: str, at: datetime | None = None) -> Settings:
    """Return what holds for a place now, or at another instant."""
    return settings_for(place_code, await _in_force(at or clock.now(), place_code))


async def scheduled_places(at: datetime) -> dict[str, Settings]:
    """Return the codes of the places for which the scheduler makes plans, with their settings."""
    rows = await database.fetch("SELECT code FROM place WHERE level IN ('city', 'district')")
    return planned_places((row["code"] for row in rows), await _in_force(at))


async def settings_view(principal: Principal, place_code: str) -> SettingsView:
    """Return a place's settings for its planner."""
    if not principal.scope(Permission.DISPATCH_PLAN).covers_place(place_code):
        raise NotFound
    places = {place.code: place for place in await _places_above(place_code)}
    if place_code not in places:
        raise NotFound
    now = clock.now()
    statements = await _in_force(now, place_code)
    own = next((one.said() for one in statements if one.place_code == place_code), {})
    return SettingsView(
        place=places[place_code],
        settings=settings_for(place_code, statements),
        comes_from={name: places.get(one.place_code) for name, one in sources(place_code, statements).items()},
        own=own,
        history=[_view(row, now) for row in await database.fetch(_HISTORY, place_code, _SHOWN)],
    )


async def places_with_settings(principal: Principal) -> list[SettingPlace]:
    """Return the planner's places and those directly below, each with whether it says anything of its own."""
    scope = principal.scope(Permission.DISPATCH_PLAN)
    rows = await database.fetch(
        """SELECT code, name_zh, name_en, id IN (SELECT place_id FROM dispatch_setting) AS own FROM place
           WHERE level <> 'village'
             AND (code = ANY ($1) OR parent_id IN (SELECT id FROM place WHERE code = ANY ($1))) ORDER BY code""",
        list(scope.place_codes),
    )
    return [SettingPlace(**row) for row in rows]


async def _in_force(at: datetime, place_code: str = "") -> list[Statement]:
    rows = await database.fetch(_IN_FORCE, at, place_code)
    return [Statement(**{**row, **_said(row)}) for row in rows]


async def _places_above(place_code: str) -> list[SettingPlace]:
    rows = await database.fetch(
        """SELECT code, name_zh, name_en, id IN (SELECT place_id FROM dispatch_setting) AS own
           FROM place WHERE $1 LIKE code || '%'""",
        place_code,
    )
    return [SettingPlace(**row) for row in rows]


def _said(row: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of a row that are set, as values of their kinds."""
    kinds = {"planned_level": PlannedLevel, "asking": Asking}
    return {name: kinds.get(name, int)(row[name]) for name in FIELDS if row[name] is not None}


def _view(row: dict[str, Any], now: datetime) -> StatementView:
    return StatementView(
        _said(row),
        row["reason"],
        row["stated_by"],
        row["stated_at"],
        row["effective_from"],
        row["effective_from"] > now,
    )
