"""What this package adds to the program; the composition roots only add these lists up."""

import click
from litestar.types import ControllerRouterHandler

from app.core.access import RoleMap
from app.core.jobs import Job
from app.web.navigation import NavItem
from app.web.slots import Slot
from app.web.workbench import WaitingSource

ROLE_PERMISSIONS: RoleMap = {}
ROUTE_HANDLERS: list[ControllerRouterHandler] = []
JOBS: list[Job] = []
COMMANDS: list[click.Command] = []
SLOTS: list[Slot] = []
NAV: list[NavItem] = []
WAITING: list[WaitingSource] = []
