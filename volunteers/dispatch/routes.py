"""What dispatch adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.jobs import Job
from app.web.routes import api as api_routes
from app.web.routes import html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from volunteers.dispatch import api, controllers, jobs
from volunteers.dispatch.explanations import routes as explanations
from volunteers.dispatch.exports import api as exports_api
from volunteers.dispatch.exports import controllers as exports
from volunteers.dispatch.locks import api as locks_api
from volunteers.dispatch.locks import controllers as locks
from volunteers.dispatch.moves import api as moves_api
from volunteers.dispatch.moves import controllers as moves
from volunteers.dispatch.offers import api as offers_api
from volunteers.dispatch.offers import controllers as offers
from volunteers.dispatch.offers import following, slots
from volunteers.dispatch.people import api as seats_api
from volunteers.dispatch.people import controllers as seats
from volunteers.dispatch.record import api as record_api
from volunteers.dispatch.review import api as review_api
from volunteers.dispatch.review import controllers as review
from volunteers.dispatch.scenarios import api as scenarios_api
from volunteers.dispatch.scenarios import controllers as scenarios
from volunteers.dispatch.scenarios.questions import controllers as questions
from volunteers.dispatch.scenarios.questions import jobs as question_jobs
from volunteers.dispatch.settings import api as settings_api
from volunteers.dispatch.settings import controllers as settings
from volunteers.dispatch.travel import api as travel_api
from volunteers.dispatch.travel import controllers as travel
from volunteers.dispatch.workbench import waiting_plans

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.runs, controllers.plan, controllers.show, controllers.publish, seats.people),
    html(review.approve, review.reopen, review.shifts, review.changed, following.answers, following.answers_now),
    html(moves.show_shift, moves.put, moves.take, moves.swap_form, moves.swap, moves.undo, locks.lock, locks.unlock),
    html(
        *(offers.offers, offers.accept, offers.decline, offers.my_offers, offers.accept_mine, offers.decline_mine),
        *(offers.accept_all, offers.accept_all_mine),
    ),
    html(
        *(scenarios.new_scenario, scenarios.create_scenario, scenarios.show_scenario),
        *(scenarios.publish_scenario_page, questions.show_question),
    ),
    html(settings.places, settings.show, settings.state, travel.ways, exports.export),
    api_routes(
        "dispatch",
        *(api.list_runs, api.create_run, api.show_run, api.list_gaps, api.publish_run, seats_api.list_proposals),
        *(record_api.show_record, record_api.list_log, settings_api.show_settings, settings_api.state_settings),
        *(travel_api.list_ways, exports_api.export_plan),
        *(review_api.show_cover, review_api.show_difference, review_api.approve_run, review_api.reopen_run),
        *(moves_api.list_moves, moves_api.create_move, moves_api.undo_move),
        *(locks_api.list_locks, locks_api.create_lock, locks_api.delete_lock),
        *(scenarios_api.create_scenario, scenarios_api.show_scenario, scenarios_api.publish_scenario),
        scenarios_api.show_question,
        *(offers_api.list_offers, offers_api.answer_offer, offers_api.accept_offers),
        *(offers_api.count_answers, offers_api.list_asked),
    ),
    *explanations.ROUTE_HANDLERS,
]
JOBS: list[Job] = [*jobs.JOBS, *explanations.JOBS, *question_jobs.JOBS]
SLOTS: list[Slot] = [("my_assignments.first", slots.open_offers), *explanations.SLOTS]
WAITING: list[WaitingSource] = [waiting_plans, slots.offers_to_answer]
