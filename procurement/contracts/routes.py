"""What the life of a contract after its signatures adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import api, html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement.contracts.amendments import api as amendments_api
from procurement.contracts.amendments import controllers as amendments
from procurement.contracts.notices import api as notices_api
from procurement.contracts.notices import controllers as notices
from procurement.contracts.printing import api as printing_api
from procurement.contracts.printing import controllers as printing
from procurement.contracts.terminations import api as terminations_api
from procurement.contracts.terminations import controllers as terminations
from procurement.contracts.terminations.jobs import settle_ended_contracts
from procurement.contracts.waiting import waiting_about_contracts

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(printing.contract_file, printing.amendment_file, printing.check),
    html(notices.notices, notices.record),
    html(
        amendments.propose_form, amendments.propose, amendments.show, amendments.agree, amendments.approve,
        amendments.decline, amendments.withdraw, amendments.refuse,
    ),
    html(
        terminations.show, terminations.propose, terminations.agree, terminations.decide, terminations.decline,
        terminations.refuse, terminations.withdraw, terminations.cured,
    ),
    api(
        "contracts",
        amendments_api.list_amendments, amendments_api.propose, amendments_api.agree, amendments_api.approve,
        amendments_api.withdraw, amendments_api.decline, amendments_api.refuse,
        terminations_api.list_terminations, terminations_api.propose, terminations_api.agree,
        terminations_api.decide, terminations_api.decline, terminations_api.refuse, terminations_api.withdraw,
        terminations_api.cure,
        printing_api.download_contract, printing_api.download_amendment, printing_api.check_hash,
        notices_api.list_duties, notices_api.record,
    ),
]  # fmt: skip
JOBS: list[Job] = [Job("procurement.settle_ended_contracts", settle_ended_contracts, 600)]
SLOTS: list[Slot] = [
    ("contract_page.aside", notices.card),
    ("contract_page.aside", amendments.card),
    ("contract_page.aside", terminations.card),
]
WAITING: list[WaitingSource] = [waiting_about_contracts]
