"""A village's hours for programs."""

from typing import Annotated

import msgspec
from litestar import get, put
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal
from procurement.deliveries.ordering.hours.controllers import CLERK
from procurement.deliveries.ordering.hours.queries import hours_of
from procurement.deliveries.ordering.hours.service import state_hours
from procurement.deliveries.ordering.rules import Part


class HourBody(msgspec.Struct):
    """A part of a weekday; 0 is Monday."""

    weekday: Annotated[int, msgspec.Meta(ge=0, le=6, examples=[1])]
    part: Part


class HoursBody(msgspec.Struct):
    """When a village can have a service; one that states nothing is open to all."""

    hours: Annotated[list[HourBody], msgspec.Meta(max_length=21)]


@get("/villages/{place_code:str}/hours", guards=[CLERK], summary="Show a village's hours")
async def show_hours(place_code: FromPath[str], principal: CurrentPrincipal) -> HoursBody:
    """When a village of one's own can have a service."""
    principal.scope(Permission.ORDER_PLACE).require_place(place_code)
    return HoursBody([HourBody(weekday, part) for weekday, part in sorted(await hours_of(place_code))])


@put("/villages/{place_code:str}/hours", guards=[CLERK], summary="State a village's hours")
async def set_hours(place_code: FromPath[str], data: JSONBody[HoursBody], principal: CurrentPrincipal) -> HoursBody:
    """State them anew; no order is placed or moved outside of them, what was agreed before stays."""
    await state_hours(principal, place_code, frozenset((one.weekday, one.part) for one in data.hours))
    return data
