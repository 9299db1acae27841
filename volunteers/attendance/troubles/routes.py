"""What reports add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from volunteers.attendance.troubles import api, controllers, slots

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.mine, controllers.report, controllers.troubles, controllers.show, controllers.answer),
    api_routes("troubles", api.create_trouble, api.list_troubles, api.answer_trouble),
]
SLOTS: list[Slot] = [("day_page.aside", slots.on_day)]
WAITING: list[WaitingSource] = [slots.waiting_troubles]
NAV: list[NavItem] = [
    NavItem(N_("情况报告"), "/troubles", frozenset({Permission.CREDENTIAL_VERIFY}), "work", 43, "exclamation-triangle")
]
