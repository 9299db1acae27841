"""The part of a row that describes a kind of seat."""

from app.imports.cells import Cells
from volunteers.assignments.imports.wording import GENDERS
from volunteers.assignments.rules import MOST_SEATS, PositionDraft
from volunteers.people.credentials.rules import KIND_NAMES as CREDENTIAL_NAMES
from volunteers.people.rules import LANGUAGE_NAMES, SKILL_NAMES


def position(cells: Cells) -> PositionDraft:
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
    )
