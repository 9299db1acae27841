"""The station's big board of today, and what the desk does from it."""

import hashlib
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from app.core import clock
from app.core.access import Permission, Principal
from app.core.text import N_
from app.web.components import Crumb
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from volunteers.assignments.call_outs import service
from volunteers.assignments.call_outs.board.queries import BoardRow, board
from volunteers.assignments.call_outs.rules import CAUSE_NAMES
from volunteers.assignments.call_outs.tags import ASK_TAGS, CALL_TAGS, TONE_TAGS
from volunteers.assignments.tags import SIGN_UP_TAGS

STAFF = requires(Permission.ATTENDANCE_CONFIRM, Permission.ASSIGNMENT_PUBLISH)
CONFIRMS = requires(Permission.ATTENDANCE_CONFIRM)
TODAY = "/station/today"


@get(TODAY, guards=[STAFF])
async def today(principal: CurrentPrincipal) -> Response[str]:
    """Show today's shifts big: red, amber, green; the board follows by itself."""
    crumbs = [Crumb(N_("站点"), "/station"), Crumb(N_("今天"))]
    return await page("volunteers/call_outs/today.html", crumbs=crumbs, **await _context(principal))


@get(f"{TODAY}/board", guards=[STAFF])
async def board_now(principal: CurrentPrincipal, seen: FromQuery[str] = "") -> Response[Any]:
    """Return the board, or nothing if it stands as the page has it."""
    context = await _context(principal)
    if seen == context["print"]:
        return Response(None, status_code=204)
    return await page("volunteers/call_outs/board.html", **context)


@post("/station/sign-ups/{public_id:uuid}/absent", guards=[CONFIRMS])
async def absent(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Write down that somebody did not come, and call for another."""
    calling = await service.did_not_come(principal, public_id)
    return see_other(TODAY, N_("已记下，正在叫人。") if calling else N_("已记下。"))


@post("/station/shifts/{reference:str}/positions/{number:int}/call", guards=[STAFF])
async def call_one(reference: FromPath[str], number: FromPath[int], principal: CurrentPrincipal) -> Redirect:
    """Call for one person more."""
    await service.call_by_hand(principal, reference, number)
    return see_other(TODAY, N_("正在叫人。"))


@post("/station/calls/{public_id:uuid}/stop", guards=[STAFF])
async def stop_call(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Redirect:
    """Stop looking."""
    await service.stop(principal, public_id)
    return see_other(TODAY, N_("不再叫人了。"))


async def _context(principal: Principal) -> dict[str, Any]:
    rows, now = await board(principal), clock.now()
    tones = [row.tone(now) for row in rows]
    return {
        "rows": list(zip(rows, tones, strict=True)),
        "counts": {tone: tones.count(tone) for tone in TONE_TAGS},
        "print": _print(rows, tones),
        "tone_tags": TONE_TAGS,
        "ask_tags": ASK_TAGS,
        "call_tags": CALL_TAGS,
        "sign_up_tags": SIGN_UP_TAGS,
        "cause_names": CAUSE_NAMES,
    }


def _print(rows: list[BoardRow], tones: list[str]) -> str:
    """Return a short word that changes when the board does."""
    return hashlib.sha256(repr((rows, tones)).encode()).hexdigest()[:12]
