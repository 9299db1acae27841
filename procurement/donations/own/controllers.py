"""A fund's owner sees it: the members of the organization, and nobody else."""

from collections.abc import Sequence
from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from app.core.access import Permission
from app.core.text import N_, Message
from app.web.components import Chart, Crumb, Series
from app.web.filters import localized
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from marketplace.organizations.tags import PAPER_TAGS
from procurement.donations import choosing
from procurement.donations.funds.controllers import by_month, is_demo
from procurement.donations.funds.rules import CAUSE_NAMES, Month
from procurement.donations.own import queries
from procurement.donations.tags import OPEN_TAGS, USE_TAGS

MEMBER = requires(Permission.ORGANIZATION_MANAGE)
HOME = "/my/funds"


@get(HOME, guards=[MEMBER])
async def listed(principal: CurrentPrincipal) -> Response[Any]:
    """Show the funds of one's organizations, or the only one at once."""
    found = await queries.own_funds(principal)
    if len(found) == 1:
        return see_other(f"{HOME}/{found[0].code}")
    return await page(
        "procurement/donations/own/funds.html",
        funds=found,
        causes=CAUSE_NAMES,
        tags=OPEN_TAGS,
        crumbs=[Crumb(N_("我的单位"), "/my/organizations"), Crumb(N_("我的基金"))],
    )


@get(f"{HOME}/{{code:str}}", guards=[MEMBER])
async def show(code: FromPath[str], principal: CurrentPrincipal) -> Response[str]:
    """Show one fund of one's organization."""
    found = await queries.own_fund(principal, code)
    organization, closed = f"/my/organizations/{found.fund.owner}", choosing.closed()
    return await page(
        "procurement/donations/own/fund.html",
        found=found,
        fund=found.fund,
        causes=CAUSE_NAMES,
        charts=[_chart(currency, months) for currency, months in found.months.items()],
        tags=USE_TAGS,
        open_tag=OPEN_TAGS[found.fund.open and closed is None],
        paper_tags=PAPER_TAGS,
        organization=organization,
        closed=closed,
        demo=is_demo(),
        crumbs=[
            Crumb(N_("我的单位"), "/my/organizations"),
            Crumb(localized(found.fund, "owner"), organization),
            Crumb(localized(found.fund, "name")),
        ],
    )


def _chart(currency: str, months: Sequence[Month]) -> Chart:
    """Draw what came and what went, one month beside the other."""
    series = [
        Series(N_("收到捐赠"), [one.received for one in months]),
        Series(N_("退款和争议"), [one.back for one in months]),
        Series(N_("手续费"), [one.fees for one in months]),
        Series(N_("支出"), [one.used for one in months]),
    ]
    return by_month(currency, Message(N_("每月收支")), months, series)
