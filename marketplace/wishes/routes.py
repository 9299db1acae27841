"""What the wall adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.jobs import Job
from app.core.text import N_
from app.web.navigation import NavItem
from app.web.routes import api as api_routes
from app.web.routes import html
from marketplace.wishes import api, controllers
from marketplace.wishes.jobs import answer_wishes
from marketplace.wishes.rules import STATUS_NAMES

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(controllers.wall, controllers.wish_form, controllers.write, controllers.show),
    html(controllers.support, controllers.answer, controllers.close),
    api_routes(
        "wishes", api.list_wishes, api.show_wish, api.create_wish, api.support_wish, api.answer_wish, api.close_wish
    ),
]
JOBS: list[Job] = [Job("marketplace.answer_wishes", answer_wishes, 300)]
NAV: list[NavItem] = [
    NavItem(
        *(N_("许愿墙"), "/wishes", frozenset({Permission.ORDER_PLACE, Permission.PRODUCT_WRITE})),
        *("work", 15, "stars"),
    ),
    NavItem(N_("许愿墙"), "/wishes", group="footer", order=40),
]
ACTION_NAMES = {
    "wish.written": N_("写心愿"),
    "wish.supported": N_("也想要"),
    **{f"wish.{status.value}": name for status, name in STATUS_NAMES.items()},
}
