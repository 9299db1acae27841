"""Places to choose from: the city and the districts that somebody answers for wholly."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core import database
from app.core.access import Scope


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A place to choose."""

    code: str
    name_zh: str
    name_en: str


async def places_of(scope: Scope) -> Sequence[PlaceName]:
    """Return the city and the districts that a scope covers wholly."""
    rows = await database.fetch(
        """SELECT code, name_zh, name_en FROM place WHERE level IN ('city', 'district') AND code LIKE ANY ($1)
           ORDER BY code""",
        scope.like_patterns(),
    )
    return [PlaceName(**row) for row in rows]
