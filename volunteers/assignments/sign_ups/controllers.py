"""One's own sign-ups: what comes, what was, stepping back."""

from datetime import datetime
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core.access import Permission
from app.core.text import N_
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import decode_cursor, sliced
from volunteers.assignments.sign_ups import queries, service
from volunteers.assignments.tags import WORDS
from volunteers.assignments.waiting.queries import my_places
from volunteers.attendance.queries import my_hours

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)
SHOWN = 20


@get("/my/assignments", guards=[VOLUNTEER])
async def mine(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show what the person is going to, what they did, and the hours it earned."""
    past = await queries.my_past(principal, decode_cursor(cursor, tuple[datetime, UUID]), SHOWN + 1)
    return await page(
        "volunteers/assignments/mine.html",
        upcoming=[] if cursor else await queries.my_upcoming(principal),
        part=sliced(past, lambda row: (row.starts, row.public_id), SHOWN),
        hours=await my_hours(principal),
        places=[] if cursor else await my_places(principal),
        **WORDS,
    )


@post("/sign-ups/{public_id:uuid}/withdraw", guards=[VOLUNTEER])
async def withdraw(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Give a seat back."""
    await service.withdraw(principal, public_id)
    return see_other("/my/assignments", N_("已退出，名额让给别人了。"))


@post("/sign-ups/{public_id:uuid}/accept", guards=[VOLUNTEER])
async def accept(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Say yes to a seat that was offered."""
    await service.accept(principal, public_id)
    return see_other("/my/assignments", N_("已接受，到时候见。"))
