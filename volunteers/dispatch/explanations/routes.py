"""What explanations add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.dispatch.explanations.costs import api as costs_api
from volunteers.dispatch.explanations.costs import controllers as costs
from volunteers.dispatch.explanations.costs import jobs
from volunteers.dispatch.explanations.fairness import api as fairness_api
from volunteers.dispatch.explanations.fairness import controllers as fairness
from volunteers.dispatch.explanations.fairness import slots
from volunteers.dispatch.explanations.own import api as own_api
from volunteers.dispatch.explanations.own import controllers as own
from volunteers.dispatch.explanations.seats import api as seats_api
from volunteers.dispatch.explanations.seats import controllers as seats

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(own.why_me, own.why_not_me, seats.on_station, seats.in_run, costs.show, costs.ask),
    html(fairness.fairness, fairness.own),
    api_routes(
        "explanations",
        *(own_api.show_why_me, own_api.show_why_not_me, seats_api.show_in_run, seats_api.show_in_force),
        *(costs_api.show_costs, costs_api.ask_costs, fairness_api.show_fairness, fairness_api.show_own_place),
    ),
]
SLOTS: list[Slot] = [
    ("assignment_page.aside", own.on_assignment),
    ("station_shift.aside", seats.on_shift),
    ("my_hours.aside", slots.on_my_hours),
]
JOBS: list[Job] = jobs.JOBS
