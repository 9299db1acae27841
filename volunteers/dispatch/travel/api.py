"""Known ways for programs; they are handed in as files of the kind travel-times."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromQuery

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import decode_cursor, page_size, sliced
from volunteers.dispatch.travel import queries
from volunteers.dispatch.travel.controllers import way_key
from volunteers.dispatch.travel.queries import WayView


class WayBody(msgspec.Struct):
    """How long it takes from one place to another, in this direction."""

    from_place: Annotated[str, msgspec.Meta(examples=["330127100203"])]
    to_place: Annotated[str, msgspec.Meta(examples=["330127101201"])]
    minutes: Annotated[int, msgspec.Meta(ge=1, examples=[55])]
    estimate: Annotated[int, msgspec.Meta(ge=0, description="What coordinates alone would say.", examples=[38])]
    stated_at: datetime

    @classmethod
    def of(cls, view: WayView) -> "WayBody":
        """Return what a program sees of it."""
        return cls(view.from_code, view.to_code, view.minutes, view.estimate, view.stated_at)


@get("/dispatch/travel-times", guards=[requires(Permission.DISPATCH_PLAN)], summary="List known travel times")
async def list_ways(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[WayBody]:
    """List the ways from or to the caller's places that somebody knows; all others are estimated."""
    size = page_size(limit)
    rows = await queries.ways(principal, decode_cursor(cursor, tuple[str, str]), size + 1)
    return page_of(sliced(rows, way_key, size), WayBody.of)
