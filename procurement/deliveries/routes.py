"""What the villages' side of orders adds to the program: queues, hours, months."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement.deliveries.answering import slots as answering
from procurement.deliveries.answering.jobs import follow_answers
from procurement.deliveries.changes import api as changes_api
from procurement.deliveries.changes import controllers as changes
from procurement.deliveries.changes import slots as changes_slots
from procurement.deliveries.changes.jobs import lapse_changes
from procurement.deliveries.coming import slots as coming
from procurement.deliveries.coming.jobs import tell_who_comes
from procurement.deliveries.months import slots as months
from procurement.deliveries.ordering.hours import api as hours_api
from procurement.deliveries.ordering.hours import controllers as hours
from procurement.deliveries.ratings import controllers as ratings
from procurement.deliveries.ratings import slots as ratings_slots
from procurement.deliveries.waiting import api as waiting_api
from procurement.deliveries.waiting import controllers as waiting
from procurement.deliveries.waiting import slots as waiting_slots
from procurement.deliveries.waiting.jobs import serve_waiting_villages

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(waiting.leave, hours.show, hours.state, ratings.rate),
    html(changes.propose, changes.agree, changes.refuse, changes.take_back),
    api_routes(
        "orders",
        *(waiting_api.list_places, waiting_api.wait, waiting_api.leave, hours_api.show_hours, hours_api.set_hours),
        *(changes_api.propose_change, changes_api.answer_change, changes_api.take_change_back, changes_api.rate_visit),
    ),
]
JOBS: list[Job] = [
    Job("procurement.follow_answers", follow_answers, 60),
    Job("procurement.lapse_changes", lapse_changes, 300),
    Job("procurement.tell_who_comes", tell_who_comes, 600),
    Job("procurement.serve_waiting_villages", serve_waiting_villages, 60),
]
SLOTS: list[Slot] = [
    ("village_orders.main", waiting_slots.own_places),
    ("product_capacity.main", months.taken_months),
    ("framework_desk.main", answering.refusals),
    ("order_page.main", ratings_slots.on_order),
    ("order_page.main", coming.on_order),
    ("order_page.main", changes_slots.on_order),
]
WAITING: list[WaitingSource] = [
    answering.orders_to_answer,
    changes_slots.changes_to_answer,
    ratings_slots.visits_to_rate,
]
