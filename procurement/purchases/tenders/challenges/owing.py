"""Who owes the next step of each open challenge, and until when: the buyer, finance, or nobody but the calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.core import calendar, clock, database
from app.core.calendar import deadline
from app.core.database import Row
from procurement.purchases.tenders import law
from procurement.purchases.tenders.challenges.rules import FALLEN, WITH_FINANCE, ChallengeStatus
from procurement.purchases.tenders.figures import figures_on

_OPEN = (ChallengeStatus.RAISED, *WITH_FINANCE, *FALLEN)


@dataclass(frozen=True, slots=True)
class Owed:
    """The next step of a challenge; ``last_day`` is None where the law gives no time for it."""

    challenge_id: int
    number: int
    status: ChallengeStatus
    purchase_id: int
    reference: str
    purpose_zh: str
    last_day: date | None
    held_until: date | None  # the last day of finance's suspension

    @property
    def by_finance(self) -> bool:
        """Tell whether the finance department owes it; else the buyer does."""
        return self.status in WITH_FINANCE


async def owed(places: Sequence[str], today: date, at_most: int) -> list[Owed]:
    """Return what is owed in places, given as patterns of their codes, the oldest challenge first."""
    rows = await database.fetch(_OWED, list(places), [one.value for one in _OPEN], at_most)
    days = await calendar.load_calendar() if rows else None
    figures = {place: (await figures_on([today], place))[today] for place in {row["place_code"] for row in rows}}
    return [
        Owed(
            row["id"], row["number"], ChallengeStatus(row["status"]), row["purchase_id"], row["reference"],
            row["purpose_zh"], _last_day(row, figures[row["place_code"]], days) if days else None, row["holds_until"],
        )
        for row in rows
    ]  # fmt: skip


def _last_day(row: Row, figures: law.Figures, days: calendar.Calendar) -> date | None:
    status = ChallengeStatus(row["status"])
    if status in FALLEN:
        return None
    key, since = (law.DECISION, "complained_at") if status in WITH_FINANCE else (law.ANSWER, "raised_at")
    period = figures[key]
    return deadline(days, clock.local(row[since]).date(), period.value, period.unit)


_OWED = """
SELECT c.id, c.number, c.status, c.raised_at, c.holds_until, s.happened_at AS complained_at, p.id AS purchase_id,
       p.reference, p.purpose_zh, place.code AS place_code
FROM challenge c JOIN purchase p ON p.id = c.purchase_id JOIN place ON place.id = p.place_id
LEFT JOIN purchase_step s ON s.challenge_id = c.id AND s.kind = 'complain'
WHERE place.code LIKE ANY($1) AND c.status = ANY($2) AND p.status NOT IN ('terminated', 'closed')
  AND (c.status NOT IN ('upheld', 'overturned') OR c.holds)
ORDER BY c.raised_at, c.id LIMIT $3
"""
