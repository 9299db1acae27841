"""What planning a week depends on, and how the settings of a place follow from those above it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec

from app.core.errors import DomainError
from app.core.text import N_


class PlannedLevel(StrEnum):
    """For which places the scheduler makes plans by itself: a city as a whole, each district, or none."""

    CITY = "city"
    DISTRICT = "district"
    NEVER = "never"


class Asking(StrEnum):
    """Whether the people of a published plan are asked first, or sent and free to step back."""

    ASK = "ask"
    SEND = "send"


class Settings(msgspec.Struct, frozen=True):
    """All that holds for a place. Weights are those of the dispatch format; a floor of 0 asks for no rate."""

    planned_level: PlannedLevel
    fairness: int
    preference: int
    km: int
    continuity: int
    time_limit_s: int
    answer_hours: int
    weeks_ahead: int
    acceptance_floor: int
    # Runs keep the settings they were made with; those of before plans asked anybody have no such key.
    asking: Asking = Asking.ASK


FIELDS: tuple[str, ...] = Settings.__struct_fields__
LEVEL_LENGTHS: Mapping[PlannedLevel, int] = {PlannedLevel.CITY: 4, PlannedLevel.DISTRICT: 6}
"""How long the codes of such places are."""


class Statement(msgspec.Struct, frozen=True):
    """What somebody said for a place from an instant on; None holds as for the place above it.

    The place's code is empty where it holds everywhere.
    """

    place_code: str
    effective_from: datetime
    planned_level: PlannedLevel | None = None
    fairness: int | None = None
    preference: int | None = None
    km: int | None = None
    continuity: int | None = None
    time_limit_s: int | None = None
    answer_hours: int | None = None
    weeks_ahead: int | None = None
    acceptance_floor: int | None = None
    asking: Asking | None = None

    def said(self) -> dict[str, Any]:
        """Return what it says itself."""
        return {name: getattr(self, name) for name in FIELDS if getattr(self, name) is not None}


class NothingStated(DomainError):
    """A statement that changes nothing is none."""

    code, status, message = "nothing_stated", 409, N_("这些设置和现在一样，没有要保存的。")


def sources(code: str, statements: Iterable[Statement]) -> dict[str, Statement]:
    """Return for each setting of a place who says it: the nearest place above it, or itself, that says anything."""
    found: dict[str, Statement] = {}
    for statement in sorted(statements, key=lambda one: len(one.place_code)):
        if code.startswith(statement.place_code):
            found |= dict.fromkeys(statement.said(), statement)
    return found


def settings_for(code: str, statements: Iterable[Statement]) -> Settings:
    """Return what holds for a place; ``statements`` has one at most for each place, and the one for everywhere."""
    return Settings(**{name: getattr(said, name) for name, said in sources(code, statements).items()})


def planned_places(codes: Iterable[str], statements: Sequence[Statement]) -> dict[str, Settings]:
    """Return the places, of those given, for which the scheduler makes plans, with their settings.

    A district that its city plans for as a whole is left to it.
    """
    planned: dict[str, Settings] = {}
    for code in sorted(codes, key=lambda one: (len(one), one)):
        settings = settings_for(code, statements)
        is_its_level = LEVEL_LENGTHS.get(settings.planned_level) == len(code)
        if is_its_level and not any(code.startswith(above) for above in planned):
            planned[code] = settings
    return planned
