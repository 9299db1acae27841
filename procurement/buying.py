"""What the buying side adds to the program: frameworks, budgets, purchases, contracts, orders; wiring.py adds it up."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.jobs import Job
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api, html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement import delivering
from procurement.budgets import api as budgets_api
from procurement.budgets import controllers as budgets
from procurement.budgets import routes as funds
from procurement.contracts import api as contracts_api
from procurement.contracts import controllers as contracts
from procurement.contracts import routes as contract_routes
from procurement.deliveries import api as orders_api
from procurement.deliveries import controllers as orders
from procurement.deliveries import routes as villages
from procurement.deliveries.jobs import conclude_contracts, follow_orders
from procurement.deliveries.ordering import controllers as ordering
from procurement.deliveries.quotas import api as quotas_api
from procurement.deliveries.quotas import controllers as quotas
from procurement.deliveries.slots import work_under_way
from procurement.deliveries.standing.jobs import follow_standings
from procurement.deliveries.standing.slots import order_from_page
from procurement.frameworks import api as frameworks_api
from procurement.frameworks import controllers as frameworks
from procurement.frameworks.desk import api as desk_api
from procurement.frameworks.desk import controllers as desk
from procurement.frameworks.jobs import end_frameworks
from procurement.frameworks.notices import api as notices_api
from procurement.frameworks.notices import controllers as notices
from procurement.frameworks.slots import latest_notices, product_admissions
from procurement.offers import routes as offers
from procurement.purchases import api as purchases_api
from procurement.purchases import controllers as purchases
from procurement.purchases.approvals import routes as approvals
from procurement.purchases.tenders import routes as tender_routes
from procurement.reading import BUYERS
from procurement.waiting import waiting_in_buying


def _may(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        frameworks.published, frameworks.show, frameworks.apply, frameworks.mine, frameworks.withdraw,
        desk.managed, desk.scheme_form, desk.draw_up, desk.manage, desk.file_scheme, desk.publish,
        desk.bring_into_force, desk.decide, desk.removal_form, desk.remove, notices.notices, notices.notice,
    ),
    html(
        budgets.lines, budgets.line_form, budgets.open_line, budgets.waiting, budgets.decide, budgets.line,
        budgets.propose,
    ),
    html(
        purchases.purchases, purchases.offers, purchases.request_form, purchases.ask, purchases.waiting,
        purchases.decide, purchases.show, purchases.cancel, purchases.rate, purchases.close,
    ),
    html(contracts.published, contracts.mine, contracts.show, contracts.offer, contracts.sign, contracts.decline),
    *contract_routes.ROUTE_HANDLERS,
    *tender_routes.ROUTE_HANDLERS,
    html(
        ordering.choose, ordering.time_form, ordering.place, orders.of_village, orders.of_provider, orders.answer,
        orders.show, orders.cancel, quotas.quotas, quotas.set_quota,
    ),
    api(
        "frameworks",
        frameworks_api.list_frameworks, frameworks_api.show_framework, frameworks_api.apply, frameworks_api.decide,
        frameworks_api.withdraw, frameworks_api.remove, frameworks_api.list_own, notices_api.list_notices,
        notices_api.show_notice,
        desk_api.list_managed, desk_api.draw_up, desk_api.file_scheme, desk_api.publish, desk_api.bring_into_force,
        desk_api.list_applications,
    ),
    api("budgets", budgets_api.list_lines, budgets_api.open_line, budgets_api.propose, budgets_api.list_waiting,
        budgets_api.decide),
    api(
        "purchases",
        purchases_api.list_purchases, purchases_api.show_purchase, purchases_api.ask, purchases_api.decide,
        purchases_api.cancel, purchases_api.rate, purchases_api.close,
    ),
    api(
        "contracts",
        contracts_api.list_contracts, contracts_api.show_contract, contracts_api.offer, contracts_api.sign,
        contracts_api.decline, contracts_api.list_own,
    ),
    api(
        "orders",
        orders_api.list_services, orders_api.list_orders, orders_api.show_order, orders_api.place, orders_api.answer,
        orders_api.accept, orders_api.cancel, orders_api.list_of_provider, orders_api.list_to_accept,
        quotas_api.list_quotas, quotas_api.set_quota,
    ),
    *delivering.ROUTE_HANDLERS,
    *offers.ROUTE_HANDLERS,
    *approvals.ROUTE_HANDLERS,
    *funds.ROUTE_HANDLERS,
    *villages.ROUTE_HANDLERS,
]  # fmt: skip
JOBS: list[Job] = [
    Job("procurement.follow_orders", follow_orders, 60),
    Job("procurement.conclude_contracts", conclude_contracts, "10 1 * * *"),
    *offers.JOBS,
    Job("procurement.end_frameworks", end_frameworks, "5 0 * * *"),
    *delivering.JOBS,
    *contract_routes.JOBS,
    *tender_routes.JOBS,
    *funds.JOBS,
    *villages.JOBS,
    Job("procurement.follow_standings", follow_standings, 600),
]
SLOTS: list[Slot] = [
    ("product_page.aside", product_admissions),
    ("product_page.action", order_from_page),
    ("home.aside", latest_notices),
    ("examine_organization.consequences", work_under_way),
    *delivering.SLOTS,
    *contract_routes.SLOTS,
    *offers.SLOTS,
    *villages.SLOTS,
    *tender_routes.SLOTS,
]
NAV: list[NavItem] = [
    NavItem(N_("采购公告"), "/notices", group="footer", order=49),
    NavItem(N_("框架协议"), "/frameworks", group="footer", order=50),
    NavItem(N_("合同公告"), "/contracts", group="footer", order=51),
    NavItem(N_("点单"), "/orders/new", _may(Permission.ORDER_PLACE), "work", 10, "bag-plus"),
    NavItem(N_("我的点单"), "/orders", _may(Permission.ORDER_PLACE), "work", 11, "list-check"),
    NavItem(N_("村社订单"), "/my/orders", _may(Permission.ORDER_ANSWER), "work", 12, "list-check"),
    NavItem(N_("我的合同"), "/my/contracts", _may(Permission.ORDER_ANSWER), "work", 13, "file-earmark-text"),
    NavItem(N_("我的入围"), "/my/admissions", _may(Permission.FRAMEWORK_APPLY), "work", 14, "award"),
    *offers.NAV,
    NavItem(N_("采购"), "/buying/purchases", _may(*BUYERS), "work", 50, "cart"),
    NavItem(
        N_("预算"), "/buying/budgets",
        _may(Permission.BUDGET_MANAGE, Permission.BUDGET_APPROVE, Permission.LEDGER_READ), "work", 51, "cash-stack",
    ),
    NavItem(N_("框架协议"), "/buying/frameworks", _may(Permission.FRAMEWORK_MANAGE), "work", 52, "diagram-3"),
    NavItem(N_("配送额度"), "/buying/quotas", _may(Permission.FRAMEWORK_MANAGE), "work", 53, "pie-chart"),
    NavItem(N_("验收"), "/buying/acceptance", _may(Permission.DELIVERY_ACCEPT), "work", 54, "clipboard2-check"),
    *delivering.NAV,
    *approvals.NAV,
    *funds.NAV,
]  # fmt: skip
WAITING: list[WaitingSource] = [
    waiting_in_buying,
    *delivering.WAITING,
    *contract_routes.WAITING,
    *offers.WAITING,
    *approvals.WAITING,
    *funds.WAITING,
    *villages.WAITING,
    *tender_routes.WAITING,
]
HOOKS = offers.HOOKS
COMMANDS = funds.COMMANDS
