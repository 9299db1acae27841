"""Reading what the rules cost a plan, as far as it is worked out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.core import database
from app.core.access import Principal
from volunteers.dispatch import queries as plans
from volunteers.dispatch.engine.relaxing import Relaxation
from volunteers.dispatch.explanations.costs.rules import Gain, Outcome, gains
from volunteers.dispatch.queries import RunView


@dataclass(frozen=True, slots=True)
class Costs:
    """What is known so far; ``asked_at`` None: nobody asked."""

    run: RunView
    asked_at: datetime | None
    finished_at: datetime | None
    error: str
    done: int
    gains: list[Gain]

    @property
    def underway(self) -> bool:
        """Tell whether answers are still to come."""
        return self.asked_at is not None and self.finished_at is None

    @property
    def all_rules(self) -> int:
        """Return how many weeks are solved in all."""
        return len(Relaxation)


async def costs_of(principal: Principal, run: UUID) -> Costs:
    """Return what the rules cost a plan, for its planner."""
    view = await plans.run_view(principal, run)
    asked = await database.fetch_one(
        """SELECT c.id, c.asked_at, c.finished_at, c.error
           FROM dispatch_costing c JOIN dispatch_run r ON r.id = c.run_id WHERE r.public_id = $1""",
        run,
    )
    if asked is None:
        return Costs(view, None, None, "", 0, [])
    rows = await database.fetch(
        """SELECT relaxation, amount, before, after, proven, moved, milliseconds FROM dispatch_rule_cost
           WHERE costing_id = $1 ORDER BY id""",
        asked["id"],
    )
    outcomes = [
        Outcome(
            Relaxation(row["relaxation"]),
            row["amount"],
            tuple(row["before"]),
            tuple(row["after"]),
            row["proven"],
            row["moved"],
            row["milliseconds"],
        )
        for row in rows
    ]
    return Costs(view, asked["asked_at"], asked["finished_at"], asked["error"], len(rows), gains(outcomes))
