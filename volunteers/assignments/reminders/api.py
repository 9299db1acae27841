"""Reminders for programs: when one is reminded."""

from typing import Annotated

import msgspec
from litestar import get, put
from litestar.params import JSONBody

from app.web.guards import CurrentPrincipal
from volunteers.assignments.reminders import queries, service
from volunteers.assignments.reminders.controllers import VOLUNTEER


class MomentBody(msgspec.Struct):
    """A moment before each shift, and whether one hears then."""

    minutes_before: Annotated[int, msgspec.Meta(ge=1, examples=[120])]
    wanted: bool


class WantedBody(msgspec.Struct):
    """The moments at which one wants to hear; all others are switched off."""

    minutes_before: Annotated[list[int], msgspec.Meta(examples=[[4320, 120]])]


@get("/reminders", guards=[VOLUNTEER], summary="List when one is reminded")
async def list_moments(principal: CurrentPrincipal) -> list[MomentBody]:
    """Return the moments before a shift, the earliest first."""
    return [MomentBody(one.minutes_before, one.wanted) for one in await queries.my_moments(principal)]


@put("/reminders", guards=[VOLUNTEER], summary="Choose when one is reminded")
async def choose_moments(data: JSONBody[WantedBody], principal: CurrentPrincipal) -> list[MomentBody]:
    """Switch moments on and off."""
    await service.choose_moments(principal, data.minutes_before)
    return await list_moments.fn(principal)
