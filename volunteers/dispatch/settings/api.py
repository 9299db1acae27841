"""The settings of planning for programs."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from volunteers.dispatch.settings import queries, service
from volunteers.dispatch.settings.forms import SettingsForm
from volunteers.dispatch.settings.queries import SettingsView
from volunteers.dispatch.settings.rules import FIELDS, Asking, PlannedLevel, Settings

PLANNER = requires(Permission.DISPATCH_PLAN)


class StatementBody(msgspec.Struct, omit_defaults=True):
    """What was said for the place itself; what is missing held as for the place above."""

    reason: Annotated[str, msgspec.Meta(examples=["山区路远，少跑路"])]
    stated_by: Annotated[str, msgspec.Meta(examples=["王晓梅"])]
    stated_at: datetime
    effective_from: datetime
    planned_level: PlannedLevel | None = None
    fairness: int | None = None
    preference: int | None = None
    km: int | None = None
    continuity: int | None = None
    time_limit_s: int | None = None
    answer_hours: int | None = None
    weeks_ahead: int | None = None
    acceptance_floor: int | None = None
    asking: Asking | None = None


class SettingsBody(msgspec.Struct):
    """What holds for a place, from which place each setting comes (empty: everywhere), what was said before."""

    place: Annotated[str, msgspec.Meta(examples=["330127"])]
    settings: Settings
    comes_from: Annotated[dict[str, str], msgspec.Meta(examples=[{"km": "330127", "fairness": ""}])]
    history: list[StatementBody]

    @classmethod
    def of(cls, view: SettingsView) -> "SettingsBody":
        """Return what a program sees."""
        history = [
            StatementBody(said.reason, said.stated_by, said.stated_at, said.effective_from, **said.said)
            for said in view.history
        ]
        comes_from = {name: place.code if (place := view.comes_from[name]) else "" for name in FIELDS}
        return cls(view.place.code, view.settings, comes_from, history)


@get("/dispatch/settings/{code:str}", guards=[PLANNER], summary="Show how weeks of a place are planned")
async def show_settings(code: FromPath[str], principal: CurrentPrincipal) -> SettingsBody:
    """Show what holds for a place now, and what was said for it, the latest first."""
    return SettingsBody.of(await queries.settings_view(principal, code))


@post("/dispatch/settings/{code:str}", guards=[PLANNER], summary="State how weeks of a place are planned")
async def state_settings(
    code: FromPath[str], data: JSONBody[SettingsForm], principal: CurrentPrincipal
) -> SettingsBody:
    """State all that a place sets itself, from now or from a later day on; what is left out holds as above."""
    await service.state_settings(principal, code, data.said(), data.reason, data.from_day)
    return SettingsBody.of(await queries.settings_view(principal, code))
