"""What quotations add to the program."""

from litestar.types import ControllerRouterHandler

from app.attachments.owners import register_owner
from app.core.access import Permission
from app.core.jobs import Job
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement.offers import controllers as officers
from procurement.offers.comparisons import api as comparisons_api
from procurement.offers.comparisons import controllers as comparisons
from procurement.offers.jobs import follow_quotations
from procurement.offers.keepers import api as keepers_api
from procurement.offers.keepers import controllers as keepers
from procurement.offers.openings.queries import may_read
from procurement.offers.results import controllers as results
from procurement.offers.rounds import api as rounds_api
from procurement.offers.submissions import api
from procurement.offers.submissions import controllers as suppliers
from procurement.offers.waiting import waiting_quotations
from procurement.reading import BUYERS

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(officers.wish_form, officers.ask, officers.show, officers.invite, officers.unlock_round),
    html(comparisons.exclude, comparisons.propose, comparisons.sheet),
    html(keepers.own, keepers.make, keepers.revoke),
    html(suppliers.mine, suppliers.show, suppliers.hand_in, suppliers.take_back),
    html(results.show),
    api_routes(
        "quotations",
        api.list_invitations, api.show_invitation, api.hand_in, api.take_back, api.show_result,
        rounds_api.ask, rounds_api.show_request, rounds_api.invite,
        comparisons_api.show_sheet, comparisons_api.propose, comparisons_api.exclude,
        keepers_api.list_keepers, keepers_api.show_key,
    ),
]  # fmt: skip
JOBS: list[Job] = [Job("procurement.follow_quotations", follow_quotations, 60)]
SLOTS: list[Slot] = [("purchase_page.next", officers.next_step)]
WAITING: list[WaitingSource] = [waiting_quotations]
HOOKS = [lambda: register_owner("opened_quotation", may_read)]
NAV: list[NavItem] = [
    NavItem(N_("报价邀请"), "/my/quotations", frozenset({Permission.FRAMEWORK_APPLY}), "work", 15, "envelope-paper"),
    NavItem(N_("报价密钥"), "/my/keeper-key", frozenset(BUYERS), "work", 56, "key"),
]
