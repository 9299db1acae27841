"""What reminders add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.assignments.reminders import api, controllers, slots
from volunteers.assignments.reminders.jobs import remind_people

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.choose),
    api_routes("reminders", api.list_moments, api.choose_moments),
]
JOBS: list[Job] = [Job("volunteers.remind_people", remind_people, 180)]
SLOTS: list[Slot] = [("my_profile.main", slots.own)]
