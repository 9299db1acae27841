"""Parts given to worker processes to be planned, and their plans put together again."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from volunteers.dispatch.engine.incumbent import Progress
from volunteers.dispatch.engine.province.crew import Crew, Desk
from volunteers.dispatch.engine.province.division import Done, Part
from volunteers.dispatch.engine.solve import Effort, solve

_LEAST_SECONDS = 5.0


@dataclass(frozen=True)
class Errand:
    """A part to plan with some effort.

    The time up to `until`, by the machine's monotonic clock, is for it and `rounds` - 1 later ones.
    """

    part: Part
    effort: Effort
    until: float
    rounds: int


Follow = Callable[[int, str, Done | None], None]
"""Called with the part's number and what is going on there, at last with its plan."""


def plan_parts(crew: Crew, parts: Sequence[Part], effort: Effort, until: float, follow: Follow) -> list[Done]:
    """Plan the parts, as many at once as there are workers, each within its share of the time."""
    rounds = [math.ceil((len(parts) - number) / crew.size) for number in range(len(parts))]
    errands = [Errand(part, effort, until, left) for part, left in zip(parts, rounds, strict=True)]

    def pass_on(number: int, message: str | Done, final: bool) -> None:
        done = message if final and isinstance(message, Done) else None
        follow(number, "planned" if done else str(message), done)

    found: list[Done] = crew.share(plan_part, errands, pass_on)
    return found


def plan_part(desk: Desk, errand: Errand) -> Done:
    """Plan one part in a worker process."""
    left = max(0.0, errand.until - time.monotonic()) / errand.rounds
    return plan_alone(
        errand.part,
        errand.effort,
        max(left, _LEAST_SECONDS),
        lambda stage, *_: desk.report(stage),
        desk.asked_to_stop,
    )


def plan_alone(
    part: Part, effort: Effort, time_limit: float, progress: Progress, should_stop: Callable[[], bool]
) -> Done:
    """Plan one part here, within so many seconds."""
    solution = solve(
        part.instance,
        time_limit=time_limit,
        progress=progress,
        should_stop=should_stop,
        effort=effort,
        start=part.start,
    )
    return Done(solution.plan.assignments, solution.vector, solution.bounds, solution.status)
