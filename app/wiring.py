"""What this package adds to the program; the composition roots only add these lists up."""

from collections.abc import Callable

import click
from litestar.types import ControllerRouterHandler

from app.accounts import routes as accounts
from app.attachments import routes as attachments
from app.core.access import Permission, Role, RoleMap, merged
from app.core.jobs import Job
from app.core.state import name_states
from app.imports import routes as imports
from app.imports.rules import STATUS_NAMES as IMPORT_NAMES
from app.notifications import routes as notifications
from app.operations import controllers as operations
from app.operations.jobs import JOBS as OPERATIONS_JOBS
from app.operations.recorded import recorded
from app.rulebook import routes as rulebook
from app.rulebook.proposals.rules import STATUS_NAMES as PROPOSAL_NAMES
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
ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    *accounts.ROUTE_HANDLERS,
    *notifications.ROUTE_HANDLERS,
    *rulebook.ROUTE_HANDLERS,
    *attachments.ROUTE_HANDLERS,
    *imports.ROUTE_HANDLERS,
    *operations.ROUTE_HANDLERS,
]
JOBS: list[Job] = [*OPERATIONS_JOBS, *accounts.JOBS, *notifications.JOBS, *imports.JOBS]
COMMANDS: list[click.Command] = []
SLOTS: list[Slot] = [("history", recorded)]
NAV: list[NavItem] = [*accounts.NAV, *notifications.NAV, *rulebook.NAV, *operations.NAV]
WAITING: list[WaitingSource] = [
    *accounts.WAITING,
    *notifications.WAITING,
    *rulebook.WAITING,
    operations.waiting_operations,
]


def _name_states() -> None:
    name_states(IMPORT_NAMES)
    name_states(PROPOSAL_NAMES)


HOOKS: list[Callable[[], None]] = [*accounts.HOOKS, *notifications.HOOKS, _name_states]
