"""The door for the payment service's events, and finance's page of them."""

from typing import Any, Literal

from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.donations.events import queries, service
from procurement.donations.tags import EVENT_ERRORS, EVENT_NAMES, EVENT_TAGS

DESK = requires(Permission.DONATION_MANAGE)
EVENTS = "/donations/events"
LARGEST_EVENT = 512 * 1024


@post(
    "/webhooks/donations",
    guards=[public],
    opt={"csrf_exempt": True},  # the body is signed
    request_max_body_size=LARGEST_EVENT,
    status_code=200,
    include_in_schema=False,
)
async def receive(request: Request[Any, Any, Any]) -> dict[str, bool]:
    """Take an event; an answer other than 200 has the payment service send it again."""
    new = await service.receive(await request.body(), request.headers.get("stripe-signature", ""))
    return {"received": True, "new": new}


@get(EVENTS, guards=[DESK])
async def listed(
    principal: CurrentPrincipal,
    status: FromQuery[Literal["", "received", "handled", "ignored", "failed"]] = "",
    cursor: FromQuery[str | None] = None,
) -> Response[str]:
    """Show what came."""
    found = await queries.events(principal, decode_cursor(cursor, int), status, PAGE + 1)
    return await page(
        "procurement/donations/events.html",
        part=sliced(found, key=lambda row: row.id),
        wanted=status,
        tags=EVENT_TAGS,
        names=EVENT_NAMES,
        errors=EVENT_ERRORS,
        crumbs=[Crumb(N_("捐赠管理"), "/donations"), Crumb(N_("支付平台通知"))],
    )


@post("/donations/events/{event_id:str}/replay", guards=[DESK])
async def replay(event_id: FromPath[str], principal: CurrentPrincipal) -> Response[Any]:
    """Handle an event once more."""
    if await service.replay(principal, event_id):
        return see_other(EVENTS, N_("已重新处理。"))
    return see_other(EVENTS, N_("仍未成功，原因已写在通知旁边。"), "need")
