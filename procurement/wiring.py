"""What this package adds to the whole: who may do what in buying and paying."""

import click
from litestar.types import ControllerRouterHandler

from app.core.access import Permission, Role, RoleMap
from app.core.jobs import Job
from app.web.navigation import NavItem
from app.web.slots import Slot
from app.web.workbench import WaitingSource

ROLE_PERMISSIONS: RoleMap = {
    Role.PROCUREMENT_OFFICER: frozenset(
        {
            Permission.FRAMEWORK_MANAGE,
            Permission.BUDGET_MANAGE,
            Permission.PURCHASE_REQUEST,
            Permission.CONTRACT_SIGN,
        }
    ),
    Role.APPROVER: frozenset({Permission.BUDGET_APPROVE, Permission.PURCHASE_APPROVE}),
    Role.ACCEPTOR: frozenset({Permission.DELIVERY_ACCEPT}),
    Role.PROVIDER: frozenset({Permission.FRAMEWORK_APPLY, Permission.CONTRACT_SIGN, Permission.ORDER_ANSWER}),
    Role.VILLAGE_CLERK: frozenset({Permission.ORDER_PLACE}),
}

ROUTE_HANDLERS: list[ControllerRouterHandler] = []
JOBS: list[Job] = []
COMMANDS: list[click.Command] = []
SLOTS: list[Slot] = []
NAV: list[NavItem] = []
WAITING: list[WaitingSource] = []
