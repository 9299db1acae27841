"""What the rulebook adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.rulebook import controllers
from app.rulebook.working_days import controllers as working_days
from app.web.navigation import NavItem
from app.web.routes import html

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        controllers.rulebook,
        controllers.rule,
        controllers.back_to_rule,
        controllers.confirm,
        controllers.supersede,
        working_days.this_year,
        working_days.year_page,
        working_days.enter,
    )
]
NAV = [
    NavItem(
        *(N_("规则库"), "/rulebook"),
        permissions=frozenset({Permission.RULEBOOK_CONFIRM, Permission.AUDIT_READ}),
        group="work", order=820, icon="journal-check",
    )
]  # fmt: skip
