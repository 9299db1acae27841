"""What this package adds to the program; the composition roots only add these lists up."""

import click
from litestar.types import ControllerRouterHandler

from app.core.access import Permission, Role, RoleMap
from app.core.jobs import Job
from app.web.navigation import NavItem
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from marketplace import law
from marketplace.products.jobs import suspend_listings_without_licence

ROLE_PERMISSIONS: RoleMap = {
    Role.PROVIDER: frozenset({Permission.ORGANIZATION_MANAGE, Permission.PRODUCT_WRITE}),
    Role.COORDINATOR: frozenset({Permission.ORGANIZATION_MANAGE}),
    Role.CATALOGUE_REVIEWER: frozenset({Permission.ORGANIZATION_VERIFY, Permission.PRODUCT_REVIEW}),
}
ROUTE_HANDLERS: list[ControllerRouterHandler] = []
JOBS: list[Job] = [Job("marketplace.suspend_unqualified", suspend_listings_without_licence, "20 1 * * *")]
RULES = law.SEEDS
COMMANDS: list[click.Command] = []
SLOTS: list[Slot] = []
NAV: list[NavItem] = []
WAITING: list[WaitingSource] = []
