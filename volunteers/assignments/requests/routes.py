"""What requests add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from volunteers.assignments.requests import api, controllers, slots
from volunteers.assignments.requests.jobs import follow_requests

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.ask, controllers.take_back, controllers.requests, controllers.choose, controllers.decline),
    api_routes(
        "seat-requests",
        *(api.create_request, api.list_requests, api.delete_request),
        *(api.list_askers, api.choose_requests, api.decline_requests),
    ),
]
JOBS: list[Job] = [Job("volunteers.follow_requests", follow_requests, 300)]
SLOTS: list[Slot] = [
    ("assignment_page.position", slots.on_position),
    ("my_assignments.main", slots.own),
    ("station_shift.aside", slots.on_shift),
]
WAITING: list[WaitingSource] = [slots.requests_to_answer]
