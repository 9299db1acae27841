"""Pairs that may be one piece of work: the list, and the decision."""

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath, FromQuery

from app.core.access import Permission
from app.core.text import N_
from app.web.components import Crumb
from app.web.forms import Form
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.claims.doubles import queries, service
from procurement.claims.doubles.rules import GROUND_NAMES
from procurement.claims.forms import Reason
from procurement.claims.rules import ClaimStatus
from procurement.claims.wording import TAGS

HOME = "/claims/doubles"
JUDGES = requires(Permission.CLAIM_APPROVE)


class DecisionForm(msgspec.Struct):
    """Which of the two is refused, if one is, and why."""

    reason: Reason = ""
    refuse: str = ""


@get(HOME, guards=[JUDGES])
async def pairs(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """List the pairs that wait for a decision."""
    found = await queries.open_pairs(principal, decode_cursor(cursor, int), PAGE + 1)
    return await page(
        "procurement/claims/doubles.html",
        part=sliced(found, lambda pair: pair.id),
        ground_names=GROUND_NAMES,
        tags={status.value: TAGS[status] for status in ClaimStatus},
        crumbs=[Crumb(N_("补贴审核"), "/claims"), Crumb(N_("可能重复"))],
    )


@post(f"{HOME}/{{pair:int}}", guards=[JUDGES])
async def decide(pair: FromPath[int], request: Request[Any, Any, Any], principal: CurrentPrincipal) -> Response[Any]:
    """Decide a pair."""
    given = (await Form.read(request, DecisionForm)).value
    await service.decide(principal, pair, given.reason, given.refuse)
    return see_other(HOME, N_("已判定。"))
