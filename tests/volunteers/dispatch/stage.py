"""The demonstration's week at town scale, as far as a test needs it, and a plan of it."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from app.composition import compose
from app.core import clock
from app.core.access import Principal, Role
from procurement.demonstration import walk
from procurement.demonstration.scale import ScaleName
from procurement.demonstration.walk import Stage
from volunteers.dispatch import service

SIGNED_UP = 10
"""The step after which people have signed up and the rest waits for dispatch."""
SECONDS = 2


@dataclass(frozen=True, slots=True)
class Planned:
    """A stage whose week is planned, the planner, the plan, and a moment before the week."""

    stage: Stage
    planner: Principal
    run: UUID
    moment: datetime

    @property
    def place(self) -> str:
        """Return the code of the planned place."""
        return self.stage.scale.place_code


async def published_week(steps: int = SIGNED_UP) -> Stage:
    """Live through the demonstration up to a step."""
    compose()
    stage = await walk.prepare(ScaleName.TOWN, lambda _: None)
    for step in walk.STEPS[:steps]:
        await walk.take(stage, step)
    return stage


def before_the_week(stage: Stage) -> datetime:
    """Return the Friday morning on which the week is planned."""
    return clock.at_local(stage.monday - timedelta(days=3), time(9))


async def planned_week(*, solved: bool = True) -> Planned:
    """Live up to the sign-ups, then ask for a plan and solve it."""
    stage = await published_week()
    planner, moment = stage.officers[Role.COORDINATOR], before_the_week(stage)
    with clock.travelled_to(moment):
        run = await service.plan_week(planner, stage.scale.place_code, stage.monday, SECONDS)
        if solved:
            await service.solve_run(run)
    return Planned(stage, planner, run, moment)
