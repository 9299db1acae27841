"""What incubation adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from marketplace.organizations.incubation import api, controllers
from marketplace.organizations.incubation.slots import graduated, link_to_incubation
from marketplace.organizations.incubation.waiting import waiting_incubations

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        *(controllers.overview, controllers.own, controllers.apply, controllers.state, controllers.leave),
        *(controllers.mentored, controllers.show, controllers.log_meeting, controllers.confirm),
        *(controllers.desk, controllers.decide),
    ),
    api_routes(
        "organizations",
        *(api.list_incubated, api.show_plan, api.list_mentored, api.list_desk, api.show_incubation, api.show_own),
        *(api.apply, api.state, api.leave, api.log_meeting, api.confirm, api.decide),
    ),
]
SLOTS: list[Slot] = [("own_organization.aside", link_to_incubation), ("organization_page.aside", graduated)]
NAV: list[NavItem] = [
    NavItem(N_("机构孵化"), "/incubation", group="footer", order=45),
    NavItem(
        *(N_("机构孵化"), "/review/incubation", frozenset({Permission.ORGANIZATION_VERIFY})),
        "work",
        41,
        icon="mortarboard",
    ),
]
WAITING: list[WaitingSource] = [waiting_incubations]
