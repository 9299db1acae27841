"""What the rulebook adds to the program."""

from litestar.types import ControllerRouterHandler

from app.core.access import Permission
from app.core.text import N_
from app.rulebook import controllers
from app.rulebook.proposals.queries import proposals_to_confirm
from app.rulebook.working_days import controllers as working_days
from app.web.navigation import NavItem
from app.web.routes import html
from app.web.workbench import WaitingSource

ROUTE_HANDLERS: list[ControllerRouterHandler] = [
    html(
        controllers.rulebook,
        controllers.rule,
        controllers.confirm,
        controllers.back_to_unverified,
        controllers.propose,
        controllers.confirm_proposal,
        controllers.refuse_proposal,
        controllers.back_to_rule,
        working_days.this_year,
        working_days.year_page,
        working_days.enter,
    )
]
WAITING: list[WaitingSource] = [proposals_to_confirm]
NAV = [
    NavItem(
        *(N_("规则库"), "/rulebook"),
        permissions=frozenset({Permission.RULEBOOK_CONFIRM, Permission.AUDIT_READ}),
        group="work", order=820, icon="journal-check",
    )
]  # fmt: skip
