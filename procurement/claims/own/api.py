"""One's own claims for programs: a person's and an organization's, and handing one in again."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery

from app.web.guards import CurrentPrincipal
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.claims import queries as claims
from procurement.claims import service
from procurement.claims.api import ClaimBody
from procurement.claims.own import queries
from procurement.claims.own.controllers import CLAIMANTS, Read


class OwnClaimsBody(msgspec.Struct):
    """A page of one's own claims, and what of all of them is paid and on its way; ``returned`` ask for something.

    ``to_deduct_fen`` will be deducted from what is on its way.
    """

    items: list[ClaimBody]
    paid_fen: Annotated[int, msgspec.Meta(examples=[75_000])]
    coming_fen: Annotated[int, msgspec.Meta(examples=[25_000])]
    returned: Annotated[int, msgspec.Meta(examples=[1])]
    to_deduct_fen: Annotated[int, msgspec.Meta(examples=[0])] = 0
    next_cursor: str | None = None


@get("/my/claims", guards=[CLAIMANTS], summary="List one's own claims")
async def list_own(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> OwnClaimsBody:
    """The claims of the person, the newest first."""
    return await _listed(queries.my_claims, principal, cursor, page_size(limit))


@get("/my/organization-claims", guards=[CLAIMANTS], summary="List one's organizations' claims")
async def list_of_organizations(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> OwnClaimsBody:
    """The claims of the organizations that the person acts for, the newest first."""
    return await _listed(queries.organization_claims, principal, cursor, page_size(limit))


@post(
    "/claims/{reference:str}/resubmission",
    guards=[CLAIMANTS], status_code=204, summary="Hand a returned claim in again",
)  # fmt: skip
async def resubmit(reference: FromPath[str], principal: CurrentPrincipal) -> None:
    """Hand in again what an officer sent back."""
    claim = await claims.claim_page(principal, reference)
    await service.resubmit_claim(principal, claim.row.id)


async def _listed(read: Read, principal: CurrentPrincipal, cursor: str | None, size: int) -> OwnClaimsBody:
    found = await read(principal, decode_cursor(cursor, str), size + 1)
    part = sliced(found.rows, lambda claim: claim.row.reference, size)
    items = [ClaimBody.of(claim.row) for claim in part.items]
    sums = (found.paid_fen, found.coming_fen, found.returned, found.to_deduct_fen)
    return OwnClaimsBody(items, *sums, part.next_cursor)
