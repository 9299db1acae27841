"""Reading the samples that wait for a look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Permission, Principal


@dataclass(frozen=True, slots=True)
class WaitingSample:
    """A sample that an officer drew: how many claims it stands for, which of them still wait for a look."""

    public_id: UUID
    drawn_at: datetime
    claims: int
    drawn: int
    address: str
    waiting: tuple[str, ...]


_WAITING = """
SELECT a.public_id, a.drawn_at, a.claim_count AS claims, a.address, count(*) AS drawn,
       array_agg(c.reference ORDER BY c.id) FILTER (WHERE s.looked_at IS NULL) AS waiting
FROM approval_sample a JOIN sampled_claim s ON s.sample_id = a.id JOIN claim c ON c.id = s.claim_id
WHERE a.drawn_by = $1
GROUP BY a.id HAVING bool_and(c.status = 'accrued') AND bool_or(s.looked_at IS NULL)
ORDER BY a.id DESC LIMIT $2
"""


async def waiting_samples(principal: Principal, most: int = 20) -> Sequence[WaitingSample]:
    """Return the officer's own samples whose claims still wait and were not all looked at, the latest first."""
    principal.scope(Permission.CLAIM_APPROVE)
    rows = await database.fetch(_WAITING, principal.actor, most)
    return [WaitingSample(**{**row, "waiting": tuple(row["waiting"])}) for row in rows]
