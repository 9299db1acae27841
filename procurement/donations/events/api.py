"""The payment service's events for programs: the inbox, and handling one once more."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.donations.events import queries, service
from procurement.donations.events.queries import EventView


class EventBody(msgspec.Struct):
    """An event and what became of it; what it said beside its subject is not kept."""

    event_id: Annotated[str, msgspec.Meta(examples=["evt_1Q…"])]
    kind: Annotated[str, msgspec.Meta(examples=["checkout.session.completed"])]
    status: Annotated[str, msgspec.Meta(examples=["handled"])]
    attempts: Annotated[int, msgspec.Meta(examples=[1])]
    error: str
    received_at: datetime
    gift: Annotated[str | None, msgspec.Meta(examples=["JZ-2026-000001"])]

    @classmethod
    def of(cls, view: EventView) -> "EventBody":
        """Return what a program sees of an event."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


class ReplayBody(msgspec.Struct):
    """Whether handling an event went well this time; if not, the reason stands beside the event."""

    handled: bool


@get("/gateway-events", guards=[requires(Permission.DONATION_MANAGE)], summary="List events")
async def list_events(
    principal: CurrentPrincipal,
    status: FromQuery[Literal["", "received", "handled", "ignored", "failed"]] = "",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[EventBody]:
    """The payment service's events about gifts of one's places, the latest first."""
    size = page_size(limit)
    found = await queries.events(principal, decode_cursor(cursor, int), status, size + 1)
    return page_of(sliced(found, lambda row: row.id, size), EventBody.of)


@post(
    "/gateway-events/{event_id:str}/replay",
    guards=[requires(Permission.DONATION_MANAGE)],
    status_code=200,
    summary="Handle an event again",
)
async def replay_event(event_id: FromPath[str], principal: CurrentPrincipal) -> ReplayBody:
    """Read again what an event is about, and bring the books up to it; doing so twice changes nothing."""
    return ReplayBody(await service.replay(principal, event_id))
