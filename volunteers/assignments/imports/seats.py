"""The part of a row that describes a kind of seat."""

from collections.abc import Collection, Sequence

from app.core.text import N_, Message
from app.imports.cells import Cells
from volunteers.assignments.imports.wording import GENDERS
from volunteers.assignments.rules import MOST_SEATS, PositionDraft
from volunteers.people.credentials.rules import KIND_NAMES as CREDENTIAL_NAMES
from volunteers.people.rules import LANGUAGE_NAMES, SKILL_NAMES
from volunteers.people.trainings.queries import names_by_reference


async def trainings_of(rows: Sequence[Cells]) -> frozenset[str]:
    """Return which of the trainings that rows name there are, also ones that are held no more."""
    named = {reference for cells in rows for reference in _references(cells)}
    return frozenset(reference for reference, _, _ in await names_by_reference(sorted(named))) if named else frozenset()


def position(cells: Cells, trainings: Collection[str]) -> PositionDraft:
    """Return the kind of seat; what is wrong with it stands among the row's faults."""
    capacity = cells.whole("capacity", 1, MOST_SEATS, 1)
    return PositionDraft(
        role_zh=cells.text("role_zh", most=80),
        role_en=cells.text("role_en", most=80),
        capacity=capacity,
        minimum=cells.whole("minimum", 0, capacity, min(1, capacity)),
        credentials_any=tuple(kind.value for kind in cells.many("credentials", CREDENTIAL_NAMES)),
        skills_all=cells.many("skills", SKILL_NAMES),
        languages_all=cells.many("languages", LANGUAGE_NAMES),
        gender=cells.choice("gender", GENDERS),
        trainings_all=_trainings(cells, trainings),
    )


def _trainings(cells: Cells, known: Collection[str]) -> tuple[str, ...]:
    for reference in (named := _references(cells)):
        if reference not in known:
            cells.refuse("trainings", Message(N_("没有编号是 %(found)s 的培训。"), {"found": reference[:40]}))
    return named


def _references(cells: Cells) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.upper() for part in cells.parts("trainings")))
