"""What this package adds to the program; the composition roots only add these lists up."""

import click
from litestar.types import ControllerRouterHandler

from app.core.access import Permission, Role, RoleMap
from app.core.jobs import Job
from app.web.navigation import NavItem
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from volunteers.dispatch.cli import dispatch
from volunteers.dispatch.jobs import solve_waiting_runs
from volunteers.places_slots.slots import coming_assignments, seats_map

# Stations publish and confirm, coordinators verify and plan: who plans a person's work does not confirm it.
ROLE_PERMISSIONS: RoleMap = {
    Role.VOLUNTEER: frozenset({Permission.VOLUNTEER_SELF, Permission.ASSIGNMENT_SIGN_UP}),
    Role.STATION_STAFF: frozenset({Permission.ASSIGNMENT_PUBLISH, Permission.ATTENDANCE_CONFIRM}),
    Role.COORDINATOR: frozenset(
        {
            Permission.CREDENTIAL_VERIFY,
            Permission.ASSIGNMENT_PUBLISH,
            Permission.DISPATCH_PLAN,
            Permission.DISPATCH_PUBLISH,
        }
    ),
}
ROUTE_HANDLERS: list[ControllerRouterHandler] = []
JOBS: list[Job] = [Job("volunteers.solve_waiting_runs", solve_waiting_runs, 15)]
COMMANDS: list[click.Command] = [dispatch]
SLOTS: list[Slot] = [("place.assignments", coming_assignments), ("places.map", seats_map)]
NAV: list[NavItem] = []
WAITING: list[WaitingSource] = []
