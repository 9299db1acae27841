"""What tenders add to the program."""

import click
from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement.purchases.tenders import api, controllers
from procurement.purchases.tenders.cli import tenders
from procurement.purchases.tenders.queries import waiting_awards

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.new, controllers.begin, controllers.show, controllers.record, controllers.again),
    api_routes("purchases", api.show_tender, api.begin, api.record_step, api.judge_again),
]
SLOTS: list[Slot] = [("purchase_page.next", controllers.link)]
WAITING: list[WaitingSource] = [waiting_awards]
COMMANDS: list[click.Command] = [tenders]
