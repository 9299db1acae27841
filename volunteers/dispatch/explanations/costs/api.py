"""What the rules cost a plan, for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from volunteers.dispatch.engine.relaxing import Relaxation
from volunteers.dispatch.explanations.costs import queries, service
from volunteers.dispatch.explanations.costs.queries import Costs
from volunteers.dispatch.explanations.costs.rules import Certainty, Gain

PLANNER = requires(Permission.DISPATCH_PLAN)
Better = Annotated[int, msgspec.Meta(examples=[7])]


class RuleCostBody(msgspec.Struct):
    """What a plan of the same week is better by when one rule is looser."""

    rule: Relaxation
    looser_by: Annotated[
        int,
        msgspec.Meta(description="Metres, minutes or shifts, for everybody; 0: not counted at all.", examples=[5000]),
    ]
    green_shifts: Better
    shortage_shifts: Better
    shifts: Better
    seats: Better
    burden_percent: Annotated[
        float, msgspec.Meta(description="Lighter by, where only wishes count less.", examples=[0.0])
    ]
    people_moved: Better
    certainty: Certainty

    @classmethod
    def of(cls, gain: Gain) -> "RuleCostBody":
        """Return what a program sees of it."""
        return cls(
            *(gain.relaxation, gain.amount, gain.green, gain.shortage, gain.shifts, gain.seats, gain.burden_percent),
            *(gain.moved, gain.certainty),
        )


class RuleCostsBody(msgspec.Struct):
    """What is worked out so far, the dearest rule first."""

    asked_at: datetime | None
    finished_at: datetime | None
    failed: bool
    done: Annotated[int, msgspec.Meta(ge=0, description="Weeks solved, the unchanged one included.", examples=[9])]
    of: Annotated[int, msgspec.Meta(ge=0, examples=[9])]
    rules: list[RuleCostBody]

    @classmethod
    def of_costs(cls, found: Costs) -> "RuleCostsBody":
        """Return what a program sees of them."""
        rules = [RuleCostBody.of(gain) for gain in found.gains]
        return cls(found.asked_at, found.finished_at, bool(found.error), found.done, found.all_rules, rules)


@get("/dispatch/runs/{run:uuid}/rule-costs", guards=[PLANNER], summary="Show what the rules cost a plan")
async def show_costs(run: FromPath[UUID], principal: CurrentPrincipal) -> RuleCostsBody:
    """Show what each rule costs as far as it is worked out; ask again every few seconds until it is finished."""
    return RuleCostsBody.of_costs(await queries.costs_of(principal, run))


@post(
    "/dispatch/runs/{run:uuid}/rule-costs", guards=[PLANNER], status_code=200, summary="Ask what the rules cost a plan"
)
async def ask_costs(run: FromPath[UUID], principal: CurrentPrincipal) -> RuleCostsBody:
    """Have the plan's week solved again with one rule looser after the other; asked twice is asked once."""
    await service.ask_costs(principal, run)
    return RuleCostsBody.of_costs(await queries.costs_of(principal, run))
