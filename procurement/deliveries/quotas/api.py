"""Village quotas for programs: how much of them is used by town, and setting them."""

from typing import Annotated

import msgspec
from litestar import get, put
from litestar.params import FromQuery, JSONBody

from app.core import clock
from app.core.access import Permission
from app.web.guards import CurrentPrincipal
from procurement.deliveries.quotas import queries, service
from procurement.deliveries.quotas.controllers import OFFICER
from procurement.deliveries.quotas.queries import TownQuotas


class TownBody(msgspec.Struct):
    """The quotas of a town's villages, added up."""

    place_code: Annotated[str, msgspec.Meta(examples=["330106109"])]
    name_zh: Annotated[str, msgspec.Meta(examples=["三墩镇"])]
    name_en: Annotated[str, msgspec.Meta(examples=["Sandun"])]
    villages: Annotated[int, msgspec.Meta(examples=[21])]
    with_quota: Annotated[int, msgspec.Meta(examples=[21])]
    quota: Annotated[int, msgspec.Meta(examples=[84])]
    used: Annotated[int, msgspec.Meta(examples=[17])]

    @classmethod
    def of(cls, town: TownQuotas) -> "TownBody":
        """Return what a program sees of a town."""
        return cls(town.code, *(getattr(town, name) for name in cls.__struct_fields__ if name != "place_code"))


class QuotaBody(msgspec.Struct):
    """One figure for a village, or for every village of a place."""

    place_code: Annotated[str, msgspec.Meta(max_length=12, examples=["330106109"])]
    year: Annotated[int, msgspec.Meta(examples=[2026])]
    quota: Annotated[int, msgspec.Meta(ge=0, le=9_999, examples=[4])]


class ChangedBody(msgspec.Struct):
    """How many villages have another quota than before."""

    changed: Annotated[int, msgspec.Meta(examples=[21])]


@get("/village-quotas", guards=[OFFICER], summary="List quotas by town")
async def list_quotas(
    principal: CurrentPrincipal, district: FromQuery[str] = "", year: FromQuery[int | None] = None
) -> list[TownBody]:
    """The towns of one's places with what their villages may order in a year, this one unless said otherwise."""
    scope = principal.scope(Permission.FRAMEWORK_MANAGE)
    return [TownBody.of(town) for town in await queries.by_town(scope, year or clock.today().year, district)]


@put("/village-quotas", guards=[OFFICER], summary="Set quotas")
async def set_quota(data: JSONBody[QuotaBody], principal: CurrentPrincipal) -> ChangedBody:
    """Give every village of a place the same quota; never below what is ordered already."""
    return ChangedBody(await service.set_quota_below(principal, data.place_code, data.year, data.quota))
