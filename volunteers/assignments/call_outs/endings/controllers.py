"""The card at the end of a shift."""

from uuid import UUID

from litestar import Response, get
from litestar.params import FromPath

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page
from volunteers.assignments.call_outs.endings.queries import ending
from volunteers.assignments.tags import WORDS


@get("/my/assignments/{public_id:uuid}/done", guards=[requires(Permission.ASSIGNMENT_SIGN_UP)])
async def done(public_id: FromPath[UUID], principal: CurrentPrincipal) -> Response[str]:
    """Show what one did and what comes of it: the money and its day, or the hours and their certificate."""
    crumbs = [Crumb(N_("我的任务"), "/my/assignments"), Crumb(N_("完成"))]
    found = await ending(principal, public_id)
    return await page("volunteers/call_outs/done.html", ending=found, crumbs=crumbs, **WORDS)
