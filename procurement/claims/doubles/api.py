"""Pairs of claims for programs: which wait, and deciding one."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.claims.doubles import queries, service
from procurement.claims.doubles.controllers import JUDGES
from procurement.claims.doubles.queries import Pair
from procurement.claims.forms import Reason


class PairBody(msgspec.Struct):
    """Two claims that may be one piece of work, and why."""

    id: Annotated[int, msgspec.Meta(examples=[3])]
    ground: Annotated[str, msgspec.Meta(examples=["same_matter"])]
    claims: Annotated[list[str], msgspec.Meta(examples=[["BT-2026-000123", "BT-2026-000140"]])]

    @classmethod
    def of(cls, pair: Pair) -> "PairBody":
        """Return the body of a view."""
        return cls(pair.id, pair.ground.value, [side.reference for side in pair.sides])


class DecisionBody(msgspec.Struct):
    """Why, and the reference of the claim to refuse; empty: both stand."""

    reason: Annotated[Reason, msgspec.Meta(min_length=1)]
    refuse: Annotated[str, msgspec.Meta(examples=["BT-2026-000140"])] = ""


@get("/claims/doubles", guards=[JUDGES], summary="List claims that may be doubles")
async def list_doubles(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[PairBody]:
    """Return the pairs of the caller's places that nobody decided yet, the oldest first."""
    size = page_size(limit)
    found = await queries.open_pairs(principal, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(found, lambda pair: pair.id, size), PairBody.of)


@post("/claims/doubles/{pair:int}", guards=[JUDGES], status_code=204, summary="Decide a pair of claims")
async def decide_double(pair: FromPath[int], principal: CurrentPrincipal, data: JSONBody[DecisionBody]) -> None:
    """Say that both stand, or refuse one of them."""
    await service.decide(principal, pair, data.reason, data.refuse)
