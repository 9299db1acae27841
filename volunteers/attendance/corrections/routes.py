"""What corrections add to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Principal
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Fill, Slot
from volunteers.attendance.corrections import api, controllers
from volunteers.attendance.corrections.queries import corrections_of
from volunteers.attendance.tags import OUTCOME_TAGS


async def on_claim(_principal: Principal, sign_up_id: int | None) -> Fill | None:
    """Fill ``claim_page.work``: that the record behind a claim was corrected; what follows is procurement's to say."""
    versions = await corrections_of(sign_up_id) if sign_up_id else ()
    if not versions:
        return None
    context = {"versions": versions, "outcome_tags": OUTCOME_TAGS}
    return Fill("volunteers/attendance/corrections/on_claim.html", context)


ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.mine, controllers.show, controllers.correct),
    api_routes("attendance-records", api.read_record, api.create_correction),
]
SLOTS: list[Slot] = [("claim_page.work", on_claim)]
