"""What the chain of approval adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.workbench import WaitingSource
from procurement.purchases.approvals import api, controllers
from procurement.purchases.approvals.waiting import authority_to_confirm, purchases_to_approve

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        controllers.overview, controllers.limit_form, controllers.propose_limit, controllers.level_form,
        controllers.propose_level, controllers.deputy_form, controllers.propose_deputy, controllers.own_deputy_form,
        controllers.name_own_deputy, controllers.decide, controllers.end,
    ),
    api_routes(
        "purchases", api.show_steps, api.list_limits, api.propose_limit, api.decide_limit, api.list_approvers,
        api.list_levels, api.propose_level, api.decide_level, api.end_level,
        api.list_deputies, api.name_deputy, api.decide_deputy, api.end_deputy,
    ),
]  # fmt: skip
NAV: list[NavItem] = [
    NavItem(
        N_("审批权限"), "/buying/approvals",
        frozenset({Permission.BUDGET_MANAGE, Permission.PURCHASE_APPROVE}), "work", 52, "person-check",
    ),
]  # fmt: skip
WAITING: list[WaitingSource] = [purchases_to_approve, authority_to_confirm]
