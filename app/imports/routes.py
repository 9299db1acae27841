"""What imports add to the program."""

from litestar.types import ControllerRouterHandler

from app.imports import api as endpoints
from app.imports import controllers
from app.imports.jobs import JOBS as JOBS
from app.web.routes import api, html

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        *(controllers.upload_form, controllers.upload, controllers.template, controllers.show, controllers.store),
        *(controllers.discard, controllers.bad_rows),
    ),
    api("imports", endpoints.hand_in, endpoints.show_import, endpoints.store_import, endpoints.discard_import),
]
