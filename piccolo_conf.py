"""Piccolo's entry point: the engine and the apps, nothing else. Importing it starts nothing."""

from piccolo.conf.apps import AppRegistry

from app.core.database import DB

__all__ = ["APP_REGISTRY", "DB"]

APP_REGISTRY = AppRegistry(
    apps=[
        "app.core.piccolo_app",
        "marketplace.piccolo_app",
        "volunteers.piccolo_app",
        "procurement.piccolo_app",
    ]
)
