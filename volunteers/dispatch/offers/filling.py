"""Asking somebody else for a seat that came free under a plan in force: who stands by first, then whom the week fits.

Nobody is moved who holds a seat or was asked for one; who finds nobody leaves the seat to the next re-plan.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from app.core import clock, database
from app.core.access import Principal
from app.core.database import Row, transaction
from app.core.errors import DomainError
from volunteers.assignments.call_outs.rules import Tier, ranked
from volunteers.assignments.sign_ups import loading
from volunteers.assignments.sign_ups.rules import CONSTRAINTS, Origin
from volunteers.assignments.sign_ups.service import Wanted, seat_allowed
from volunteers.assignments.stand_by.queries import called_first
from volunteers.dispatch import week
from volunteers.dispatch.engine.eligibility import Directory
from volunteers.dispatch.engine.instance import Instance, Plan
from volunteers.dispatch.engine.repair import Repairer
from volunteers.dispatch.engine.validation import standing_pins
from volunteers.dispatch.offers.making import Occasion, offer
from volunteers.dispatch.offers.rules import OfferCause, offer_until
from volunteers.dispatch.settings.rules import Settings

_SETTLE = """
UPDATE dispatch_vacancy SET outcome = 'offered', settled_at = $2 WHERE id = $1 AND outcome IS NULL
"""
# Who said no to the shift, or nothing, is not asked for it again.
_DECLINED = """
SELECT DISTINCT s.person_id FROM sign_up s JOIN position p ON p.assignment_id = s.assignment_id
WHERE p.id = $1 AND s.ended_reason IN ('own_wish', 'offer_expired', 'substituted', 'swapped')
"""


async def fill(
    principal: Principal, code: str, week_start: date, settings: Settings, vacancies: Sequence[Row]
) -> set[int]:
    """Ask somebody for each of a week's vacancies that anybody fits; return the ids of those vacancies."""
    asked = {row["id"] for row in vacancies if await _ask_stand_by(principal, row, settings)}
    left = [row for row in vacancies if row["id"] not in asked]
    if not left:
        return asked
    instance = await week.read_instance(code, week_start, settings)
    found = await asyncio.to_thread(_fitting, instance, [(str(row["shift"]), str(row["position_id"])) for row in left])
    for row, people in zip(left, found, strict=True):
        if people and await _ask(principal, row, people, OfferCause.REPAIR, settings):
            asked.add(row["id"])
    return asked


async def _ask_stand_by(principal: Principal, row: Row, settings: Settings) -> bool:
    declined = {found["person_id"] for found in await database.fetch(_DECLINED, row["position_id"])}
    ready = [person for person in await called_first(row["position_id"]) if person not in declined]
    if not ready:
        return False
    seat = (await loading.seats([row["position_id"]]))[row["position_id"]]
    people = await loading.candidates(ready, [seat])
    fit = ranked(seat, [(Tier.STAND_BY, person) for person in people.values()], clock.now())
    return await _ask(principal, row, [choice.person_id for choice in fit], OfferCause.STAND_BY, settings)


async def _ask(principal: Principal, row: Row, people: Iterable[int], cause: OfferCause, settings: Settings) -> bool:
    """Hold the seat for the first of these people who may have it; whether it was."""
    now = clock.now()
    until = offer_until(now, row["starts"], settings.answer_hours)
    if until is None:
        return False
    for person in people:
        try:
            if await _hold(principal, row, person, cause, until):
                return True
        except DomainError:
            continue  # taken, or not for this person any more: the next one
    return False


async def _hold(principal: Principal, row: Row, person: int, cause: OfferCause, until: datetime) -> bool:
    async with database.refusing(CONSTRAINTS), transaction():
        if not await database.execute(_SETTLE, row["id"], clock.now()):
            return False
        wish = Wanted(row["position_id"], person)
        seated = await seat_allowed(principal, [wish], Origin.DISPATCH, offered=True, all_or_none=True)
        occasion = Occasion(row["run_id"], cause, f"filled:{row['id']}", row["id"])
        await offer(occasion, {seated.taken[wish]: until})
    return True


def _fitting(instance: Instance, seats: Sequence[tuple[str, str]]) -> list[list[int]]:
    """Return for each empty seat whom a repair of the week puts there: nobody, or one."""
    pins = tuple(row for _, row in standing_pins(instance, Directory.of(instance)))
    repairer = Repairer(instance, Plan(instance.name, pins))
    return [
        [
            int(move.volunteer)
            for move in repairer.fill(shift, position).moves
            if any((seat.shift, seat.position) == (shift, position) for seat in move.takes)
        ]
        for shift, position in seats
    ]
