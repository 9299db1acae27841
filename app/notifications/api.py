"""The inbox for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery

from app.notifications import queries, service
from app.notifications.queries import InboxItem
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, signed_in
from app.web.i18n import translate
from app.web.pagination import decode_cursor, page_size, sliced


class MessageBody(msgspec.Struct):
    """One message, in the language of the request."""

    public_id: UUID
    text: Annotated[str, msgspec.Meta(examples=["你报名的值班已确认。"])]
    link: Annotated[str, msgspec.Meta(examples=["/workbench"])]
    created_at: datetime
    read: bool

    @classmethod
    def of(cls, item: InboxItem) -> "MessageBody":
        """Return the message as programs see it."""
        return cls(item.public_id, translate(item.text), item.link, item.created_at, item.read)


@get("/notifications", guards=[signed_in], summary="List my messages")
async def list_notifications(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[MessageBody]:
    """Return the person's messages, the newest first."""
    size = page_size(limit)
    found = await queries.inbox(principal.actor, before=decode_cursor(cursor, int), limit=size + 1)
    return page_of(sliced(found, key=lambda item: item.id, size=size), MessageBody.of)


@post("/notifications/{public_id:uuid}/read", guards=[signed_in], summary="Mark a message as read", status_code=204)
async def read_notification(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Mark one message as read; doing it again changes nothing."""
    await service.mark_read(principal, public_id)


@post("/notifications/read", guards=[signed_in], summary="Mark all messages as read", status_code=204)
async def read_all_notifications(principal: CurrentPrincipal) -> None:
    """Mark all messages as read."""
    await service.mark_all_read(principal)
