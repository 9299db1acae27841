"""What pairings add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.jobs import Job
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from volunteers.pairings import api, controllers, office, slots
from volunteers.pairings.jobs import end_pairings

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.village, controllers.mine, controllers.agree, controllers.decline),
    html(office.pairings, office.new_form, office.create, office.show, office.end),
    api_routes(
        "pairings",
        *(api.list_village_pairings, api.list_pairings, api.create_pairing, api.list_my_pairings),
        *(api.answer_pairing, api.end_pairing, api.pairing_coverage),
    ),
]
JOBS: list[Job] = [Job("volunteers.end_pairings", end_pairings, "10 0 * * *")]
SLOTS: list[Slot] = [("place.assignments", slots.at_village), ("my_assignments.main", slots.own)]
WAITING: list[WaitingSource] = [slots.pairings_to_answer, slots.renewals]
NAV: list[NavItem] = [
    NavItem(N_("结对"), "/pairings", frozenset({Permission.DISPATCH_PLAN}), "work", 37, "link-45deg"),
]
