"""What this package adds to the program; the composition roots only add these lists up."""

import click
from litestar.types import ControllerRouterHandler

from app.accounts.belonging import register_home_places
from app.accounts.privacy import register_erasure_step
from app.core.access import Permission, Role, RoleMap
from app.core.jobs import Job
from app.core.text import N_
from app.imports import importers
from app.web.navigation import NavItem
from app.web.routes import api, html
from app.web.slots import Slot
from app.web.workbench import WaitingSource
from volunteers.assignments import api as assignments_api
from volunteers.assignments import controllers as assignments
from volunteers.assignments.call_outs import controllers as call_outs
from volunteers.assignments.call_outs.board import controllers as board
from volunteers.assignments.call_outs.endings import controllers as endings
from volunteers.assignments.call_outs.jobs import move_call_outs_on
from volunteers.assignments.companions import routes as companions
from volunteers.assignments.desk import api as desk_api
from volunteers.assignments.desk import controllers as desk
from volunteers.assignments.desk.bulk import controllers as bulk
from volunteers.assignments.desk.copies import controllers as copies
from volunteers.assignments.exchanges import routes as exchanges
from volunteers.assignments.exports import api as exports_api
from volunteers.assignments.exports import controllers as exports
from volunteers.assignments.groups import routes as groups
from volunteers.assignments.imports import assignments as assignment_files
from volunteers.assignments.imports import positions as position_files
from volunteers.assignments.imports import sign_ups as sign_up_files
from volunteers.assignments.messages import routes as messages
from volunteers.assignments.over_quota import routes as over_quota
from volunteers.assignments.patterns import api as patterns_api
from volunteers.assignments.patterns import controllers as patterns
from volunteers.assignments.patterns.jobs import generate_shifts
from volunteers.assignments.regulars import routes as regulars
from volunteers.assignments.reminders import routes as reminders
from volunteers.assignments.requests import routes as requests
from volunteers.assignments.rosters import api as rosters_api
from volunteers.assignments.rosters import controllers as rosters
from volunteers.assignments.sign_ups import api as sign_ups_api
from volunteers.assignments.sign_ups import controllers as sign_ups
from volunteers.assignments.sign_ups.jobs import release_uncovered_seats
from volunteers.assignments.sign_ups.leaving import erase_person
from volunteers.assignments.stand_by import routes as stand_by
from volunteers.assignments.standing import routes as standing
from volunteers.assignments.waiting import api as waiting_api
from volunteers.assignments.waiting import controllers as waiting
from volunteers.assignments.waiting.jobs import pass_on_overdue_offers
from volunteers.attendance import api as attendance_api
from volunteers.attendance import controllers as station
from volunteers.attendance import routes as the_day
from volunteers.calendars import api as calendars_api
from volunteers.calendars import controllers as calendars
from volunteers.certificates import routes as certificates
from volunteers.coverage import routes as coverage
from volunteers.dispatch import routes as dispatching
from volunteers.dispatch.cli import dispatch
from volunteers.dispatch.input.store import forget_person
from volunteers.dispatch.travel import imports as travel_files
from volunteers.gaps import routes as gaps
from volunteers.hosting import routes as hosting
from volunteers.hours import routes as hours
from volunteers.hours.exports import routes as hours_exports
from volunteers.pairings import imports as pairing_files
from volunteers.pairings import routes as pairings
from volunteers.people import api as people_api
from volunteers.people import controllers as profile
from volunteers.people.affiliations import routes as affiliations
from volunteers.people.credentials import routes as credentials
from volunteers.people.credentials.files import register_pictures
from volunteers.people.exceptions import routes as exceptions
from volunteers.people.queries import home_places
from volunteers.people.registration import controllers as joining
from volunteers.people.served import routes as served
from volunteers.people.trainings import routes as trainings
from volunteers.places_slots.slots import coming_assignments, seats_map
from volunteers.thanks import routes as thanks
from volunteers.waiting import attendance_to_confirm, credentials_to_verify, next_duties
from volunteers.words import give_words


def _may(*permissions: Permission) -> frozenset[Permission]:
    return frozenset(permissions)


# Stations publish and confirm, coordinators verify and plan: who plans a person's work does not confirm it.
ROLE_PERMISSIONS: RoleMap = {
    Role.VOLUNTEER: frozenset({Permission.VOLUNTEER_SELF, Permission.ASSIGNMENT_SIGN_UP}),
    Role.PROVIDER: frozenset({Permission.ORGANIZATION_SCHEDULE}),
    Role.STATION_STAFF: frozenset({Permission.ASSIGNMENT_PUBLISH, Permission.ATTENDANCE_CONFIRM}),
    Role.COORDINATOR: frozenset(
        {
            Permission.CREDENTIAL_VERIFY,
            Permission.ASSIGNMENT_PUBLISH,
            Permission.DISPATCH_PLAN,
            Permission.DISPATCH_PUBLISH,
        }
    ),
}
ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(assignments.assignments, assignments.assignment, assignments.take_seat),
    html(sign_ups.mine, sign_ups.withdraw, sign_ups.accept),
    html(waiting.join, waiting.leave, waiting.line, waiting.move),
    html(
        *(call_outs.called, call_outs.called_now, call_outs.note_seen, call_outs.accept_call, call_outs.decline_call),
        *(call_outs.my_call, call_outs.my_call_now, call_outs.accept_my_call, call_outs.decline_my_call),
        *(board.today, board.board_now, board.absent, board.call_one, board.stop_call, endings.done),
    ),
    *messages.ROUTE_HANDLERS,
    *reminders.ROUTE_HANDLERS,
    *requests.ROUTE_HANDLERS,
    *standing.ROUTE_HANDLERS,
    *groups.ROUTE_HANDLERS,
    *exchanges.ROUTE_HANDLERS,
    *companions.ROUTE_HANDLERS,
    *over_quota.ROUTE_HANDLERS,
    *stand_by.ROUTE_HANDLERS,
    *certificates.ROUTE_HANDLERS,
    *thanks.ROUTE_HANDLERS,
    *pairings.ROUTE_HANDLERS,
    *gaps.ROUTE_HANDLERS,
    *coverage.ROUTE_HANDLERS,
    *regulars.ROUTE_HANDLERS,
    api("waiting", waiting_api.join_waiting_list, waiting_api.list_waiting, waiting_api.leave_waiting_list),
    html(
        *(desk.new_form, desk.publish, desk.change_form, desk.move, desk.resize, desk.cancel, desk.move_on),
        *(desk.reword, desk.add_seats, copies.copy_form, copies.copy, copies.copy_one, bulk.bulk_form, bulk.bulk),
    ),
    html(
        *(patterns.patterns, patterns.new_pattern, patterns.create, patterns.show, patterns.generate, patterns.skip),
        *(patterns.change_form, patterns.change, patterns.move_on),
    ),
    api(
        "patterns",
        *(patterns_api.list_patterns, patterns_api.create_pattern, patterns_api.change_pattern),
        *(patterns_api.pattern_days, patterns_api.make_shifts),
    ),
    html(
        *(rosters.week, rosters.notice, rosters.roster, rosters.poster, rosters.schedule, rosters.schedule_file),
        exports.export,
    ),
    api("rosters", rosters_api.station_week, rosters_api.organization_schedule),
    *the_day.ROUTE_HANDLERS,
    *hours.ROUTE_HANDLERS,
    *hours_exports.ROUTE_HANDLERS,
    html(station.station, station.unconfirmed, station.shift, station.confirm),
    html(
        *(profile.profile, profile.change_times, profile.change_preferences, profile.claim, profile.change_bank),
        *(profile.change_corps, profile.recuse, profile.change_status),
    ),
    *credentials.ROUTE_HANDLERS,
    *exceptions.ROUTE_HANDLERS,
    *served.ROUTE_HANDLERS,
    *trainings.ROUTE_HANDLERS,
    *affiliations.ROUTE_HANDLERS,
    *hosting.ROUTE_HANDLERS,
    html(*(calendars.calendar, calendars.calendars, calendars.make_own, calendars.make_for_station, calendars.revoke)),
    api("calendars", calendars_api.list_calendars, calendars_api.create_calendar, calendars_api.delete_calendar),
    html(
        *(joining.join_form, joining.join_now, joining.times_form, joining.say_times),
        *(joining.credential_form, joining.claim_credential),
    ),
    api(
        "assignments",
        assignments_api.list_assignments,
        assignments_api.show_assignment,
        assignments_api.create_assignment,
        exports_api.export_assignments,
        *(desk_api.change_assignment, desk_api.add_assignment_positions, desk_api.bulk_change),
        *(desk_api.preview_copies, desk_api.copy_days),
    ),
    api("sign-ups", sign_ups_api.create_sign_up, sign_ups_api.list_sign_ups, sign_ups_api.withdraw_sign_up),
    api("attendance", attendance_api.confirm),
    api("people", people_api.show_me, people_api.put_corps),
    *dispatching.ROUTE_HANDLERS,
]
JOBS: list[Job] = [
    Job("volunteers.generate_shifts", generate_shifts, "30 2 * * *"),
    *dispatching.JOBS,
    Job("volunteers.pass_on_overdue_offers", pass_on_overdue_offers, 60),
    Job("volunteers.release_uncovered_seats", release_uncovered_seats, 600),
    Job("volunteers.move_call_outs_on", move_call_outs_on, 15),
    *credentials.JOBS,
    *reminders.JOBS,
    *requests.JOBS,
    *standing.JOBS,
    *exchanges.JOBS,
    *companions.JOBS,
    *pairings.JOBS,
    *coverage.JOBS,
    *the_day.JOBS,
]
COMMANDS: list[click.Command] = [dispatch, *hours.COMMANDS]
SLOTS: list[Slot] = [
    *pairings.SLOTS,
    *dispatching.SLOTS,
    ("place.assignments", coming_assignments),
    ("places.map", seats_map),
    *messages.SLOTS,
    *reminders.SLOTS,
    *requests.SLOTS,
    *standing.SLOTS,
    *groups.SLOTS,
    *over_quota.SLOTS,
    *exchanges.SLOTS,
    *companions.SLOTS,
    *stand_by.SLOTS,
    *exceptions.SLOTS,
    *served.SLOTS,
    *trainings.SLOTS,
    *affiliations.SLOTS,
    *hosting.SLOTS,
    *certificates.SLOTS,
    *thanks.SLOTS,
    *regulars.SLOTS,
    *dispatching.SLOTS,
    *hours_exports.SLOTS,
    *the_day.SLOTS,
]
NAV: list[NavItem] = [
    NavItem(N_("做志愿"), "/assignments", order=20, icon="heart"),
    NavItem(
        N_("我的任务"), "/my/assignments", frozenset({Permission.ASSIGNMENT_SIGN_UP}), "work", 10, "calendar-check"
    ),
    *hours.NAV,
    NavItem(N_("我的资料"), "/my/profile", _may(Permission.VOLUNTEER_SELF), "work", 20, "person"),
    NavItem(
        N_("站点"),
        "/station",
        _may(Permission.ATTENDANCE_CONFIRM, Permission.ASSIGNMENT_PUBLISH),
        "work",
        30,
        "building",
    ),
    NavItem(
        N_("成员排班"), "/organization/schedule", _may(Permission.ORGANIZATION_SCHEDULE), "work", 33, "calendar-range"
    ),
    NavItem(N_("排班"), "/dispatch", _may(Permission.DISPATCH_PLAN), "work", 35, "calendar-week"),
    NavItem(N_("证件核验"), "/credentials", _may(Permission.CREDENTIAL_VERIFY), "work", 40, "patch-check"),
    *trainings.NAV,
    *affiliations.NAV,
    *hosting.NAV,
    *certificates.NAV,
    *thanks.NAV,
    *pairings.NAV,
    *the_day.NAV,
    *gaps.NAV,
    *coverage.NAV,
]
WAITING: list[WaitingSource] = [
    next_duties,
    attendance_to_confirm,
    credentials_to_verify,
    *dispatching.WAITING,
    *requests.WAITING,
    *standing.WAITING,
    *exchanges.WAITING,
    *pairings.WAITING,
    *coverage.WAITING,
    *affiliations.WAITING,
    *the_day.WAITING,
]


def _join_accounts() -> None:
    """Tell accounts where volunteers are at home and how they are forgotten."""
    register_home_places(home_places)
    register_erasure_step(erase_person)
    register_erasure_step(forget_person)


def _register_importers() -> None:
    """Tell the frame which files stations may hand in."""
    for module in (assignment_files, position_files, sign_up_files, pairing_files, travel_files):
        importers.register(module.IMPORTER)


HOOKS = [_register_importers, _join_accounts, register_pictures, give_words]
