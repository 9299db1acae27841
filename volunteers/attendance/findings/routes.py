"""What findings add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.jobs import Job
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.workbench import WaitingSource
from volunteers.attendance.findings import api, controllers, slots
from volunteers.attendance.findings.jobs import look_for_patterns

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.findings, controllers.look, controllers.show, controllers.decide),
    api_routes("findings", api.list_findings, api.read_finding, api.look, api.decide),
]
JOBS: list[Job] = [Job("volunteers.look_for_patterns", look_for_patterns, "30 3 * * *")]
WAITING: list[WaitingSource] = [slots.waiting_findings]
NAV: list[NavItem] = [
    NavItem(N_("异常核查"), "/findings", frozenset({Permission.CREDENTIAL_VERIFY}), "work", 42, "search")
]
