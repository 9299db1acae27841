"""What coming every week adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from volunteers.assignments.standing import api, controllers, slots
from volunteers.assignments.standing.jobs import end_standing_terms

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        *(controllers.weekly_form, controllers.come_weekly, controllers.my_standing, controllers.agree),
        *(controllers.decline, controllers.end_own, controllers.take_days_off, controllers.take_days_back),
        *(controllers.propose, controllers.end_at_station),
    ),
    api_routes(
        "standing",
        *(api.list_standing, api.create_standing, api.agree_standing, api.decline_standing, api.pause_standing),
        *(api.end_standing, api.list_turns, api.propose_standing),
    ),
]
JOBS: list[Job] = [Job("volunteers.end_standing_terms", end_standing_terms, "10 2 * * *")]
SLOTS: list[Slot] = [
    ("assignment_page.position", slots.on_position),
    ("my_assignments.main", slots.own),
    ("pattern_page.main", slots.on_pattern),
]
WAITING: list[WaitingSource] = [slots.invitations]
