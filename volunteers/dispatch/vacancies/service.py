"""Answering seats that came free under a plan in force: somebody else is asked at once, or the week is planned anew.

Where people are sent without being asked, a new plan is made, which somebody publishes. On the last day nobody plans
any more: call-outs and stand-bys find somebody by themselves.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from app.core import database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from volunteers.assignments.call_outs.rules import Rule
from volunteers.assignments.call_outs.waves import rule_in_force
from volunteers.dispatch.offers.filling import fill
from volunteers.dispatch.rules import RunKind
from volunteers.dispatch.service import ask_here
from volunteers.dispatch.settings.queries import settings_of
from volunteers.dispatch.settings.rules import Asking, Settings
from volunteers.dispatch.vacancies.rules import Outcome

MOST_SECONDS = 20
"""How long to search after a cancellation: somebody waits for the answer."""
_OPEN = """
SELECT v.id, v.position_id, p.assignment_id AS shift, a.starts, a.ends, a.status, p.booked < p.capacity AS free,
       plan.run_id, plan.code, plan.week_start
FROM dispatch_vacancy v JOIN position p ON p.id = v.position_id JOIN assignment a ON a.id = p.assignment_id
JOIN place here ON here.id = a.place_id
LEFT JOIN LATERAL (
    SELECT r.id AS run_id, place.code, r.week_start FROM dispatch_run r JOIN place ON place.id = r.place_id
    WHERE r.status = 'published' AND r.covers @> codes_below(here.code)
      AND r.week_start = date_trunc('week', a.starts AT TIME ZONE 'Asia/Shanghai')::date) AS plan ON true
WHERE v.outcome IS NULL ORDER BY v.id
"""
_SETTLE = """
UPDATE dispatch_vacancy SET outcome = $2, run_id = $3, settled_at = $4 WHERE id = ANY ($1) AND outcome IS NULL
"""


async def answer_vacancies(principal: Principal, now: datetime) -> dict[Outcome, int]:
    """Settle every open vacancy that can be settled now; return how many came to what."""
    principal.scope(Permission.DISPATCH_PLAN)
    rule = await rule_in_force()
    settled: dict[Outcome, int] = defaultdict(int)
    to_fill: dict[tuple[str, date], list[Row]] = defaultdict(list)
    for row in await database.fetch(_OPEN):
        outcome = _outcome(row, rule, now)
        if outcome is Outcome.REPLANNED:
            to_fill[row["code"], row["week_start"]].append(row)
        else:
            settled[outcome] += await database.execute(_SETTLE, [row["id"]], outcome, None, now)
    for (code, week_start), rows in to_fill.items():
        settings = await settings_of(code)
        asked = await fill(principal, code, week_start, settings, rows) if settings.asking is Asking.ASK else set()
        settled[Outcome.OFFERED] += len(asked)
        left = [row["id"] for row in rows if row["id"] not in asked]
        if left:
            settled[Outcome.REPLANNED] += await _replan(principal, code, week_start, settings, left, now)
    return {outcome: count for outcome, count in settled.items() if count}


def _outcome(row: Row, rule: Rule, now: datetime) -> Outcome:
    if row["starts"] <= now or row["status"] not in ("open", "closed") or row["code"] is None:
        return Outcome.OVER
    if not row["free"]:
        return Outcome.FILLED
    return Outcome.CALLED if rule.is_late(row["starts"], row["ends"], now) else Outcome.REPLANNED


async def _replan(
    principal: Principal, code: str, week_start: date, settings: Settings, vacancies: Iterable[int], now: datetime
) -> int:
    """Ask for a re-plan; while another run of the place is underway, the vacancies wait for it to end."""
    quick = msgspec.structs.replace(settings, time_limit_s=min(settings.time_limit_s, MOST_SECONDS))
    async with transaction():
        run_id = await ask_here(principal, code, week_start, RunKind.CANCELLATION, quick)
        if run_id is None:
            return 0
        return await database.execute(_SETTLE, list(vacancies), Outcome.REPLANNED, run_id, now)
