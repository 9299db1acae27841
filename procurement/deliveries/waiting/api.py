"""Queues for programs: taking a place, seeing it, leaving."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from procurement.contracts.queries import contract_ids
from procurement.deliveries.api import NewOrderBody
from procurement.deliveries.service import NewOrder
from procurement.deliveries.waiting import queries, service
from procurement.deliveries.waiting.queries import WaitView

CLERK = requires(Permission.ORDER_PLACE)


class PlaceInQueue(msgspec.Struct):
    """The id of a place in a queue, for leaving it."""

    id: UUID


class WaitBody(msgspec.Struct):
    """Where a village waits: ``position`` 1 is served next."""

    id: UUID
    contract_reference: Annotated[str, msgspec.Meta(examples=["HT-2026-000003"])]
    place_code: Annotated[str, msgspec.Meta(examples=["330106001001"])]
    month: Annotated[date, msgspec.Meta(examples=["2026-12-01"])]
    wished_start: Annotated[datetime, msgspec.Meta(examples=["2026-12-10T01:30:00Z"])]
    position: Annotated[int, msgspec.Meta(examples=[1])]

    @classmethod
    def of(cls, view: WaitView) -> "WaitBody":
        """Return what a program sees of it."""
        return cls(
            view.public_id, view.contract_reference, view.place_code, view.month, view.wished_start, view.position
        )


@get("/order-queues", guards=[CLERK], summary="List where one's villages wait")
async def list_places(principal: CurrentPrincipal) -> list[WaitBody]:
    """Return the places in queues, by month."""
    return [WaitBody.of(one) for one in await queries.of_villages(principal.scope(Permission.ORDER_PLACE))]


@post("/order-queues", guards=[CLERK], summary="Wait for a month that is full")
async def wait(data: JSONBody[NewOrderBody], principal: CurrentPrincipal) -> PlaceInQueue:
    """Take a place in the queue; the village is placed by itself when its turn comes, if it has quota then."""
    [contract_id] = await contract_ids([data.contract])
    wish = NewOrder(contract_id, data.place_code, data.wished_start, data.note_zh)
    return PlaceInQueue(await service.wait_for(principal, wish))


@delete("/order-queues/{public_id:uuid}", guards=[CLERK], summary="Leave a queue")
async def leave(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Give one's place up."""
    await service.leave(principal, public_id)
