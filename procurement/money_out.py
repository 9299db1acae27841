"""What paying out adds to the program: bank files and their answers, tax, ageing, statements; paying.py adds it up."""

from collections.abc import Callable

from litestar.types import ControllerRouterHandler

from app.imports import importers
from app.web.routes import api, html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement.ledger.disclosure import controllers as disclosure
from procurement.settlement.ageing import api as ageing_api
from procurement.settlement.ageing import controllers as ageing
from procurement.settlement.layouts import api as layouts_api
from procurement.settlement.layouts import controllers as layouts
from procurement.settlement.reconciliation import api as reconciliation_api
from procurement.settlement.reconciliation import controllers as reconciliation
from procurement.settlement.repayments import api as repayments_api
from procurement.settlement.repayments import controllers as repayments
from procurement.settlement.repayments.waiting import to_confirm
from procurement.settlement.replies.imports import IMPORTER
from procurement.settlement.replies.waiting import to_reconcile
from procurement.settlement.statements import api as statements_api
from procurement.settlement.statements import controllers as statements
from procurement.settlement.way import on_claim
from procurement.taxes import api as taxes_api
from procurement.taxes import controllers as taxes
from procurement.taxes.waiting import to_file

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        layouts.layouts, layouts.new, layouts.write, ageing.show,
        reconciliation.overview, reconciliation.show, reconciliation.ask_file, reconciliation.take,
        repayments.deductions, repayments.show, repayments.record, repayments.confirm, repayments.refuse,
        statements.own, statements.show_own, statements.print_own, statements.show_payee, statements.print_payee,
        taxes.months, taxes.exempt, taxes.exempt_file, taxes.show, taxes.month_file, taxes.remit,
        disclosure.by_town,
    ),
    api(
        "settlement",
        layouts_api.list_layouts, layouts_api.set_layout, ageing_api.list_owed,
        reconciliation_api.list_reconciled, reconciliation_api.show_reconciled, reconciliation_api.list_open,
        reconciliation_api.hand_in, statements_api.show_statement,
        repayments_api.list_deductions, repayments_api.record_repayment, repayments_api.confirm_repayment,
        repayments_api.refuse_repayment,
    ),
    api(
        "taxes",
        taxes_api.list_months, taxes_api.list_people, taxes_api.read_month_file, taxes_api.read_exempt_file,
        taxes_api.remit,
    ),
]  # fmt: skip
SLOTS: list[Slot] = [("claim_page.way", on_claim)]
WAITING: list[WaitingSource] = [to_confirm, to_reconcile, to_file]
HOOKS: list[Callable[[], None]] = [lambda: importers.register(IMPORTER)]
