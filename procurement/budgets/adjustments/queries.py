"""Reading adjustments, and the lines one may move money between."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Scope
from app.core.errors import NotFound
from app.rulebook import lawbook
from procurement import law
from procurement.blocks import Source
from procurement.budgets.rules import BUDGET_LAW_18


@dataclass(frozen=True, slots=True)
class AdjustmentView:
    """One adjustment with both lines."""

    public_id: UUID
    from_key: str
    from_place_zh: str
    from_place_en: str
    from_programme_zh: str
    from_programme_en: str
    to_key: str
    to_place_zh: str
    to_place_en: str
    to_programme_zh: str
    to_programme_en: str
    amount_fen: int
    document: str
    status: str
    reason: str
    proposed_by: int
    proposer: str
    proposed_at: datetime
    decider: str | None


_SIDE = """JOIN budget_line {0}_line ON {0}_line.id = a.{0}_line_id
JOIN place {0}_place ON {0}_place.id = {0}_line.place_id
JOIN programme {0}_programme ON {0}_programme.id = {0}_line.programme_id"""
_ADJUSTMENTS = f"""
SELECT a.public_id, a.year || '/' || from_place.code || '/' || from_programme.code AS from_key,
       from_place.name_zh AS from_place_zh, from_place.name_en AS from_place_en,
       from_programme.name_zh AS from_programme_zh, from_programme.name_en AS from_programme_en,
       a.year || '/' || to_place.code || '/' || to_programme.code AS to_key,
       to_place.name_zh AS to_place_zh, to_place.name_en AS to_place_en,
       to_programme.name_zh AS to_programme_zh, to_programme.name_en AS to_programme_en,
       a.amount_fen, a.document, a.status, a.reason, a.proposed_by, proposer.display_name AS proposer, a.proposed_at,
       decider.display_name AS decider
FROM budget_adjustment a {_SIDE.format("from")} {_SIDE.format("to")}
JOIN account proposer ON proposer.id = a.proposed_by LEFT JOIN account decider ON decider.id = a.decided_by
WHERE from_place.code LIKE ANY($1) AND to_place.code LIKE ANY($1)
ORDER BY a.status <> 'proposed', a.id DESC LIMIT 200
"""


async def adjustments(scope: Scope) -> list[AdjustmentView]:
    """Return the adjustments between lines in scope, those that wait first."""
    return [AdjustmentView(**row) for row in await database.fetch(_ADJUSTMENTS, scope.like_patterns())]


async def line_id(scope: Scope, key: str) -> int:
    """Return the line that a key (year/place/programme) names, in scope."""
    year, _, rest = key.partition("/")
    place, _, programme = rest.partition("/")
    found: int | None = await database.fetch_value(
        """SELECT l.id FROM budget_line l JOIN place ON place.id = l.place_id
           JOIN programme p ON p.id = l.programme_id
           WHERE l.year::text = $1 AND place.code = $2 AND p.code = $3 AND place.code LIKE ANY($4)""",
        year,
        place,
        programme,
        scope.like_patterns(),
    )
    if found is None:
        raise NotFound
    return found


async def source() -> Source:
    """Return where adjustments stand in law today, for the page; nobody's confirmation is asked for to read it."""
    row = (await lawbook(law.ADJUSTMENT)).on(law.ADJUSTMENT, clock.today())
    return Source.of(row) if row else BUDGET_LAW_18
