"""Who refused how often: by supplier of a framework, and what waits for an answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.core import clock, database
from app.core.access import Scope

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Refusals:
    """A supplier's orders of a year under a framework, and why it took some of them not."""

    admission: UUID
    admitted: bool
    organization_public_id: UUID
    organization_zh: str
    organization_en: str
    title_zh: str
    title_en: str
    orders: int
    no_people: int
    other_date: int
    distance: int
    not_ours: int
    other: int
    silence: int

    @property
    def refused(self) -> int:
        """Return how many were not taken."""
        return self.no_people + self.other_date + self.distance + self.not_ours + self.other + self.silence


@dataclass(frozen=True, slots=True)
class ToAnswer:
    """How many orders wait for a provider, and until when the first of them."""

    count: int
    first_due: datetime | None


async def refusals_of(framework_id: int) -> list[Refusals]:
    """Return the suppliers of a framework that refused within a year, the most refusals first."""
    rows = await database.fetch(_REFUSALS, framework_id, clock.now() - YEAR)
    return [Refusals(**row) for row in rows]


async def to_answer(scope: Scope) -> ToAnswer:
    """Return what waits for a provider's word."""
    [row] = await database.fetch(
        """SELECT count(*) AS count, min(o.answer_by) AS first_due FROM village_order o
           JOIN contract c ON c.id = o.contract_id WHERE o.status = 'placed' AND c.organization_id = ANY($1)""",
        list(scope.organization_ids),
    )
    return ToAnswer(**row)


_REFUSALS = """
SELECT a.public_id AS admission, a.status = 'admitted' AS admitted, org.public_id AS organization_public_id,
       org.name_zh AS organization_zh, org.name_en AS organization_en, v.title_zh, v.title_en, count(*) AS orders,
       count(*) FILTER (WHERE o.refusal = 'no_people') AS no_people,
       count(*) FILTER (WHERE o.refusal = 'other_date') AS other_date,
       count(*) FILTER (WHERE o.refusal = 'distance') AS distance,
       count(*) FILTER (WHERE o.refusal = 'not_ours') AS not_ours,
       count(*) FILTER (WHERE o.refusal = 'other') AS other,
       count(*) FILTER (WHERE o.refusal = 'silence') AS silence
FROM admission a JOIN organization org ON org.id = a.organization_id
JOIN product_version v ON v.product_id = a.product_id AND v.number = a.product_version
JOIN purchase p ON p.admission_id = a.id JOIN contract c ON c.purchase_id = p.id
JOIN village_order o ON o.contract_id = c.id
WHERE a.framework_id = $1 AND o.placed_at > $2
GROUP BY a.id, org.id, v.id HAVING count(*) FILTER (WHERE o.status = 'declined') > 0
ORDER BY count(*) FILTER (WHERE o.status = 'declined') DESC, a.id
"""
