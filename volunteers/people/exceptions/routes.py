"""What exceptions to the weekly windows add to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.people.exceptions import api, controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.mine, controllers.say_away, controllers.say_extra, controllers.take_back),
    api_routes("people", api.create_exception, api.list_exceptions, api.delete_exception),
]
SLOTS: list[Slot] = [("my_profile.times", controllers.on_profile)]
