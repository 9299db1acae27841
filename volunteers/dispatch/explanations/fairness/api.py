"""How evenly hours are spread, for programs."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromQuery

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from volunteers.assignments.rules import Kind
from volunteers.dispatch.explanations.fairness import queries
from volunteers.dispatch.explanations.fairness.forms import named
from volunteers.dispatch.explanations.fairness.rules import Bin, Spread

Name = Annotated[str, msgspec.Meta(description="A year and a quarter.", pattern=r"^20\d\d-[1-4]$", examples=["2026-4"])]
QuarterName = Annotated[str, msgspec.Meta(pattern=r"^(20\d\d-[1-4])?$", examples=["2026-4"])]
Minutes = Annotated[int, msgspec.Meta(ge=0, examples=[540])]


class BinBody(msgspec.Struct):
    """How many people did at least ``least`` and fewer than ``below`` minutes."""

    least: Minutes
    below: Minutes
    people: Annotated[int, msgspec.Meta(ge=0, examples=[12])]

    @classmethod
    def of(cls, one: Bin) -> "BinBody":
        """Return what a program sees of it."""
        return cls(one.least, one.below, one.people)


class SpreadBody(msgspec.Struct):
    """How minutes are spread over the people who did anything."""

    people: Annotated[int, msgspec.Meta(ge=1, examples=[240])]
    minutes: Minutes
    least: Minutes
    median: Minutes
    most: Minutes
    top_tenth_share: Annotated[float, msgspec.Meta(description="Done by the tenth who did most.", examples=[0.24])]
    gini: Annotated[float, msgspec.Meta(description="0: all the same; towards 1: one did everything.", examples=[0.31])]
    bins: list[BinBody]

    @classmethod
    def of(cls, found: Spread) -> "SpreadBody":
        """Return what a program sees of it."""
        return cls(
            *(found.people, found.minutes, found.least, found.median, found.most),
            *(round(found.top_share, 4), round(found.gini, 4), [BinBody.of(one) for one in found.bins]),
        )


class QuarterBody(msgspec.Struct):
    """One quarter; ``spread`` null if nobody did anything."""

    quarter: Name
    spread: SpreadBody | None
    idle: Annotated[int, msgspec.Meta(ge=0, description="Registered there and did nothing.", examples=[35])]


class OwnPlaceBody(msgspec.Struct):
    """The caller among the people of their district; nothing is compared while they are fewer than ten."""

    district: Annotated[str, msgspec.Meta(examples=["330106"])]
    quarter: Name
    minutes: Minutes
    percent_below: Annotated[int | None, msgspec.Meta(description="In a hundred who did less.", examples=[63])]
    spread: SpreadBody | None


@get(
    "/dispatch/fairness",
    guards=[requires(Permission.DISPATCH_PLAN)],
    summary="Show how evenly hours are spread in the last four quarters",
)
async def show_fairness(
    principal: CurrentPrincipal, place: FromQuery[str] = "", kind: FromQuery[Kind | None] = None
) -> list[QuarterBody]:
    """Confirmed minutes per person of everything below a place, the latest quarter first."""
    found = await queries.fairness_of(principal, place, kind, None)
    return [
        QuarterBody(str(one.quarter), SpreadBody.of(one.spread) if one.spread else None, one.idle)
        for one in found.quarters
    ]


@get(
    "/my/fairness",
    guards=[requires(Permission.ASSIGNMENT_SIGN_UP)],
    summary="Show where the caller stands among the people of their district",
)
async def show_own_place(principal: CurrentPrincipal, quarter: FromQuery[QuarterName] = "") -> OwnPlaceBody:
    """The caller's confirmed minutes of a quarter beside those of the others, who stay numbers."""
    found = await queries.own_place(principal, named(quarter))
    shown = SpreadBody.of(found.spread) if found.spread else None
    return OwnPlaceBody(found.district.code, str(found.quarter), found.mine, found.below, shown)
