"""What exchanges add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from volunteers.assignments.exchanges import api, controllers, slots
from volunteers.assignments.exchanges.jobs import end_unanswered_exchanges

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        *(controllers.exchange_form, controllers.ask, controllers.offer_page),
        *(controllers.accept_offer, controllers.decline_offer, controllers.withdraw_offer),
    ),
    api_routes(
        "exchanges",
        *(api.exchange_options, api.list_exchanges, api.create_exchange, api.accept_exchange),
        *(api.decline_exchange, api.withdraw_exchange, api.list_shift_exchanges),
    ),
]
JOBS: list[Job] = [Job("volunteers.end_unanswered_exchanges", end_unanswered_exchanges, 60)]
SLOTS: list[Slot] = [
    ("assignment_page.own", slots.on_own_seat),
    ("my_assignments.first", slots.open_offers),
    ("station_shift.main", slots.on_shift),
]
WAITING: list[WaitingSource] = [slots.offers_to_answer]
