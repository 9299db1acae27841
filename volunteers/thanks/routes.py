"""What residents' ratings add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.thanks import api, controllers, slots, station

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.ask_code, controllers.show, controllers.rate, controllers.thank),
    html(station.station_thanks, station.moderate),
    api_routes("thanks", api.list_thanks, api.list_station_thanks, api.decide_thanks),
]
SLOTS: list[Slot] = [
    ("station_shift.aside", slots.on_shift),
    ("day_page.aside", slots.on_day),
    ("shift_done.main", slots.on_done),
    ("my_hours.main", slots.in_hours),
    ("place.aside", slots.at_place),
    ("station.aside", slots.at_station),
]
NAV: list[NavItem] = [NavItem(N_("评价服务"), "/t", group="footer", order=60, icon="emoji-smile")]
