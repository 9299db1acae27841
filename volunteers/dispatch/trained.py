"""Trainings as the dispatch format knows them: skills, one for each training and day, so that none counts too long.

A seat asks for the skill of the day on which its shift starts and of that on which it ends; a person has those of the
days on which their completion counts.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec.structs import replace

from app.core import clock, database
from volunteers.dispatch.engine.instance import MINUTES_PER_DAY, Shift
from volunteers.people.trainings.rules import HeldTraining

DAYS = 9
"""The week, and the days into which its last shifts may reach."""

Completion = tuple[str, date, date | None]


def token(reference: str, day: int) -> str:
    """Return the skill that stands for a training on a day of the week."""
    return f"training:{reference}:{day}"


def gated(shift: Shift, trainings_json: str) -> Shift:
    """Return the shift with its seats' trainings among the skills that they ask for; they come as JSON by seat."""
    wanted = database.decoded(trainings_json, dict[str, list[str]])
    days = sorted({shift.start // MINUTES_PER_DAY, shift.end // MINUTES_PER_DAY})
    return replace(
        shift,
        positions=tuple(
            replace(
                position,
                skills_all=(
                    *position.skills_all,
                    *(token(reference, day) for reference in wanted[position.id] for day in days),
                ),
            )
            for position in shift.positions
        ),
    )


def tokens_of(completions: Iterable[Completion], begins: datetime) -> tuple[str, ...]:
    """Return the skills that a person's completions stand for in the week that begins."""
    monday = clock.local(begins).date()
    held = [HeldTraining(*completion) for completion in completions]
    days = [(number, monday + timedelta(days=number)) for number in range(DAYS)]
    return tuple(sorted({token(one.reference, number) for one in held for number, day in days if one.covers(day, day)}))
