"""What this package adds to the program; the composition roots only add these lists up."""

import click
from litestar.types import ControllerRouterHandler

from app.accounts.jobs import forget_spent_sign_ins
from app.core.access import Permission, Role, RoleMap, merged
from app.core.jobs import Job
from app.notifications.jobs import deliver_notifications, forget_addressed_messages
from app.notifications.service import DELIVERY_JOB
from app.operations import controllers as operations
from app.operations.jobs import JOBS as OPERATIONS_JOBS
from app.web.navigation import NavItem
from app.web.slots import Slot
from app.web.workbench import WaitingSource

ROLE_PERMISSIONS: RoleMap = merged(
    {role: frozenset({Permission.ACCOUNT_SELF}) for role in Role},
    {
        Role.OPERATOR: frozenset({Permission.ACCOUNT_MANAGE, Permission.JOBS_OPERATE, Permission.AUDIT_READ}),
        Role.SUPERVISOR: frozenset({Permission.AUDIT_READ}),
        Role.COORDINATOR: frozenset({Permission.ACCOUNT_REVEAL}),
        Role.CLAIMS_OFFICER: frozenset({Permission.ACCOUNT_REVEAL, Permission.RULEBOOK_CONFIRM}),
        Role.PROCUREMENT_OFFICER: frozenset({Permission.RULEBOOK_CONFIRM}),
    },
)
ROUTE_HANDLERS: list[ControllerRouterHandler] = [*operations.ROUTE_HANDLERS]
JOBS: list[Job] = [
    *OPERATIONS_JOBS,
    Job(DELIVERY_JOB, deliver_notifications, 15),
    Job("forget_addressed_messages", forget_addressed_messages, "40 3 * * *"),
    Job("forget_spent_sign_ins", forget_spent_sign_ins, "50 3 * * *"),
]
COMMANDS: list[click.Command] = []
SLOTS: list[Slot] = []
NAV: list[NavItem] = [*operations.NAV]
WAITING: list[WaitingSource] = [operations.waiting_operations]
