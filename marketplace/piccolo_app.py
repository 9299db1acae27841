"""Piccolo's view of this package: its tables and where its migrations lie."""

import os

from piccolo.conf.apps import AppConfig, table_finder

CURRENT_DIRECTORY = os.path.dirname(os.path.abspath(__file__))

APP_CONFIG = AppConfig(
    app_name="marketplace",
    migrations_folder_path=os.path.join(CURRENT_DIRECTORY, "piccolo_migrations"),
    table_classes=table_finder(
        [
            "marketplace.places.tables",
            "marketplace.organizations.tables",
            "marketplace.organizations.incubation.tables",
            "marketplace.organizations.interests.tables",
            "marketplace.organizations.members.tables",
            "marketplace.organizations.qualifications.tables",
            "marketplace.products.tables",
            "marketplace.products.capacity.tables",
            "marketplace.products.listings.tables",
            "marketplace.products.saved.tables",
            "marketplace.products.editions.tables",
            "marketplace.flagships.tables",
            "marketplace.wishes.tables",
        ]
    ),
    migration_dependencies=["app.core.piccolo_app"],
    commands=[],
)
