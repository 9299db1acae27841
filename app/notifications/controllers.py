"""The inbox, and in demonstration mode what the gateway would have sent."""

from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from app.notifications import queries, service
from app.web.guards import CurrentPrincipal, public, signed_in
from app.web.pages import own_path, page, see_other
from app.web.pagination import decode_cursor, sliced

SIZE = 30


@get("/inbox", guards=[signed_in])
async def inbox(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show the person's messages."""
    found = await queries.inbox(principal.actor, before=decode_cursor(cursor, int), limit=SIZE + 1)
    return await page(
        "app/notifications/inbox.html",
        part=sliced(found, key=lambda item: item.id, size=SIZE),
        unread=await queries.unread_count(principal.actor),
    )


@post("/inbox/read", guards=[signed_in])
async def read_all(principal: CurrentPrincipal) -> Response[Any]:
    """Mark everything as read."""
    await service.mark_all_read(principal)
    return see_other("/inbox")


@post("/inbox/{public_id:uuid}/open", guards=[signed_in])
async def open_message(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[Any]:
    """Mark a message as read and go where it points."""
    link = await service.mark_read(principal, public_id)
    return see_other(own_path(link, "/inbox"))


@get("/demo/outbox", guards=[public])
async def outbox() -> Response[str]:
    """Show what the demonstration gateway got; in production there is no such page."""
    return await page("app/notifications/outbox.html", deliveries=await queries.demo_outbox())
