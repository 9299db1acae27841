"""Opening a call-out inside the use case that leaves a seat empty; its positions are locked by then."""

from collections.abc import Sequence

from app.core import audit, clock, database
from app.core.access import Principal
from app.core.database import Row
from app.core.state import advance
from volunteers.assignments.call_outs import rules
from volunteers.assignments.call_outs.rules import CallOutEvent, CallOutStatus, Cause, NothingFree
from volunteers.assignments.call_outs.waves import ask_next, rule_in_force

_LEFT = """
SELECT DISTINCT p.id, a.starts, a.ends FROM sign_up s JOIN position p ON p.id = s.position_id
JOIN assignment a ON a.id = s.assignment_id
WHERE s.id = ANY ($1) AND a.status IN ('open', 'closed') AND p.booked < p.minimum ORDER BY p.id
"""


async def after_leaving(principal: Principal, sign_up_ids: Sequence[int], cause: Cause) -> None:
    """Call for cover where these sign-ups, just ended, leave too few people too late. Nothing if it was early."""
    rows = await database.fetch(_LEFT, list(sign_up_ids))
    if not rows:
        return
    rule, now = await rule_in_force(), clock.now()
    for row in rows:
        if rule.is_late(row["starts"], row["ends"], now):
            await open_for(principal, row["id"], cause)


async def open_for(principal: Principal, position_id: int, cause: Cause) -> Row:
    """Look for one person more for a position, as many at most as seats are free, and ask the first at once."""
    free = await database.fetch_value("SELECT capacity - booked FROM position WHERE id = $1", position_id)
    if free <= 0:
        raise NothingFree
    row = await _opened(principal, position_id, cause, free)
    await audit.record(principal, "call_out.open", "call_out", row["id"], position=position_id, cause=cause)
    await ask_next(principal, row)
    return row


async def _opened(principal: Principal, position_id: int, cause: Cause, free: int) -> Row:
    now = clock.now()
    found = await database.fetch_one("SELECT * FROM call_out WHERE position_id = $1 FOR NO KEY UPDATE", position_id)
    fresh = {"cause": cause, "next_wave_at": now, "opened_at": now, "opened_by": principal.account_id}
    if found is None:
        stated = {"position_id": position_id, "status": CallOutStatus.OPEN, "missing": 1, **fresh}
        await database.insert_row("call_out", stated)
    elif found["status"] == CallOutStatus.OPEN:
        await database.update_row("call_out", found["id"], {"missing": min(found["missing"] + 1, free)})
    else:
        status = advance(rules.TRANSITIONS, CallOutStatus(found["status"]), CallOutEvent.REOPEN)
        missing = min(found["missing"] or 1, free)
        reopened = {"status": status, "missing": missing, "ended_at": None, **fresh}
        await database.update_row("call_out", found["id"], reopened)
    row = await database.fetch_one("SELECT * FROM call_out WHERE position_id = $1", position_id)
    if row is None:
        raise LookupError("the call-out was written in this very transaction")
    return row
