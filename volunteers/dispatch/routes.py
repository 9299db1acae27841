"""What dispatch adds to the program."""

from litestar.types import ControllerRouterHandler

from app.web.routes import api as api_routes
from app.web.routes import html
from volunteers.dispatch import api, controllers
from volunteers.dispatch.exports import api as exports_api
from volunteers.dispatch.exports import controllers as exports
from volunteers.dispatch.jobs import JOBS as JOBS
from volunteers.dispatch.people import api as seats_api
from volunteers.dispatch.people import controllers as seats
from volunteers.dispatch.record import api as record_api
from volunteers.dispatch.settings import api as settings_api
from volunteers.dispatch.settings import controllers as settings
from volunteers.dispatch.travel import api as travel_api
from volunteers.dispatch.travel import controllers as travel

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.runs, controllers.plan, controllers.show, controllers.publish, seats.people),
    html(settings.places, settings.show, settings.state, travel.ways, exports.export),
    api_routes(
        "dispatch",
        *(api.list_runs, api.create_run, api.show_run, api.list_gaps, api.publish_run, seats_api.list_proposals),
        *(record_api.show_record, record_api.list_log, settings_api.show_settings, settings_api.state_settings),
        *(travel_api.list_ways, exports_api.export_plan),
    ),
]
