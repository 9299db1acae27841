"""Finance's page of the payment service's books beside ours."""

from typing import Any

from litestar import Response, get, post

from app.core.access import Permission
from app.core.errors import DomainError
from app.core.text import N_
from app.web.components import Crumb
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from procurement.donations.funds.queries import looks_after_all, patterns
from procurement.donations.reconciliation import queries, service
from procurement.donations.tags import ENTRY_NAMES, EQUAL_TAGS

DESK = requires(Permission.DONATION_MANAGE)
PAGE = "/donations/reconciliation"


@get(PAGE, guards=[DESK])
async def show(principal: CurrentPrincipal) -> Response[str]:
    """Show the latest looks and what they found."""
    return await page(
        "procurement/donations/reconciliation.html",
        everywhere=await looks_after_all(patterns(principal)),
        looks=await queries.looks(principal),
        entries=await queries.missed_entries(principal),
        names=ENTRY_NAMES,
        equal_tags=EQUAL_TAGS,
        crumbs=[Crumb(N_("捐赠管理"), "/donations"), Crumb(N_("对账"))],
    )


@post(PAGE, guards=[DESK])
async def run(principal: CurrentPrincipal) -> Response[Any]:
    """Look now."""
    try:
        found = await service.ask_to_reconcile(principal)
    except DomainError as refusal:
        return see_other(PAGE, refusal.text(), "need")
    told = N_("已核对 %(entries)s 笔，补记 %(missed)s 笔。")
    return see_other(PAGE, told, entries=found.entries, missed=found.missed)
