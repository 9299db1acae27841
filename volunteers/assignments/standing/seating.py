"""Seating those who come each week, first and in the order in which they agreed; once for each shift.

The caller has locked the pattern, so that shifts and standing sign-ups do not miss each other. What is decided here is
kept: who gives such a seat back for one date is not put there again, and who got none is told why.
"""

from collections.abc import Sequence

from app.core import clock, database
from app.core.access import Principal
from app.core.database import Row
from app.core.errors import NotFound
from volunteers.assignments.sign_ups.rules import Origin, Reason, SignUpRefused
from volunteers.assignments.sign_ups.service import SignedUp, Wanted, seat_allowed
from volunteers.assignments.standing import telling

_DUE = """
SELECT t.id AS standing_id, t.person_id, a.id AS assignment_id, p.id AS position_id,
       a.sign_up_mode = 'request' AND t.proposed_by IS NULL AS must_ask
FROM standing t
JOIN assignment a ON a.pattern_id = t.pattern_id AND a.status = 'open' AND a.starts > $2
 AND extract(isodow FROM a.pattern_day) - 1 = t.weekday AND a.pattern_day BETWEEN t.valid_from AND t.valid_until
JOIN position p ON p.assignment_id = a.id AND p.number = t.number
WHERE t.pattern_id = $1 AND t.status = 'active'
  AND NOT EXISTS (SELECT FROM standing_pause u WHERE u.standing_id = t.id
                  AND a.pattern_day BETWEEN u.first_day AND u.last_day)
  AND NOT EXISTS (SELECT FROM standing_shift d WHERE d.standing_id = t.id AND d.assignment_id = a.id)
ORDER BY a.starts, a.id, t.agreed_at, t.id
"""
_DECIDED = """
INSERT INTO standing_shift (standing_id, assignment_id, sign_up_id, reasons, decided_at)
SELECT d.standing_id, d.assignment_id, d.sign_up_id, d.reasons, $5
FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[]) AS d (standing_id, assignment_id, sign_up_id, reasons)
"""


async def seat_those_who_stand(principal: Principal, pattern_id: int) -> int:
    """Seat everybody whom a pattern's shifts ahead await and nobody decided about yet; return how many sat down."""
    due = await database.fetch(_DUE, pattern_id, clock.now())
    if not due:
        return 0
    wishes = [Wanted(row["position_id"], row["person_id"]) for row in due]
    result = await seat_allowed(
        principal, [wish for wish, row in zip(wishes, due, strict=True) if not row["must_ask"]], Origin.STANDING
    )
    decided = [_decided(row, wish, result) for row, wish in zip(due, wishes, strict=True)]
    await database.execute(_DECIDED, *database.columns(decided, 4), clock.now())
    await telling.tell_seated_and_refused(
        [standing for standing, _, seat, _ in decided if seat],
        [(standing, assignment, reasons) for standing, assignment, seat, reasons in decided if seat is None],
    )
    return len(result.taken)


def _decided(row: Row, wish: Wanted, result: SignedUp) -> Sequence[int | str | None]:
    seat = result.taken.get(wish)
    reasons = "" if seat else _codes(result.refused.get(wish))
    return row["standing_id"], row["assignment_id"], seat, reasons


def _codes(refusal: SignUpRefused | NotFound | None) -> str:
    """Return the reasons as codes; who was not weighed at all had to be asked for by the station."""
    codes = [name for name in (refusal.fields or {}) if name in set(Reason)] if refusal else [Reason.ASK_FIRST]
    return ",".join(codes) or Reason.NOT_OPEN
