"""My claims, and my organization's: each step, why the amount is what it is, when it is paid."""

from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery

from app.core.access import Permission, Principal
from app.web.guards import CurrentPrincipal, requires
from app.web.pages import page, see_other
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.claims.own import queries
from procurement.claims.standing.queries import standings
from procurement.claims.wording import ITEM_NAMES, TAGS, explained, when_paid

Read = Callable[[Principal, str | None, int], Awaitable[queries.OwnClaims]]
CLAIMANTS = requires(Permission.CLAIM_SELF)


@get("/my/claims", guards=[CLAIMANTS])
async def mine(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[Any]:
    """Show the person's own claims; who only acts for an organization sees that one's."""
    if principal.scope(Permission.CLAIM_SELF).organization_ids and not principal.can(Permission.ASSIGNMENT_SIGN_UP):
        return see_other("/my/organization-claims")
    return await _page(queries.my_claims, principal, cursor, of_organization=False)


@get("/my/organization-claims", guards=[CLAIMANTS])
async def of_organization(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> Response[str]:
    """Show the claims of the organizations the person acts for."""
    return await _page(queries.organization_claims, principal, cursor, of_organization=True)


async def _page(read: Read, principal: Principal, cursor: str | None, *, of_organization: bool) -> Response[str]:
    found = await read(principal, decode_cursor(cursor, str), PAGE + 1)
    part = sliced(found.rows, lambda claim: claim.row.reference)
    return await page(
        "procurement/claims/mine.html",
        found=found,
        part=part,
        standings=defaultdict(lambda: None, await standings([claim.row.id for claim in part.items])),
        of_organization=of_organization,
        both=bool(principal.scope(Permission.CLAIM_SELF).organization_ids)
        and principal.can(Permission.ASSIGNMENT_SIGN_UP),
        tags=TAGS,
        item_names=ITEM_NAMES,
        explained=explained,
        when_paid=when_paid,
    )
