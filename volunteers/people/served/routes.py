"""What the places one goes to add to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.people.served import api, controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.mine, controllers.add_place, controllers.remove_place),
    api_routes("people", api.list_places, api.add_served, api.delete_served),
]
SLOTS: list[Slot] = [("my_profile.times", controllers.on_profile)]
