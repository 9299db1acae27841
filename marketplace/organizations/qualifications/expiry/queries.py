"""Papers that end: verified, and nothing later of the same kind stated in time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core import database
from marketplace.organizations.provision import QualificationKind

# Whoever has stated a later paper of the kind already has nothing to be reminded of.
ENDING = """
SELECT q.id, q.kind, q.valid_until, q.organization_id, o.public_id AS organization, o.name_zh, o.name_en
FROM qualification q JOIN organization o ON o.id = q.organization_id AND o.status <> 'refused'
WHERE q.verified_at IS NOT NULL AND q.valid_until <= $1::date AND NOT EXISTS (
    SELECT FROM qualification later WHERE later.organization_id = q.organization_id AND later.kind = q.kind
      AND later.refused_reason = '' AND coalesce(later.valid_until, 'infinity') > q.valid_until)
"""


@dataclass(frozen=True, slots=True)
class EndingPaper:
    """A paper that ends, or ended, and that nothing follows."""

    id: int
    kind: QualificationKind
    valid_until: date
    organization_id: int
    organization: UUID
    name_zh: str
    name_en: str


async def ending_papers(organization_ids: Sequence[int], until: date, limit: int) -> list[EndingPaper]:
    """Return the papers of some organizations that end by a day, the nearest first."""
    rows = await database.fetch(
        f"{ENDING} AND q.organization_id = ANY ($2) ORDER BY q.valid_until, q.id LIMIT $3",
        until,
        list(organization_ids),
        limit,
    )
    return [EndingPaper(**{**row, "kind": QualificationKind(row["kind"])}) for row in rows]
