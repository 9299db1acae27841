"""What hours add to the program."""

import click
from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from volunteers.hours import api, controllers
from volunteers.hours.cli import hours

ROUTE_HANDLERS: list[ControllerRouterHandler] = [html(controllers.mine), api_routes("hours", api.list_hours)]
COMMANDS: list[click.Command] = [hours]
NAV: list[NavItem] = [
    NavItem(N_("我的时长"), "/my/hours", frozenset({Permission.ASSIGNMENT_SIGN_UP}), "work", 15, "clock-history")
]
