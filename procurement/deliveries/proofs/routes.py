"""What proofs add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.jobs import Job
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement.deliveries.proofs import api, controllers, slots
from procurement.deliveries.proofs.jobs import remind_after_deliveries
from procurement.deliveries.proofs.waiting import waiting_after_deliveries

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        controllers.show, controllers.hand_in, controllers.write_log, controllers.put_right, controllers.sheet,
        controllers.picture, controllers.to_bring,
    ),
    api_routes("orders", api.show_proofs, api.hand_in_proofs, api.write_service_log),
]  # fmt: skip
SLOTS: list[Slot] = [
    ("order_page.main", slots.on_order),
    ("station_shift.aside", slots.on_shift),
    ("shift_done.main", slots.on_done),
]
JOBS: list[Job] = [Job("procurement.remind_after_deliveries", remind_after_deliveries, "20 9 * * *")]
WAITING: list[WaitingSource] = [waiting_after_deliveries]
NAV: list[NavItem] = [
    NavItem(N_("待交凭证"), "/my/proofs", frozenset({Permission.ORDER_ANSWER}), "work", 13, "images"),
]
