"""What the paying side adds to the program: tariffs, claims, settlement and the ledger; wiring.py adds it up."""

import click
from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.jobs import Job
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api, html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement.claims import api as claims_api
from procurement.claims import controllers as claims
from procurement.claims import slots
from procurement.claims import waiting as claims_waiting
from procurement.claims.desk import api as desk_api
from procurement.claims.desk import controllers as desk
from procurement.claims.jobs import accrue_claims
from procurement.claims.own import api as own_api
from procurement.claims.own import controllers as own
from procurement.donations import routes as donations
from procurement.ledger import api as ledger_api
from procurement.ledger.books import controllers as books
from procurement.ledger.cli import ledger
from procurement.ledger.disclosure import controllers as disclosure
from procurement.payments import routes as payments
from procurement.settlement import api as settlement_api
from procurement.settlement import controllers as settlement
from procurement.settlement import queries as settlement_queries
from procurement.settlement import waiting as settlement_waiting
from procurement.settlement.returns import controllers as returns
from procurement.settlement.returns import waiting as returns_waiting
from procurement.tariffs import api as tariffs_api
from procurement.tariffs import controllers as tariffs_pages
from procurement.tariffs import waiting as tariffs_waiting
from procurement.tariffs.cli import tariffs

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    *payments.ROUTE_HANDLERS,
    *donations.ROUTE_HANDLERS,
    html(
        desk.desk, desk.approval, desk.approve, desk.send_back, desk.reject,
        claims.show, claims.resubmit, own.mine, own.of_organization,
        settlement.batches, settlement.preview, settlement.compute, settlement.show, settlement.approve,
        settlement.cancel, settlement.pay, settlement.bank_file, returns.ask, returns.record,
        tariffs_pages.tariffs, tariffs_pages.new, tariffs_pages.draft, tariffs_pages.show, tariffs_pages.publish,
        books.trial_balance, books.account, books.export, disclosure.show,
    ),
    api(
        "claims",
        claims_api.list_claims, claims_api.show_claim, claims_api.approve_claims, claims_api.return_claim,
        claims_api.reject_claim, desk_api.show_totals, desk_api.show_effects, own_api.list_own,
        own_api.list_of_organizations, own_api.resubmit,
    ),
    api(
        "settlement",
        settlement_api.list_batches, settlement_api.show_batch, settlement_api.compute_batch,
        settlement_api.approve_batch, settlement_api.pay_batch, settlement_api.read_bank_file,
        settlement_api.cancel_batch, settlement_api.list_unsettled,
        settlement_api.record_return,
    ),
    api(
        "tariffs",
        tariffs_api.list_tariffs, tariffs_api.show_tariff, tariffs_api.draft_tariff, tariffs_api.publish_tariff,
    ),
    api("ledger", ledger_api.trial_balance, ledger_api.show_account, ledger_api.public_totals),
]  # fmt: skip
JOBS: list[Job] = [Job("procurement.accrue_claims", accrue_claims, 60), *donations.JOBS]
HOOKS = donations.HOOKS
COMMANDS: list[click.Command] = [ledger, tariffs]
SLOTS: list[Slot] = [
    *payments.SLOTS,
    ("assignment_page.compensation", slots.assignment_amount),
    ("scenario_page.cost", slots.scenario_cost),
    ("shift_done.reward", slots.shift_reward),
    ("my_assignments.aside", slots.own_subsidies),
    ("my_profile.main", slots.own_subsidies),
    ("workbench.main", slots.own_subsidies),
]
NAV: list[NavItem] = [
    *payments.NAV,
    *donations.NAV,
    NavItem(N_("资金公开"), "/disclosure", order=80, icon="bar-chart"),
    NavItem(N_("补贴标准"), "/tariffs", group="footer", order=60, icon="file-text"),
    NavItem(N_("我的补贴"), "/my/claims", frozenset({Permission.CLAIM_SELF}), "work", 60, "wallet2"),
    NavItem(N_("补贴审核"), "/claims", frozenset({Permission.CLAIM_APPROVE}), "work", 61, "clipboard-check"),
    NavItem(N_("结算"), "/settlement", frozenset(settlement_queries.READERS), "work", 62, "cash-stack"),
    NavItem(N_("账簿"), "/ledger", frozenset({Permission.LEDGER_READ}), "work", 63, "journal-text"),
    NavItem(N_("补贴标准"), "/tariffs", frozenset({Permission.TARIFF_MANAGE}), "work", 64, "file-text"),
]
WAITING: list[WaitingSource] = [
    *payments.WAITING,
    *donations.WAITING,
    claims_waiting.returned_to_me,
    returns_waiting.accounts_to_correct,
    claims_waiting.at_the_desk,
    settlement_waiting.to_compute,
    settlement_waiting.to_approve,
    settlement_waiting.to_pay,
    tariffs_waiting.to_publish,
]
