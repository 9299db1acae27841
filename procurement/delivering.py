"""What delivery adds to the program: proofs, acceptance, opinions, ratings; buying.py adds it up."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.navigation import NavItem
from app.web.routes import api, html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement.deliveries.acceptances import routes as acceptances
from procurement.deliveries.closing_file import routes as closing_file
from procurement.deliveries.proofs import routes as proofs
from procurement.deliveries.workload import routes as workload
from procurement.oversight.archives import api as archives_api
from procurement.oversight.archives import controllers as archives
from procurement.oversight.ratings import routes as ratings

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    *proofs.ROUTE_HANDLERS,
    *acceptances.ROUTE_HANDLERS,
    *workload.ROUTE_HANDLERS,
    *closing_file.ROUTE_HANDLERS,
    html(archives.archive_file),
    api("purchases", archives_api.download_archive),
]
JOBS: list[Job] = [*proofs.JOBS]
SLOTS: list[Slot] = [*proofs.SLOTS, *workload.SLOTS, *closing_file.SLOTS, *ratings.SLOTS]
NAV: list[NavItem] = [*proofs.NAV, *acceptances.NAV]
WAITING: list[WaitingSource] = [*proofs.WAITING]
