"""What no-shows add to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from volunteers.attendance.no_shows import api, controllers, slots

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        *(controllers.rule, controllers.mine, controllers.one, controllers.state, controllers.take_back),
        *(controllers.desk, controllers.excuse, controllers.answer),
    ),
    api_routes(
        "no-shows",
        *(api.read_rule, api.list_no_shows, api.create_excuse, api.delete_excuse),
        *(api.list_excuses, api.answer_excuse),
    ),
]
SLOTS: list[Slot] = [("assignment_page.aside", slots.on_assignment), ("my_assignments.aside", slots.own)]
WAITING: list[WaitingSource] = [slots.no_shows_to_explain, slots.waiting_excuses]
