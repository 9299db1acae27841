"""What certificates add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.certificates import api, controllers

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.certificates, controllers.issue, controllers.download),
    html(controllers.verify_form, controllers.verify, controllers.revoke),
    api_routes("certificates", api.create_certificate, api.check_certificate),
]
SLOTS: list[Slot] = [("my_hours.actions", controllers.link_to_certificates)]
NAV: list[NavItem] = [
    NavItem(N_("查验服务证明"), "/verify", group="footer", order=70, icon="patch-check"),
]
