"""What adjustments, books, execution and year ends of budgets add to the program."""

import click
from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.workbench import WaitingSource
from procurement.budgets.adjustments import api as adjustments_api
from procurement.budgets.adjustments import controllers as adjustments
from procurement.budgets.book import api as book_api
from procurement.budgets.book import controllers as book
from procurement.budgets.execution import api as execution_api
from procurement.budgets.execution import controllers as execution
from procurement.budgets.execution.jobs import warn_of_slow_budgets
from procurement.budgets.execution.waiting import adjustments_to_approve, slow_budgets
from procurement.budgets.year_ends import routes as year_ends

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(adjustments.adjustments, adjustments.adjust_form, adjustments.propose, adjustments.decide),
    html(book.book, book.book_file, execution.execution, execution.of_line, execution.disclosed),
    api_routes("budgets", adjustments_api.list_adjustments, adjustments_api.propose, adjustments_api.decide),
    api_routes("budgets", execution_api.list_months, execution_api.list_disclosed, book_api.list_postings),
    *year_ends.ROUTE_HANDLERS,
]
JOBS: list[Job] = [Job("procurement.warn_of_slow_budgets", warn_of_slow_budgets, "0 8 * * *"), *year_ends.JOBS]
COMMANDS: list[click.Command] = year_ends.COMMANDS
NAV: list[NavItem] = [NavItem(N_("预算执行公开"), "/disclosure/budgets", group="footer", order=48)]
WAITING: list[WaitingSource] = [adjustments_to_approve, slow_budgets, *year_ends.WAITING]
