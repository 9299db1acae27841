"""What this package adds to the whole: who may do what in buying and paying."""

import click
from litestar.types import ControllerRouterHandler

from app.core.access import Permission, Role, RoleMap
from app.core.jobs import Job
from app.imports import importers
from app.web.navigation import NavItem
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from marketplace.products.editions import usage
from procurement import buying, law, money_out, paying
from procurement.claims.cases.imports import IMPORTER as CASES
from procurement.claims.facts.files import register_files
from procurement.claims.quotes.scenarios import priced_visits
from procurement.claims.rewards.queries import amount_in_words
from procurement.deliveries import law as deliveries_law
from procurement.deliveries.proofs.parties import register_proofs
from procurement.deliveries.use import AcceptedUse
from procurement.demonstration.cli import demo
from procurement.oversight import law as oversight_law
from procurement.oversight import routes as oversight
from procurement.oversight.archives.cli import archive
from procurement.purchases.tenders import copies
from procurement.purchases.tenders import law as tender_law
from procurement.taxes import law as tax_law
from procurement.words import give_words
from volunteers.assignments.call_outs import amounts
from volunteers.dispatch.scenarios import costs

ROLE_PERMISSIONS: RoleMap = {
    Role.PROCUREMENT_OFFICER: frozenset(
        {
            Permission.FRAMEWORK_MANAGE,
            Permission.BUDGET_MANAGE,
            Permission.PURCHASE_REQUEST,
            Permission.CONTRACT_SIGN,
        }
    ),
    Role.APPROVER: frozenset({Permission.BUDGET_APPROVE, Permission.PURCHASE_APPROVE}),
    Role.ACCEPTOR: frozenset({Permission.DELIVERY_ACCEPT}),
    Role.PROVIDER: frozenset(
        {Permission.FRAMEWORK_APPLY, Permission.CONTRACT_SIGN, Permission.ORDER_ANSWER, Permission.CLAIM_SELF}
    ),
    Role.VILLAGE_CLERK: frozenset({Permission.ORDER_PLACE}),
    # The bureau's coordinator records what agencies closed and how it was graded; the claims officer judges the money.
    Role.COORDINATOR: frozenset({Permission.CASE_RECORD}),
    # Who computes, who approves and who pays a batch are three roles, and three people (the database insists).
    Role.CLAIMS_OFFICER: frozenset({Permission.CLAIM_APPROVE, Permission.TARIFF_MANAGE}),
    Role.SETTLEMENT_CLERK: frozenset(
        {Permission.SETTLEMENT_COMPUTE, Permission.LEDGER_READ, Permission.DONATION_MANAGE}
    ),
    Role.SETTLEMENT_APPROVER: frozenset(
        {
            *(Permission.SETTLEMENT_APPROVE, Permission.TARIFF_MANAGE, Permission.LEDGER_READ, Permission.LEDGER_CLOSE),
            Permission.DONATION_APPROVE,
        }
    ),
    Role.CASHIER: frozenset({Permission.SETTLEMENT_PAY, Permission.LEDGER_READ}),
    Role.SUPERVISOR: frozenset({Permission.LEDGER_READ}),
    Role.VOLUNTEER: frozenset({Permission.CLAIM_SELF}),
}

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    *buying.ROUTE_HANDLERS,
    *paying.ROUTE_HANDLERS,
    *oversight.ROUTE_HANDLERS,
]
JOBS: list[Job] = [*buying.JOBS, *paying.JOBS, *oversight.JOBS]
RULES = (*law.SEEDS, *deliveries_law.SEEDS, *tender_law.SEEDS, *oversight_law.SEEDS, *tax_law.SEEDS)
HOOKS = [
    *(give_words, register_proofs, register_files, copies.register),
    lambda: importers.register(CASES),
    *(lambda: amounts.register(amount_in_words), lambda: usage.register(AcceptedUse())),
    lambda: costs.register(priced_visits),
    *buying.HOOKS,
    *money_out.HOOKS,
    *paying.HOOKS,
]
COMMANDS: list[click.Command] = [demo, archive, *buying.COMMANDS, *paying.COMMANDS, *oversight.COMMANDS]
SLOTS: list[Slot] = [*buying.SLOTS, *paying.SLOTS, *oversight.SLOTS]
NAV: list[NavItem] = [*buying.NAV, *paying.NAV, *oversight.NAV]
WAITING: list[WaitingSource] = [*buying.WAITING, *paying.WAITING, *oversight.WAITING]
