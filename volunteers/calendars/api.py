"""Calendar addresses for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from volunteers.calendars import queries, service
from volunteers.calendars.controllers import HOLDERS, address_of

Instant = Annotated[datetime, msgspec.Meta(examples=["2026-11-23T09:00:00Z"])]


class CalendarBody(msgspec.Struct):
    """An address in force; the address itself was shown when it was made."""

    id: UUID
    station_id: Annotated[int | None, msgspec.Meta(description="Null: one's own assignments.", examples=[None])]
    created_at: Instant
    last_used_at: Instant | None


class NewCalendarBody(msgspec.Struct):
    """Which calendar is wanted: one's own, or that of a station one answers for."""

    station_id: Annotated[int | None, msgspec.Meta(examples=[None])] = None


class MadeCalendarBody(msgspec.Struct):
    """The private address; it is not shown again."""

    address: Annotated[str, msgspec.Meta(examples=["https://example.gov.cn/calendar/9tDY0mJ2bW3uQm5sB1kq7A.ics"])]


@get("/calendars", guards=[HOLDERS], summary="List one's calendar addresses")
async def list_calendars(principal: CurrentPrincipal) -> list[CalendarBody]:
    """Return the addresses in force that the caller has made."""
    return [
        CalendarBody(feed.public_id, feed.station_id, feed.created_at, feed.last_used_at)
        for feed in await queries.own_feeds(principal)
    ]


@post("/calendars", guards=[HOLDERS], summary="Make a calendar address")
async def create_calendar(data: JSONBody[NewCalendarBody], principal: CurrentPrincipal) -> MadeCalendarBody:
    """Make an address to subscribe to; the one before it ends."""
    if data.station_id is None:
        return MadeCalendarBody(address_of(await service.make_own_feed(principal)))
    return MadeCalendarBody(address_of(await service.make_station_feed(principal, data.station_id)))


@delete("/calendars/{public_id:uuid}", guards=[HOLDERS], summary="End a calendar address")
async def delete_calendar(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Make an address worthless at once."""
    await service.revoke_feed(principal, public_id)
