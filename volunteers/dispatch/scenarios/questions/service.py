"""Asking: a district at once; a city, or other weights, by a job whose latest attempt alone may answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.core import audit, clock, database
from app.core.access import Permission, Principal
from app.core.database import transaction
from app.core.errors import DomainError
from app.core.jobs import enqueue
from volunteers.coverage import queries as coverage
from volunteers.dispatch.scenarios import service
from volunteers.dispatch.scenarios.forms import ScenarioForm
from volunteers.dispatch.scenarios.questions.queries import form_of
from volunteers.dispatch.scenarios.service import Step

JOB = "volunteers.answer_questions"
STALE = timedelta(minutes=4)
"""How long nothing may be heard of a worker; longer than any one step takes."""
_CLAIM = """
UPDATE dispatch_question SET fence = fence + 1, alive_at = $1
WHERE id = (SELECT id FROM dispatch_question
            WHERE finished_at IS NULL AND (alive_at IS NULL OR alive_at + $2::interval < $1)
            ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
RETURNING id, fence, asked_by
"""
_BEAT = """
UPDATE dispatch_question SET alive_at = $3, step = $4 WHERE id = $1 AND fence = $2 AND finished_at IS NULL
"""
_END = """
UPDATE dispatch_question SET finished_at = $3, error = $4, scenario_id = $5
WHERE id = $1 AND fence = $2 AND finished_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Where an answer is kept, or the question that waits for it."""

    public_id: UUID
    answered: bool


class GivenUp(RuntimeError):
    """Another worker has taken the question over."""


async def ask(principal: Principal, asked: ScenarioForm) -> Asked:
    """Answer a question about a district at once; put a longer one into the queue."""
    if not asked.is_about_the_city and not asked.levers().weighs:
        return Asked(await service.ask(principal, asked), answered=True)
    rule = await service.checked(principal, asked)
    places = await database.fetch("SELECT id, code FROM place WHERE code = ANY ($1)", [asked.area, asked.at])
    ids, now = {place["code"]: place["id"] for place in places}, clock.now()
    row = {
        "rule_id": rule.id,
        "place_id": ids[asked.area],
        "at_place_id": ids[asked.at],
        "week_start": clock.week_start(asked.week),
        "people": asked.people,
        "credential": asked.credential.value,
        "weekday": asked.weekday,
        "radius_km": asked.radius_km,
        "weight": asked.weight.value if asked.weight else None,
        "weight_percent": asked.levers().percent,
        "asked_by": principal.actor,
        "asked_at": now,
    }
    async with transaction():
        question_id = await database.insert_row("dispatch_question", row)
        await audit.record(principal, "dispatch.question_asked", "dispatch_question", question_id)
        await enqueue(JOB, now=now)
        public_id: UUID = await database.fetch_value(
            "SELECT public_id FROM dispatch_question WHERE id = $1", question_id
        )
    return Asked(public_id, answered=False)


async def answer_waiting(principal: Principal, now: datetime) -> int:
    """Answer every question that waits, also one whose worker died; return how many were answered."""
    principal.scope(Permission.DISPATCH_PLAN)
    answered = 0
    while (row := await database.fetch_one(_CLAIM, max(now, clock.now()), STALE)) is not None:
        answered += await _answer(principal, row["id"], row["fence"], row["asked_by"])
    return answered


async def _answer(principal: Principal, question_id: int, fence: int, asked_by: int) -> bool:
    """Work a question out and keep the answer, if the attempt is still the latest."""
    asked = await form_of(question_id)

    async def report(step: Step) -> None:
        if not await database.execute(_BEAT, question_id, fence, clock.now(), step.value):
            raise GivenUp

    try:
        found = await service.worked_out(asked, await coverage.rule_by_id(asked.rule), report)
    except GivenUp:
        return False
    except DomainError as refusal:
        await database.execute(_END, question_id, fence, clock.now(), refusal.code, None)
        return False
    async with transaction():
        if not await database.execute(_BEAT, question_id, fence, clock.now(), Step.AFTER.value):
            return False
        scenario_id, _ = await service.keep_here(principal, found, asked_by)
        await database.execute(_END, question_id, fence, clock.now(), "", scenario_id)
    return True
