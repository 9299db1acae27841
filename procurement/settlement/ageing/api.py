"""What is approved and unpaid, for programs."""

from typing import Annotated

import msgspec
from litestar import get

from app.web.guards import CurrentPrincipal, requires
from procurement.settlement.ageing import queries
from procurement.settlement.queries import READERS


class OwedBody(msgspec.Struct):
    """What is owed for one programme in one district since so many days, less what is still to be deducted."""

    place_code: Annotated[str, msgspec.Meta(examples=["330106"])]
    programme: Annotated[str, msgspec.Meta(examples=["on_site"])]
    days: Annotated[int, msgspec.Meta(examples=[12])]
    claims: Annotated[int, msgspec.Meta(examples=[3])]
    fen: Annotated[int, msgspec.Meta(examples=[75_000])]
    to_deduct_fen: Annotated[int, msgspec.Meta(examples=[0])]


@get("/settlement-batches/ageing", guards=[requires(*READERS)], summary="What is approved and unpaid, by age")
async def list_owed(principal: CurrentPrincipal) -> list[OwedBody]:
    """Return what is owed in the caller's places by district, programme and days since the approval."""
    return [
        OwedBody(row.place_code, row.programme, row.days, row.claims, row.fen, row.to_deduct_fen)
        for row in await queries.owed(principal)
    ]
