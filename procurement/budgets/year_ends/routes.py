"""What the ends of budget years add to the program."""

import click
from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.workbench import WaitingSource
from procurement.budgets.year_ends import api, controllers
from procurement.budgets.year_ends.cli import budgets
from procurement.budgets.year_ends.jobs import remind_of_year_ends
from procurement.budgets.year_ends.waiting import years_to_close, years_to_prepare

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.year_ends, controllers.show, controllers.prepare, controllers.close),
    api_routes("budgets", api.list_years, api.show_year, api.prepare, api.close),
]
JOBS: list[Job] = [Job("procurement.remind_of_year_ends", remind_of_year_ends, "0 8 5,15,25 1 *")]
WAITING: list[WaitingSource] = [years_to_prepare, years_to_close]
COMMANDS: list[click.Command] = [budgets]
