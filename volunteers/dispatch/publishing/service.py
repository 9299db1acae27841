"""Publishing an approved plan: in one transaction everybody is asked (or sent) who still can be, or nothing happened.

The plan was made from the world of some hours ago. Whoever cannot go any more is reported, never forced; the plan that
was in force for any of the same places makes way.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError, NotFound
from app.core.state import advance
from app.core.text import N_
from volunteers.assignments.sign_ups.rules import CONSTRAINTS, Origin
from volunteers.assignments.sign_ups.service import Wanted, seat_many
from volunteers.dispatch import results
from volunteers.dispatch.offers.making import Occasion, in_time, offer
from volunteers.dispatch.offers.rules import OfferCause
from volunteers.dispatch.publishing.telling import tell
from volunteers.dispatch.results import Outcome, Pair
from volunteers.dispatch.rules import TRANSITIONS, RunEvent, RunStatus
from volunteers.dispatch.settings.queries import settings_of
from volunteers.dispatch.settings.rules import Asking, Settings


class AnotherPlanInForce(DomainError):
    """Somebody published another plan of the same places and week at this moment."""

    code, status = "another_plan_in_force", 409
    message = N_("刚刚有另一个计划为同一周发布了。请先看看那个计划，再决定要不要发布这个。")


@dataclass(frozen=True, slots=True)
class PublishedPlan:
    """How many seats were offered or given, kept, and not filled after all because the world had moved on.

    ``asked``: whether the people answer first.
    """

    sent: int
    kept: int
    refused: int
    asked: bool = False


async def publish_plan(principal: Principal, run: UUID) -> PublishedPlan:
    """Ask everybody an approved plan names, or send them; whoever cannot go any more is reported, not forced."""
    async with database.refusing({"dispatch_one_plan_in_force": AnotherPlanInForce}), transaction():
        return await publish_here(principal, run)


async def publish_here(principal: Principal, run: UUID) -> PublishedPlan:
    """Do the same as part of a larger use case, in its transaction."""
    scope = principal.scope(Permission.DISPATCH_PUBLISH)
    row, others = await _locked(run)
    scope.require_place(row["code"])
    status = advance(TRANSITIONS, RunStatus(row["status"]), RunEvent.PUBLISH)
    await _supersede(principal, row, others)
    fresh = await results.unpinned(row["id"])
    settings = await settings_of(row["code"])
    taken, until = await _taken(principal, [Wanted(*pair) for pair in fresh], settings)
    await results.mark(row["id"], _outcomes(fresh, taken))
    published = {"status": status.value, "published_by": principal.account_id, "published_at": clock.now()}
    await database.update_row("dispatch_run", row["id"], published)
    if until:
        await offer(
            Occasion(row["id"], OfferCause.PLAN, f"dispatched:{run}"),
            {taken[wish]: until[wish] for wish in taken},
        )
    else:
        await tell(run, taken.values())
    await audit.record(principal, "dispatch.published", "dispatch_run", row["id"], sent=len(taken))
    kept = await database.fetch_value("SELECT count(*) FROM dispatch_proposal WHERE run_id = $1 AND pinned", row["id"])
    return PublishedPlan(len(taken), kept, len(fresh) - len(taken), settings.asking is Asking.ASK)


async def _locked(run: UUID) -> tuple[Row, list[Row]]:
    """Lock the run and all others that plan for any of its places in its week, before any seat: in the order of ids."""
    rows = await database.fetch(
        """SELECT r.id, r.public_id, r.status, r.kind, place.code FROM dispatch_run r
           JOIN place ON place.id = r.place_id JOIN dispatch_run this ON this.public_id = $1
           WHERE r.week_start = this.week_start AND r.covers && this.covers
             AND (r.id = this.id OR r.status IN ('solved', 'approved', 'published') AND r.kind <> 'what_if')
           ORDER BY r.id FOR NO KEY UPDATE OF r""",
        run,
    )
    found = next((row for row in rows if row["public_id"] == run), None)
    if found is None:
        raise NotFound
    return found, [row for row in rows if row is not found]


async def _supersede(principal: Principal, row: Row, others: Sequence[Row]) -> None:
    """Take back the plan in force, and the plans that were made before this one and lie there unpublished."""
    for other in others:
        if other["status"] == RunStatus.PUBLISHED or other["id"] < row["id"]:
            after = advance(TRANSITIONS, RunStatus(other["status"]), RunEvent.SUPERSEDE)
            await database.update_row("dispatch_run", other["id"], {"status": after.value})
            await audit.record(principal, "dispatch.superseded", "dispatch_run", other["id"], by=row["id"])


async def _taken(
    principal: Principal, wishes: Sequence[Wanted], settings: Settings
) -> tuple[Mapping[Wanted, int], Mapping[Wanted, datetime]]:
    """Take the seats; with people who are asked first, as offers, each with the end of its time."""
    if settings.asking is Asking.SEND:
        return await _seated(principal, wishes, offered=False), {}
    until = await in_time(wishes, settings.answer_hours)
    return await _seated(principal, [wish for wish in wishes if wish in until], offered=True), until


async def _seated(principal: Principal, wishes: Sequence[Wanted], *, offered: bool) -> Mapping[Wanted, int]:
    """Seat whom the rules of sign-up let in. Should the database refuse one of many, it is found by halving."""
    try:
        async with database.savepoint():
            return (await seat_many(principal, wishes, Origin.DISPATCH, offered=offered)).taken
    except asyncpg.PostgresError as violation:
        if getattr(violation, "constraint_name", None) not in CONSTRAINTS:
            raise
    if len(wishes) == 1:
        return {}
    middle = len(wishes) // 2
    halves = wishes[:middle], wishes[middle:]
    return {wish: seat for half in halves for wish, seat in (await _seated(principal, half, offered=offered)).items()}


def _outcomes(fresh: Sequence[Pair], taken: Mapping[Wanted, int]) -> dict[Pair, Outcome]:
    return {pair: Outcome.SENT if Wanted(*pair) in taken else Outcome.REFUSED for pair in fresh}
