"""Reading frameworks: the public list and page, who is admitted, what waits for a decision."""

from dataclasses import dataclass
from datetime import date, datetime

from app.core import clock, database
from app.core.access import Scope
from app.core.database import Row
from app.core.errors import NotFound
from procurement import law
from procurement.blocks import Block
from procurement.frameworks import rules
from procurement.frameworks.rules import OPEN_TO_APPLICANTS, FrameworkStatus, Term


@dataclass(frozen=True, slots=True)
class FrameworkView:
    """A framework as lists and its page show it."""

    id: int
    reference: str
    title_zh: str
    title_en: str
    category: str
    unit: str
    rate_fen: int
    place_code: str
    place_zh: str
    place_en: str
    status: FrameworkStatus
    starts_on: date
    ends_on: date
    filing_number: str
    created_at: datetime
    published_at: datetime | None
    suppliers: int
    admitted: int
    waiting: int
    filed_at: datetime | None
    in_force_at: datetime | None
    expired_at: datetime | None

    @property
    def open_to_applicants(self) -> bool:
        """Tell whether providers may apply today."""
        return self.status in OPEN_TO_APPLICANTS and clock.today() <= self.ends_on


_FRAMEWORK = """
SELECT f.id, f.reference, f.title_zh, f.title_en, f.category, f.unit, f.rate_fen, place.code AS place_code,
       place.name_zh AS place_zh, place.name_en AS place_en, f.status, f.starts_on, f.ends_on, f.filing_number,
       f.created_at, f.published_at, counted.suppliers, counted.admitted, counted.waiting,
       stepped.filed_at, announced.in_force_at, announced.expired_at
FROM framework f JOIN place ON place.id = f.place_id
CROSS JOIN LATERAL (
    SELECT count(DISTINCT a.organization_id) FILTER (WHERE a.status = 'admitted') AS suppliers,
           count(*) FILTER (WHERE a.status = 'admitted') AS admitted,
           count(*) FILTER (WHERE a.status = 'applied') AS waiting
    FROM admission a WHERE a.framework_id = f.id) AS counted
CROSS JOIN LATERAL (
    SELECT max(e.occurred_at) AS filed_at FROM audit_event e
    WHERE e.object_type = 'framework' AND e.object_id = f.id AND e.action = 'framework.filed') AS stepped
CROSS JOIN LATERAL (
    SELECT max(n.published_at) FILTER (WHERE n.kind = 'force') AS in_force_at,
           max(n.published_at) FILTER (WHERE n.kind = 'expiry') AS expired_at
    FROM framework_notice n WHERE n.framework_id = f.id) AS announced
"""


async def published(category: str = "", after: int | None = None, limit: int = 51) -> list[FrameworkView]:
    """Return frameworks whose call is public, those in force first, the newest first."""
    rows = await database.fetch(
        f"""{_FRAMEWORK} WHERE f.published_at IS NOT NULL AND ($1 = '' OR f.category = $1)
            AND ($2::bigint IS NULL OR f.id < $2) ORDER BY f.id DESC LIMIT $3""",
        category,
        after,
        limit,
    )
    return [_view(row) for row in rows]


async def managed(scope: Scope) -> list[FrameworkView]:
    """Return every framework of the officer's places: what waits for decisions first, then the newest."""
    rows = await database.fetch(
        f"{_FRAMEWORK} WHERE place.code LIKE ANY($1) ORDER BY counted.waiting DESC, f.id DESC LIMIT 200",
        scope.like_patterns(),
    )
    return [_view(row) for row in rows]


async def framework(reference: str, scope: Scope | None = None) -> FrameworkView:
    """Return one framework: a public one to everybody, any one to an officer of its place."""
    row = await database.fetch_one(f"{_FRAMEWORK} WHERE f.reference = $1", reference)
    if row is None or not (row["published_at"] or (scope and scope.covers_place(row["place_code"]))):
        raise NotFound
    return _view(row)


async def reference_of(framework_id: int) -> str:
    """Return the number that a framework was given."""
    return str(await database.fetch_value("SELECT reference FROM framework WHERE id = $1", framework_id))


async def force_blocks(view: FrameworkView) -> list[Block]:
    """Name what keeps a framework from coming into force today."""
    today = clock.today()
    fewest = await law.figure(law.SUPPLIERS, today, view.place_code)
    return rules.force_blocks(Term(view.starts_on, view.ends_on), view.suppliers, fewest, today)


def _view(row: Row) -> FrameworkView:
    return FrameworkView(**{**row, "status": FrameworkStatus(row["status"])})
