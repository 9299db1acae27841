"""What coverage guarantees add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.workbench import WaitingSource
from volunteers.coverage import api, controllers
from volunteers.coverage.alarms import waiting_alarms
from volunteers.coverage.jobs import JOBS as JOBS
from volunteers.coverage.standing import controllers as standing

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.coverage, controllers.export, controllers.place_page, controllers.say_day),
    html(standing.rules, standing.new_form, standing.create, standing.show, standing.end),
    api_routes(
        "coverage",
        *(api.list_rules, api.set_rule, api.end_rule, api.list_areas, api.list_places, api.list_causes),
        api.say_day,
    ),
]
WAITING: list[WaitingSource] = [waiting_alarms]
NAV: list[NavItem] = [
    NavItem(N_("覆盖承诺"), "/coverage", frozenset({Permission.DISPATCH_PLAN}), "work", 34, "pin-map"),
    NavItem(N_("覆盖承诺"), "/coverage", group="footer", order=41),
]
