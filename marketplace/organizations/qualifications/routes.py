"""What papers add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.workbench import WaitingSource
from marketplace.organizations.qualifications import api, controllers
from marketplace.organizations.qualifications.expiry.jobs import remind_of_paper_expiry
from marketplace.organizations.qualifications.expiry.waiting import papers_to_renew

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.file_form, controllers.add_file),
    api_routes("organizations", api.list_papers, api.state_paper, api.add_file, api.decide_papers),
]
JOBS: list[Job] = [Job("marketplace.remind_of_paper_expiry", remind_of_paper_expiry, "10 9 * * *")]
WAITING: list[WaitingSource] = [papers_to_renew]
