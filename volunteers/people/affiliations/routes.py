"""What affiliations add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from volunteers.people.affiliations import api, controllers, slots

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.mine, controllers.ask, controllers.step_back, controllers.members, controllers.answer),
    api_routes("people", api.list_affiliations, api.create_affiliation, api.delete_affiliation),
    api_routes("organization", api.list_members, api.answer_member),
]
SLOTS: list[Slot] = [("my_profile.main", slots.on_profile)]
NAV: list[NavItem] = [
    NavItem(
        N_("机构成员"), "/organization/members", frozenset({Permission.ORGANIZATION_SCHEDULE}), "work", 34, "people"
    ),
]
WAITING: list[WaitingSource] = [slots.asking_to_belong]
