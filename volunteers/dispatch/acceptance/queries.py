"""Counting the answers that people gave to what plans offered them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from app.core import database
from volunteers.dispatch.acceptance.rules import Answers

COUNTED = timedelta(weeks=26)
# Who gave the seat back afterwards did not take it in the end. What the house took away is no answer.
_ANSWERS = """
SELECT s.person_id, a.kind, count(*) AS offers,
       count(*) FILTER (WHERE s.status NOT IN ('withdrawn', 'released')) AS accepted
FROM sign_up s JOIN assignment a ON a.id = s.assignment_id
WHERE s.origin = 'dispatch' AND s.person_id = ANY ($1) AND s.created_at > $2 AND s.status <> 'offered'
  AND s.ended_reason IN ('', 'own_wish', 'offer_expired', 'substituted')
GROUP BY s.person_id, a.kind ORDER BY s.person_id, a.kind
"""


async def answers_of(person_ids: Iterable[int], now: datetime) -> dict[int, list[Answers]]:
    """Return each person's answers of the last half year by kind of assignment; nothing for who was offered nothing."""
    found: dict[int, list[Answers]] = defaultdict(list)
    for row in await database.fetch(_ANSWERS, list(person_ids), now - COUNTED):
        found[row["person_id"]].append(Answers(row["kind"], row["offers"], row["accepted"]))
    return dict(found)
