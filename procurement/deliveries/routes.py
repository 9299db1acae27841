"""What the villages' side of orders adds to the program: queues, hours, months."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement.deliveries.months import slots as months
from procurement.deliveries.ordering.hours import controllers as hours
from procurement.deliveries.waiting import api as waiting_api
from procurement.deliveries.waiting import controllers as waiting
from procurement.deliveries.waiting import slots as waiting_slots
from procurement.deliveries.waiting.jobs import serve_waiting_villages

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(waiting.leave, hours.show, hours.state),
    api_routes("orders", waiting_api.list_places, waiting_api.wait, waiting_api.leave),
]
JOBS: list[Job] = [Job("procurement.serve_waiting_villages", serve_waiting_villages, 60)]
SLOTS: list[Slot] = [
    ("village_orders.main", waiting_slots.own_places),
    ("product_capacity.main", months.taken_months),
]
WAITING: list[WaitingSource] = []
