"""What companions add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.assignments.companions import api, controllers, slots
from volunteers.assignments.companions.jobs import end_overdue_companions

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        *(controllers.gather_form, controllers.gather, controllers.invitation, controllers.agree),
        *(controllers.group, controllers.try_again, controllers.renew_link, controllers.leave, controllers.dissolve),
    ),
    api_routes(
        "companions",
        *(api.create_companions, api.list_companions, api.agree_to_companions, api.try_companions_again),
        *(api.renew_companions_link, api.leave_companions, api.dissolve_companions),
    ),
]
JOBS: list[Job] = [Job("volunteers.end_overdue_companions", end_overdue_companions, 60)]
SLOTS: list[Slot] = [
    ("assignment_page.position", slots.on_position),
    ("my_assignments.first", slots.open_groups),
]
