"""What donations add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.jobs import Job
from app.core.text import N_
from app.operations.doctor import look_at_more
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement.donations import api, choosing
from procurement.donations.acknowledgements import controllers as acknowledgements
from procurement.donations.desk import api as desk_api
from procurement.donations.desk import controllers as desk
from procurement.donations.events import api as events_api
from procurement.donations.events import controllers as events
from procurement.donations.fake import controllers as fake
from procurement.donations.funds import controllers as funds
from procurement.donations.gifts import api as gifts_api
from procurement.donations.gifts import controllers as gifts
from procurement.donations.jobs import follow_gifts, reconcile_gifts
from procurement.donations.own import api as own_api
from procurement.donations.own import controllers as own
from procurement.donations.own.slots import funds_of_organization, own_funds
from procurement.donations.reconciliation import controllers as reconciliation
from procurement.donations.refunds import api as refunds_api
from procurement.donations.unclear import api as unclear_api
from procurement.donations.unclear import controllers as unclear
from procurement.donations.uses import api as uses_api
from procurement.donations.uses import controllers as uses
from procurement.donations.waiting import donations_to_decide, events_that_failed, unclear_money

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        funds.listed, funds.show, gifts.ask, gifts.give, acknowledgements.show, acknowledgements.paper,
        acknowledgements.end, own.listed, own.show, fake.show, fake.pay, fake.decline,
    ),
    html(
        desk.desk, desk.gift, desk.propose, desk.decide, desk.record, desk.end, uses.new_fund, uses.create_fund,
        uses.fund, uses.propose, uses.decide, uses.pause, events.receive, events.listed, events.replay,
        reconciliation.show, reconciliation.run, unclear.listed, unclear.show, unclear.propose, unclear.decide,
    ),
    api_routes(
        "donations", api.list_funds, api.show_fund, api.list_gifts, gifts_api.create_gift, gifts_api.end_monthly_gift,
        refunds_api.create_refund, refunds_api.decide_on_refund, desk_api.create_receipt, uses_api.create_use,
        uses_api.decide_on_use, events_api.list_events, events_api.replay_event, unclear_api.list_unclear_money,
        unclear_api.create_unclear_decision, unclear_api.decide_on_unclear_money, own_api.list_own_funds,
        own_api.show_own_fund,
    ),
]  # fmt: skip
JOBS: list[Job] = [
    Job("procurement.follow_gifts", follow_gifts, 60),
    Job("procurement.reconcile_gifts", reconcile_gifts, "20 3 * * *"),
]
NAV: list[NavItem] = [
    NavItem(N_("捐赠"), "/funds", group="footer", order=45),
    NavItem(
        N_("捐赠管理"), "/donations", frozenset({Permission.DONATION_MANAGE, Permission.DONATION_APPROVE}), "work", 65,
        "wallet2",
    ),
]  # fmt: skip
SLOTS: list[Slot] = [("workbench.aside", own_funds), ("own_organization.aside", funds_of_organization)]
WAITING: list[WaitingSource] = [donations_to_decide, events_that_failed, unclear_money]
HOOKS = [lambda: look_at_more("gifts", choosing.look)]
