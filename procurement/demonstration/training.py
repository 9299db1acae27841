"""An induction that some people completed, some days away, and a few seats of next week that ask for the induction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from app.core import clock, database
from app.core.access import Principal, Role
from procurement.demonstration import invention, people
from procurement.demonstration.scale import Scale
from volunteers.assignments.rules import AssignmentDraft
from volunteers.people.exceptions.rules import away
from volunteers.people.exceptions.service import say
from volunteers.people.trainings.rules import TrainingDraft
from volunteers.people.trainings.service import define, record_completions

TRAINED = 120
AWAY = 6
MONTHS = 24
EVERY = 5
"""Which of next week's seats ask for the induction: each fifth."""


async def hold(officers: dict[Role, Principal], scale: Scale) -> int:
    """Define the induction and record who completed it, once; return how many."""
    station = await database.fetch_value(
        """SELECT station.id FROM station JOIN place ON place.id = station.place_id
           WHERE station.open AND place.code LIKE $1 || '%' ORDER BY length(place.code), station.id LIMIT 1""",
        scale.place_code,
    )
    if station is None or await induction() is not None:
        return 0
    coordinator = officers[Role.COORDINATOR]
    reference = await define(
        coordinator, TrainingDraft(station_id=station, valid_months=MONTHS, **invention.vocabulary()["training"])
    )
    rows = await database.fetch("SELECT id, public_id FROM person WHERE id % 2 = 0 ORDER BY id LIMIT $1", TRAINED)
    await _go_away([row["id"] for row in rows[:AWAY]])
    return await record_completions(coordinator, reference, [row["public_id"] for row in rows], clock.today())


async def induction() -> str | None:
    """Return the induction's reference, if it has been defined."""
    found: str | None = await database.fetch_value("SELECT reference FROM training ORDER BY id LIMIT 1")
    return found


def asking(drafts: Sequence[AssignmentDraft], reference: str | None) -> list[AssignmentDraft]:
    """Return the drafts, some of which ask for the induction."""
    if reference is None:
        return list(drafts)
    return [_gated(draft, reference) if number % EVERY == 0 else draft for number, draft in enumerate(drafts)]


def _gated(draft: AssignmentDraft, reference: str) -> AssignmentDraft:
    return replace(
        draft, positions=tuple(replace(position, trainings_all=(reference,)) for position in draft.positions)
    )


async def _go_away(person_ids: list[int]) -> None:
    """Let a few people be away for a week three months on, long after the weeks that are planned."""
    first: date = clock.today() + timedelta(days=90)
    for person in (await people.acting(person_ids)).values():
        await say(person, away(first, first + timedelta(days=6), clock.now()))
