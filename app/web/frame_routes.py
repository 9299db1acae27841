"""The routes of the frame itself."""

from litestar.types import ControllerRouterHandler

from app.core.settings import settings
from app.web import api_docs, gallery, health, policy_reports, static, workbench
from app.web.routes import html

_always = (
    html(
        static.static_file,
        health.healthz,
        health.readyz,
        policy_reports.receive,
        api_docs.documentation,
        workbench.workbench,
    ),
)
_rehearsal = (html(gallery.components, gallery.submit, gallery.fail),)

FRAME_ROUTES: list[ControllerRouterHandler] = [
    *_always,
    *(() if settings().mode == "production" else _rehearsal),
]
