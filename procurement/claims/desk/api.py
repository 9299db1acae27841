"""The claims desk for programs: what a selection comes to, and what approving it would take from each budget line."""

from datetime import date
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromQuery, JSONBody

from app.web.guards import CurrentPrincipal
from procurement.claims.desk import queries
from procurement.claims.desk.controllers import JUDGES
from procurement.claims.desk.queries import ClaimFilter, LineEffect
from procurement.claims.forms import ApprovalBody
from procurement.claims.rules import ClaimStatus


class TotalsBody(msgspec.Struct):
    """How many claims match, and what they come to."""

    count: Annotated[int, msgspec.Meta(examples=[128])]
    total_fen: Annotated[int, msgspec.Meta(examples=[3_200_000])]


class EffectBody(msgspec.Struct):
    """What approving would do to one budget line; what it lacks is ``short_fen``."""

    district: Annotated[str, msgspec.Meta(examples=["Xihu District"])]
    programme: Annotated[str, msgspec.Meta(examples=["On-site service subsidies"])]
    year: Annotated[int, msgspec.Meta(examples=[2026])]
    count: Annotated[int, msgspec.Meta(examples=[12])]
    total_fen: Annotated[int, msgspec.Meta(examples=[300_000])]
    to_reserve_fen: Annotated[int, msgspec.Meta(examples=[300_000])]
    available_fen: Annotated[int, msgspec.Meta(examples=[2_000_000])]
    short_fen: Annotated[int, msgspec.Meta(examples=[0])]

    @classmethod
    def of(cls, effect: LineEffect) -> "EffectBody":
        """Return what a program sees of an effect."""
        return cls(
            effect.district_en, effect.programme_en, effect.year, effect.count, effect.total_fen,
            effect.to_reserve_fen, effect.available_fen, effect.short_fen,
        )  # fmt: skip


@get("/claims/totals", guards=[JUDGES], summary="Add claims up")
async def show_totals(
    principal: CurrentPrincipal,
    district: FromQuery[str] = "",
    programme: FromQuery[str] = "",
    status: FromQuery[ClaimStatus | None] = None,
    week: FromQuery[date | None] = None,
) -> TotalsBody:
    """Count the claims of one's places that match, as the list filters them; ``week`` is any day of a week."""
    asked = ClaimFilter(district, programme, status.value if status else "", week)
    found = await queries.queue(principal, asked, None, 1)
    return TotalsBody(found.count, found.total_fen)


@post("/claims/effects", guards=[JUDGES], status_code=200, summary="Look at an approval beforehand")
async def show_effects(data: JSONBody[ApprovalBody], principal: CurrentPrincipal) -> list[EffectBody]:
    """Return what approving these claims would take from each budget line; nothing is changed."""
    ids = await queries.ids_of(principal, data.references)
    return [EffectBody.of(effect) for effect in await queries.approval_effects(ids)]
