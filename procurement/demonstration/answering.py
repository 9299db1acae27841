"""The people whom a published plan asks answer through the service: nearly all come, a few cannot and say why.

For the seats that come free others are asked at once, and answer as well.
"""

import asyncio
import random

from app.accounts.principals import principals_of_accounts
from app.core import clock, database
from app.core.access import Permission, Principal, system_principal
from app.core.database import Row
from app.core.errors import DomainError
from procurement.demonstration import invention
from volunteers.dispatch.jobs import solve_urgent_runs
from volunteers.dispatch.offers.answering import answer_own
from volunteers.dispatch.offers.rules import NoReason, OfferEvent
from volunteers.dispatch.vacancies.rules import Outcome
from volunteers.dispatch.vacancies.service import answer_vacancies

AT_ONCE = 8
NO_SHARE = 0.08
ROUNDS = 3
"""After so many rounds whoever is asked says yes."""
_OPEN = """
SELECT o.public_id, person.account_id FROM dispatch_offer o JOIN dispatch_invitation i ON i.id = o.invitation_id
JOIN person ON person.id = i.person_id WHERE o.status = 'offered' ORDER BY o.id
"""


async def answer_offers() -> tuple[int, int]:
    """Let everybody answer who was asked, until nobody is; return how many said yes and how many said no."""
    planner = system_principal(Permission.DISPATCH_PLAN)
    draw = invention.generator("answers")
    yes = no = 0
    for turn in range(1, ROUNDS + 1):
        rows = await database.fetch(_OPEN)
        said = await _answer(rows, draw, may_decline=turn < ROUNDS)
        yes, no = yes + said.count(True), no + said.count(False)
        settled = await answer_vacancies(planner, clock.now())
        if Outcome.REPLANNED in settled:
            await solve_urgent_runs(clock.now())
        if Outcome.OFFERED not in settled:
            break
    return yes, no


async def _answer(rows: list[Row], draw: random.Random, *, may_decline: bool) -> list[bool]:
    people = await principals_of_accounts({row["account_id"] for row in rows})
    room = asyncio.Semaphore(AT_ONCE)

    async def one(principal: Principal, row: Row, reason: NoReason | None) -> bool:
        async with room:
            if reason is None:
                try:
                    await answer_own(principal, row["public_id"], OfferEvent.ACCEPT)
                except DomainError:
                    return False  # the world moved on meanwhile; the seat goes to others
            else:
                await answer_own(principal, row["public_id"], OfferEvent.DECLINE, reason)
        return reason is None

    reasons = [draw.choice(list(NoReason)) if may_decline and draw.random() < NO_SHARE else None for _ in rows]
    wanted = zip(rows, reasons, strict=True)
    return await asyncio.gather(*(one(people[row["account_id"]], row, reason) for row, reason in wanted))
