"""Capacity for programs: stating it, days off."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from marketplace.products.capacity import queries, service
from marketplace.products.capacity.rules import MOST_UNITS, Statement

WRITER = requires(Permission.PRODUCT_WRITE)
Day = Annotated[date, msgspec.Meta(examples=["2026-12-24"])]
Month = Annotated[date, msgspec.Meta(examples=["2026-12-01"])]


class StatementBody(msgspec.Struct):
    """So many units a month, from a month on until the next statement."""

    from_month: Month
    units: Annotated[int, msgspec.Meta(ge=0, le=MOST_UNITS, examples=[3])]


class DaysOffBody(msgspec.Struct):
    """A stretch of days on which nobody comes."""

    first: Day
    last: Day
    note_zh: Annotated[str, msgspec.Meta(max_length=60, examples=["年终培训"])] = ""


class CapacityBody(msgspec.Struct):
    """All that is stated about a product's months, and the days off from today on."""

    product: Annotated[str, msgspec.Meta(examples=["CP-2026-000007"])]
    statements: list[StatementBody]
    days_off: list[Day]


@get("/products/{reference:str}/capacity", guards=[WRITER], summary="Show what is stated about a product's months")
async def show_capacity(reference: FromPath[str], principal: CurrentPrincipal) -> CapacityBody:
    """Return the statements of one of the caller's products."""
    return await _stated(reference, principal)


@post("/products/{reference:str}/capacity", guards=[WRITER], summary="State a monthly capacity", status_code=200)
async def state_capacity(
    reference: FromPath[str], data: JSONBody[StatementBody], principal: CurrentPrincipal
) -> CapacityBody:
    """State how many units a month can be delivered from a month on; never below what is ordered."""
    await service.state_capacity(principal, reference, Statement(data.from_month, data.units))
    return await _stated(reference, principal)


@post("/products/{reference:str}/days-off", guards=[WRITER], summary="State days off", status_code=200)
async def state_days_off(
    reference: FromPath[str], data: JSONBody[DaysOffBody], principal: CurrentPrincipal
) -> CapacityBody:
    """Note days on which nobody comes; refused where orders lie on one of them."""
    await service.add_blackout(principal, reference, data.first, data.last, data.note_zh)
    return await _stated(reference, principal)


@delete("/products/{reference:str}/days-off/{day:date}", guards=[WRITER], summary="Come on a day after all")
async def remove_day_off(reference: FromPath[str], day: FromPath[date], principal: CurrentPrincipal) -> None:
    """Take a day off back."""
    await service.remove_blackout(principal, reference, day)


async def _stated(reference: str, principal: CurrentPrincipal) -> CapacityBody:
    found = await queries.stated(principal, reference)
    stated = [StatementBody(one.from_month, one.units) for one in found.statements]
    return CapacityBody(reference, stated, [one.day for one in found.days_off])
