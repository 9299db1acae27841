"""What payments add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement.payments import api, controllers, slots

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        controllers.mine, controllers.mine_now, controllers.one_now, controllers.nudge, controllers.of_places,
        controllers.nudged, controllers.answer, controllers.returns, controllers.book_return,
    ),
    api_routes(
        "payments",
        api.list_payments, api.show_payment, api.nudge, api.list_nudges, api.answer, api.list_returns, api.book_return,
    ),
]  # fmt: skip
SLOTS: list[Slot] = [
    ("my_contracts.main", slots.on_contracts),
    ("contract_page.main", slots.on_contract),
    ("order_page.main", slots.on_order),
]
NAV: list[NavItem] = [
    NavItem(N_("我的货款"), "/my/payments", frozenset({Permission.ORDER_ANSWER}), "work", 13, "wallet2"),
    NavItem(N_("付款进度"), "/payments", frozenset({Permission.LEDGER_READ}), "work", 62, "hourglass-split"),
    NavItem(N_("应退预付款"), "/payments/returns", frozenset({Permission.SETTLEMENT_PAY}), "work", 63, "cash-stack"),
]
WAITING: list[WaitingSource] = [slots.nudged, slots.advances_to_return]
