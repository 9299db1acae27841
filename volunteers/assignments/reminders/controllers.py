"""Switching reminders on and off, in one's profile."""

from typing import Any

from litestar import Request, post
from litestar.response import Redirect

from app.core.access import Permission
from app.core.text import N_
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import see_other
from volunteers.assignments.reminders import service
from volunteers.assignments.reminders.forms import MomentsForm

VOLUNTEER = requires(Permission.VOLUNTEER_SELF)


@post("/my/profile/reminders", guards=[VOLUNTEER])
async def choose(request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Redirect:
    """Store when the person wants to be reminded."""
    form = await Form.read(request, MomentsForm)
    await service.choose_moments(principal, form.value.moments)
    return see_other("/my/profile", N_("已保存。"))
