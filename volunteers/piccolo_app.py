"""Piccolo's view of this package: its tables and where its migrations lie."""

import os

from piccolo.conf.apps import AppConfig, table_finder

CURRENT_DIRECTORY = os.path.dirname(os.path.abspath(__file__))

APP_CONFIG = AppConfig(
    app_name="volunteers",
    migrations_folder_path=os.path.join(CURRENT_DIRECTORY, "piccolo_migrations"),
    table_classes=table_finder(
        [
            "volunteers.people.tables",
            "volunteers.people.credentials.expiry.tables",
            "volunteers.people.exceptions.tables",
            "volunteers.people.trainings.tables",
            "volunteers.people.affiliations.tables",
            "volunteers.assignments.tables",
            "volunteers.assignments.patterns.tables",
            "volunteers.assignments.sign_ups.tables",
            "volunteers.assignments.call_outs.tables",
            "volunteers.assignments.companions.tables",
            "volunteers.assignments.exchanges.tables",
            "volunteers.assignments.over_quota.tables",
            "volunteers.assignments.messages.tables",
            "volunteers.assignments.reminders.tables",
            "volunteers.assignments.groups.tables",
            "volunteers.hosting.tables",
            "volunteers.assignments.requests.tables",
            "volunteers.assignments.standing.tables",
            "volunteers.assignments.stand_by.tables",
            "volunteers.assignments.waiting.tables",
            "volunteers.attendance.tables",
            "volunteers.certificates.tables",
            "volunteers.attendance.checking_in.tables",
            "volunteers.attendance.log.tables",
            "volunteers.attendance.corrections.tables",
            "volunteers.attendance.no_shows.tables",
            "volunteers.attendance.findings.tables",
            "volunteers.attendance.troubles.tables",
            "volunteers.calendars.tables",
            "volunteers.dispatch.tables",
            "volunteers.dispatch.parts.tables",
            "volunteers.dispatch.explanations.costs.tables",
            "volunteers.dispatch.settings.tables",
            "volunteers.dispatch.vacancies.tables",
            "volunteers.dispatch.travel.tables",
            "volunteers.dispatch.offers.tables",
            "volunteers.dispatch.moves.tables",
            "volunteers.dispatch.locks.tables",
            "volunteers.dispatch.scenarios.tables",
            "volunteers.dispatch.scenarios.questions.tables",
            "volunteers.thanks.tables",
            "volunteers.pairings.tables",
            "volunteers.assignments.regulars.tables",
            "volunteers.hours.exports.tables",
            "volunteers.coverage.tables",
        ]
    ),
    migration_dependencies=["marketplace.piccolo_app"],
    commands=[],
)
