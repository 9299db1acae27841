"""Piccolo's view of this package: its tables and where its migrations lie."""

import os

from piccolo.conf.apps import AppConfig, table_finder

CURRENT_DIRECTORY = os.path.dirname(os.path.abspath(__file__))

APP_CONFIG = AppConfig(
    app_name="app",
    migrations_folder_path=os.path.join(CURRENT_DIRECTORY, "piccolo_migrations"),
    table_classes=table_finder(
        [
            "app.core.tables",
            "app.accounts.tables",
            "app.notifications.tables",
            "app.rulebook.tables",
            "app.attachments.tables",
            "app.imports.tables",
        ]
    ),
    migration_dependencies=[],
    commands=[],
)
