"""Making the shifts that a rule still lacks, once for each place and period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.calendar import load_calendar
from app.core.database import transaction
from volunteers.assignments.service import Published, add_assignments
from volunteers.coverage import queries
from volunteers.coverage.days.queries import visit_days
from volunteers.coverage.demand.queries import lacks, load_of
from volunteers.coverage.demand.rules import Lack, draft, drafts
from volunteers.coverage.queries import RuleView

_STORE = """
INSERT INTO coverage_demand (rule_id, place_id, period_start, attempt, assignment_id, made_at)
SELECT $1, *, $6 FROM unnest($2::bigint[], $3::date[], $4::integer[], $5::bigint[])
"""


async def make_demand(principal: Principal, now: datetime) -> int:
    """Make what every rule in force still lacks, rule by rule; return how many shifts."""
    principal.scope(Permission.ASSIGNMENT_PUBLISH)
    return sum([await make_for(principal, rule, now) for rule in await queries.rules_in_force()])


async def make_for(principal: Principal, rule: RuleView, now: datetime) -> int:
    """Make what one rule lacks; whoever comes at the same time waits for the rule and finds nothing left to do."""
    async with transaction():
        await database.locked("coverage_rule", [rule.id])
        found = await lacks(rule.id, now)
        days = await visit_days([lack.place_id for lack in found])
        load = await load_of(sorted({lack.town for lack in found}), now)
        wanted = list(drafts(rule, found, days, load, await load_calendar(), clock.local(now).date()))
        made = await add_assignments(principal, wanted, created_by=rule.stated_by_id)
        await _note(principal, rule, found, made, now)
    return len(made)


@dataclass(frozen=True, slots=True)
class Planned:
    """When somebody wants a place to be visited."""

    place_id: int
    starts: datetime
    ends: datetime


async def make_at(
    principal: Principal, rule: RuleView, wanted: Sequence[Planned], now: datetime
) -> dict[int, Published]:
    """Make what is lacking at times that somebody chose, as part of a larger use case, in its transaction.

    Return them by place. A place for which a shift stands already, or nothing is owed any more, gets none.
    """
    await database.locked("coverage_rule", [rule.id])
    times = {one.place_id: one for one in wanted}
    found = await lacks(rule.id, now, chosen=list(times))
    chosen = [(lack, times[lack.place_id]) for lack in found]
    made = await add_assignments(principal, [draft(rule, lack, one.starts, one.ends) for lack, one in chosen])
    await _note(principal, rule, found, made, now)
    return {lack.place_id: shift for lack, shift in zip(found, made, strict=True)}


async def _note(
    principal: Principal, rule: RuleView, found: Sequence[Lack], made: Sequence[Published], now: datetime
) -> None:
    """Write down for which places and periods the shifts were made."""
    if not made:
        return
    await database.execute(
        _STORE,
        *(rule.id, [lack.place_id for lack in found], [lack.period_start for lack in found]),
        *([lack.attempt for lack in found], [shift.id for shift in made], now),
    )
    await audit.record(principal, "coverage.demand_made", "coverage_rule", rule.id, shifts=len(made))
