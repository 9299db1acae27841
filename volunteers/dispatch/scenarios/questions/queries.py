"""Reading questions that wait for their answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import clock, database
from app.core.access import Permission, Principal
from app.core.errors import NotFound
from volunteers.dispatch.scenarios.forms import ScenarioForm
from volunteers.dispatch.scenarios.rules import Weight
from volunteers.dispatch.scenarios.service import Step
from volunteers.people.credentials.rules import CredentialKind

_QUESTION = """
SELECT q.public_id, rule.public_id AS rule, place.code AS place_code, place.name_zh AS place_zh,
       place.name_en AS place_en, at.code AS at, q.week_start, q.people, q.credential, q.weekday, q.radius_km, q.weight,
       q.weight_percent AS percent, q.asked_at, q.step, q.alive_at, q.error, q.finished_at, s.public_id AS scenario
FROM dispatch_question q JOIN coverage_rule rule ON rule.id = q.rule_id JOIN place ON place.id = q.place_id
JOIN place AS at ON at.id = q.at_place_id LEFT JOIN dispatch_scenario s ON s.id = q.scenario_id
"""
STEPS: tuple[Step, ...] = tuple(Step)


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question, how far its answer is, and where it is once it is there."""

    public_id: UUID
    rule: UUID
    place_code: str
    place_zh: str
    place_en: str
    at: str
    people: int
    credential: CredentialKind
    weekday: int | None
    radius_km: int
    weight: Weight | None
    percent: int
    asked_at: datetime
    step: Step | None
    failed: bool
    scenario: UUID | None

    @property
    def done(self) -> int:
        """Return how many of the steps are done."""
        return STEPS.index(self.step) if self.step else 0

    @property
    def waited(self) -> int:
        """Return for how many seconds somebody has waited."""
        return max(0, int((clock.now() - self.asked_at).total_seconds()))


async def question(principal: Principal, public_id: UUID) -> QuestionView:
    """Return a question about the planner's places."""
    row = await database.fetch_one(f"{_QUESTION} WHERE q.public_id = $1", public_id)
    if row is None or not principal.scope(Permission.DISPATCH_PLAN).covers_place(row["place_code"]):
        raise NotFound
    return QuestionView(
        **{name: row[name] for name in QuestionView.__slots__ if name in row and name not in _TYPED},
        credential=CredentialKind(row["credential"]),
        weight=Weight(row["weight"]) if row["weight"] else None,
        step=Step(row["step"]) if row["step"] else None,
        failed=bool(row["error"]),
    )


async def form_of(question_id: int) -> ScenarioForm:
    """Return what was asked."""
    row = await database.fetch_one(f"{_QUESTION} WHERE q.id = $1", question_id)
    if row is None:
        raise NotFound
    return ScenarioForm(
        rule=row["rule"],
        at=row["at"],
        week=row["week_start"],
        people=row["people"],
        credential=CredentialKind(row["credential"]),
        weekday=row["weekday"],
        radius_km=row["radius_km"],
        weight=Weight(row["weight"]) if row["weight"] else None,
        percent=row["percent"],
    )


_TYPED = frozenset({"credential", "weight", "step", "failed"})
