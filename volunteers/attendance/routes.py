"""What the day itself adds to the program, part by part."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.navigation import NavItem
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from volunteers.attendance.checking_in import routes as checking_in
from volunteers.attendance.corrections import routes as corrections
from volunteers.attendance.findings import routes as findings
from volunteers.attendance.log import routes as log
from volunteers.attendance.no_shows import routes as no_shows
from volunteers.attendance.troubles import routes as troubles

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    *checking_in.ROUTE_HANDLERS,
    *log.ROUTE_HANDLERS,
    *corrections.ROUTE_HANDLERS,
    *no_shows.ROUTE_HANDLERS,
    *findings.ROUTE_HANDLERS,
    *troubles.ROUTE_HANDLERS,
]
JOBS: list[Job] = [*findings.JOBS]
NAV: list[NavItem] = [*findings.NAV, *troubles.NAV]
SLOTS: list[Slot] = [*log.SLOTS, *corrections.SLOTS, *no_shows.SLOTS, *troubles.SLOTS]
WAITING: list[WaitingSource] = [*no_shows.WAITING, *findings.WAITING, *troubles.WAITING]
