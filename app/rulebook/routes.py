"""What the rulebook adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.rulebook import controllers
from app.web.navigation import NavItem
from app.web.routes import html

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        controllers.rulebook,
        controllers.rule,
        controllers.back_to_rule,
        controllers.confirm,
        controllers.supersede,
    )
]
NAV = [
    NavItem(
        *(N_("规则库"), "/rulebook"),
        permissions=frozenset({Permission.RULEBOOK_CONFIRM, Permission.AUDIT_READ}),
        group="work", order=820, icon="journal-check",
    )
]  # fmt: skip
