"""What tenders add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from procurement.purchases.tenders import api, controllers
from procurement.purchases.tenders.awards import api as awards_api
from procurement.purchases.tenders.awards import controllers as awards
from procurement.purchases.tenders.awards.queries import waiting_awards
from procurement.purchases.tenders.challenges.jobs import remind_of_challenges
from procurement.purchases.tenders.challenges.queries import waiting_challenges
from procurement.purchases.tenders.challenges.slots import hold_card

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.new, controllers.begin, controllers.show, controllers.record, awards.decide),
    api_routes(
        "purchases", api.show_tender, api.begin, api.record_step, awards_api.show_award, awards_api.decide_award
    ),
]
SLOTS: list[Slot] = [("purchase_page.next", controllers.link), ("contract_page.aside", hold_card)]
WAITING: list[WaitingSource] = [waiting_awards, waiting_challenges]
JOBS: list[Job] = [Job("procurement.remind_of_challenges", remind_of_challenges, "20 8 * * *")]
