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
from procurement import money_out
from procurement.claims import routes as claims
from procurement.claims import slots
from procurement.claims import waiting as claims_waiting
from procurement.claims.jobs import accrue_claims
from procurement.claims.replays.slots import cost_of_change
from procurement.donations import routes as donations
from procurement.ledger import api as ledger_api
from procurement.ledger.books import controllers as books
from procurement.ledger.cli import ledger
from procurement.ledger.disclosure import controllers as disclosure
from procurement.ledger.jobs import fold_ledger
from procurement.ledger.periods import controllers as periods
from procurement.payments import routes as payments
from procurement.settlement import api as settlement_api
from procurement.settlement import controllers as settlement
from procurement.settlement import queries as settlement_queries
from procurement.settlement import waiting as settlement_waiting
from procurement.settlement.planning.jobs import plan_settlement
from procurement.settlement.recompute.cli import settlement as settlement_commands
from procurement.settlement.returns import controllers as returns
from procurement.settlement.returns import waiting as returns_waiting
from procurement.tariffs import api as tariffs_api
from procurement.tariffs import controllers as tariffs_pages
from procurement.tariffs import waiting as tariffs_waiting
from procurement.tariffs.cli import tariffs

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    *payments.ROUTE_HANDLERS,
    *money_out.ROUTE_HANDLERS,
    *claims.ROUTE_HANDLERS,
    *donations.ROUTE_HANDLERS,
    html(
        settlement.batches, settlement.preview, settlement.compute, settlement.show, settlement.approve,
        settlement.cancel, settlement.revoke, settlement.pay, settlement.vouchers, settlement.bank_file, returns.ask,
        returns.record,
        tariffs_pages.tariffs, tariffs_pages.new, tariffs_pages.draft, tariffs_pages.show, tariffs_pages.publish,
        books.trial_balance, books.account, books.export, periods.close, disclosure.show,
    ),
    api(
        "settlement",
        settlement_api.list_batches, settlement_api.show_batch, settlement_api.compute_batch,
        settlement_api.approve_batch, settlement_api.pay_batch, settlement_api.read_bank_file,
        settlement_api.cancel_batch, settlement_api.list_unsettled,
        settlement_api.record_return, settlement_api.revoke_batch, settlement_api.list_budget_lines,
        settlement_api.record_batch_vouchers,
    ),
    api(
        "tariffs",
        tariffs_api.list_tariffs, tariffs_api.show_tariff, tariffs_api.draft_tariff, tariffs_api.publish_tariff,
        tariffs_api.show_schema, tariffs_api.show_document,
    ),
    api(
        "ledger",
        ledger_api.trial_balance, ledger_api.show_account, ledger_api.public_totals, ledger_api.list_months,
        ledger_api.close_month, ledger_api.public_towns, ledger_api.read_journal,
    ),
]  # fmt: skip
JOBS: list[Job] = [
    Job("procurement.accrue_claims", accrue_claims, 60),
    Job("procurement.fold_ledger", fold_ledger, 60),
    Job("procurement.plan_settlement", plan_settlement, "0 6 1 * *"),
    *donations.JOBS,
]
HOOKS = donations.HOOKS
COMMANDS: list[click.Command] = [ledger, settlement_commands, tariffs]
SLOTS: list[Slot] = [
    *payments.SLOTS,
    *money_out.SLOTS,
    *donations.SLOTS,
    ("assignment_page.compensation", slots.assignment_amount),
    ("scenario_page.cost", slots.scenario_cost),
    ("shift_done.reward", slots.shift_reward),
    ("tariff_page.replay", cost_of_change),
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
    NavItem(N_("结案登记"), "/cases", frozenset({Permission.CASE_RECORD}), "work", 59, "folder-check"),
    NavItem(N_("专职岗位"), "/mediator-posts", frozenset({Permission.CASE_RECORD}), "work", 59, "person-badge"),
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
    claims_waiting.to_decide,
    claims_waiting.to_look_at,
    claims_waiting.to_answer,
    claims_waiting.papers_of_mine,
    settlement_waiting.to_compute,
    settlement_waiting.to_approve,
    settlement_waiting.to_pay,
    *money_out.WAITING,
    tariffs_waiting.to_publish,
]
