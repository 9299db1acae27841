"""What judging again adds to the program."""

import click
from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from procurement.oversight.reexamination import api, controllers
from procurement.oversight.reexamination.cli import purchases_group, tenders_group

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.again, controllers.again_of_tender),
    api_routes("purchases", api.judge_again),
]
COMMANDS: list[click.Command] = [purchases_group, tenders_group]
