"""What acceptance adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from procurement.deliveries.acceptances import api, controllers, published

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.waiting, controllers.desk, controllers.accept, controllers.certificate),
    html(published.results, published.results_file),
    api_routes("orders", api.show_judgements, api.report_rectification),
    api_routes("acceptances", api.list_results),
]
NAV: list[NavItem] = [NavItem(N_("验收结果"), "/acceptances", group="footer", order=52)]
