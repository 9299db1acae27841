"""What trainings add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.people.trainings import api, controllers, slots

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.trainings, controllers.training, controllers.desk, controllers.define),
    html(controllers.record_form, controllers.record, controllers.move_on, controllers.revoke),
    api_routes("trainings", api.list_trainings, api.create_training, api.create_completions, api.revoke_completion),
    api_routes("people", api.list_own_trainings),
]
SLOTS: list[Slot] = [("my_profile.main", slots.on_profile)]
NAV: list[NavItem] = [
    NavItem(N_("培训"), "/station/trainings", frozenset({Permission.ASSIGNMENT_PUBLISH}), "work", 32, "mortarboard"),
]
