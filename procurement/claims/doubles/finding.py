"""Finding pairs of claims that may be one piece of work; what is found waits for a person."""

from collections.abc import Sequence
from datetime import datetime

from app.core import database

# Each new claim looks its few neighbours up by index (OFFSET 0 keeps it so), so that the millionth costs what the first
# did. No shift lasts longer than half a day, and nobody signs in hours before it or out the day after.
_PAIRS = """
WITH fresh AS (SELECT * FROM claim WHERE id = ANY ($1)),
found AS (
    -- One matter claimed by two agencies or two providers. Stages and kinds of work are paid each by itself.
    SELECT c.id AS claim_id, o.id AS other_id, o.status, 'same_matter' AS ground
    FROM fresh c JOIN closed_case k ON k.id = c.closed_case_id
    JOIN closed_case l ON l.matter = k.matter AND l.id <> k.id AND l.item = k.item AND l.stage = k.stage
                      AND l.withdrawn_at IS NULL
    JOIN claim o ON o.closed_case_id = l.id AND o.part = 'base'
    WHERE c.part = 'base'
    UNION ALL
    -- One agency referred the matter to the other, and both claim it.
    SELECT c.id, o.id, o.status, 'referral'
    FROM fresh c JOIN closed_case k ON k.id = c.closed_case_id
    JOIN closed_case l ON l.withdrawn_at IS NULL AND l.id <> k.id
                      AND (k.referred_matter <> '' AND l.matter = k.referred_matter
                           OR l.referred_matter <> '' AND l.referred_matter = k.matter)
                      AND (l.kind = k.kind OR l.person_id = k.person_id)
    JOIN claim o ON o.closed_case_id = l.id AND o.part = 'base'
    WHERE c.part = 'base'
    UNION ALL
    -- Signed in at two places at once.
    SELECT c.id, o.id, o.status, 'overlap'
    FROM fresh c,
         LATERAL (SELECT arrived_at, left_at FROM attendance WHERE sign_up_id = c.sign_up_id OFFSET 0) AS t,
         LATERAL (SELECT id FROM sign_up
                  WHERE person_id = c.person_id AND id <> c.sign_up_id
                    AND starts > t.arrived_at - interval '1 day' AND starts < t.left_at + interval '1 day'
                  OFFSET 0) AS s,
         LATERAL (SELECT id FROM attendance
                  WHERE sign_up_id = s.id AND arrived_at < t.left_at AND t.arrived_at < left_at OFFSET 0) AS u,
         LATERAL (SELECT id, status FROM claim WHERE sign_up_id = s.id OFFSET 0) AS o
)
INSERT INTO claim_double (claim_id, other_claim_id, ground, found_at)
SELECT DISTINCT ON (greatest(claim_id, other_id), least(claim_id, other_id))
       greatest(claim_id, other_id), least(claim_id, other_id), ground, $2
FROM found WHERE claim_lives(status)
ORDER BY greatest(claim_id, other_id), least(claim_id, other_id), ground
ON CONFLICT DO NOTHING RETURNING id
"""


async def find_doubles(claim_ids: Sequence[int], now: datetime) -> int:
    """Pair new claims with living ones that may be the same work, in the current transaction; return how many pairs."""
    if not claim_ids:
        return 0
    return len(await database.fetch(_PAIRS, list(claim_ids), now))
