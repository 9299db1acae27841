"""What hosting adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from volunteers.hosting import api, controllers, slots
from volunteers.hosting.naming import controllers as naming
from volunteers.hosting.own import controllers as own

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.hosted, controllers.register, controllers.person, controllers.sign_up),
    html(controllers.withdraw, controllers.lay_down),
    html(own.mine, own.agree, own.take_back, naming.hosts, naming.appoint, naming.end),
    api_routes("organization", api.list_hosted, api.register_hosted, api.create_hosted, api.delete_hosted),
    api_routes("people", api.list_consents, api.delete_consent),
]
SLOTS: list[Slot] = [("my_profile.main", slots.on_profile)]
NAV: list[NavItem] = [
    NavItem(
        *(N_("代办报名"), "/organization/hosted", frozenset({Permission.ORGANIZATION_SCHEDULE})),
        *("work", 36, "person-raised-hand"),
    ),
    NavItem(N_("代办机构"), "/hosts", frozenset({Permission.CREDENTIAL_VERIFY}), "work", 42, "person-raised-hand"),
]
