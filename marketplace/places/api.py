"""Places for programs: the official codes, from the city down to a village."""

from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromPath, FromQuery

from app.web.api import Page, page_of
from app.web.guards import public
from app.web.pagination import decode_cursor, page_size, sliced
from marketplace.places import queries
from marketplace.places.queries import Area, PlaceFilter, PlaceView, StationView
from marketplace.places.rules import Level, codes_above

Code = Annotated[str, msgspec.Meta(description="Official division code; a child's begins with its parent's.",
                                   examples=["330127100"])]  # fmt: skip


class PlaceBody(msgspec.Struct):
    """A place in a list."""

    code: Code
    level: Level
    parent: Annotated[str | None, msgspec.Meta(examples=["330127"])]
    name_zh: Annotated[str, msgspec.Meta(examples=["千岛湖镇"])]
    name_en: Annotated[str, msgspec.Meta(description="Pinyin, made at import.", examples=["Qiandaohu Town"])]
    rural: bool
    short_of_lawyers: bool

    @classmethod
    def of(cls, view: PlaceView) -> "PlaceBody":
        """Return what a program sees of a place."""
        return cls(
            view.code, Level(view.level), _parent(view.code), view.name_zh, view.name_en, view.rural,
            view.short_of_lawyers,
        )  # fmt: skip


class StationBody(msgspec.Struct):
    """A station that answers for a place."""

    place: Code
    kind: Annotated[str, msgspec.Meta(examples=["town"])]
    name_zh: Annotated[str, msgspec.Meta(examples=["千岛湖镇公共法律服务站"])]
    name_en: str
    phone: Annotated[str, msgspec.Meta(examples=["0571-12348"])]

    @classmethod
    def of(cls, view: StationView) -> "StationBody":
        """Return what a program sees of a station."""
        return cls(view.place_code, view.kind, view.name_zh, view.name_en, view.phone)


class PlaceDetail(msgspec.Struct):
    """One place, the way to it from the city, and the stations on that way and below."""

    place: PlaceBody
    path: Annotated[list[PlaceBody], msgspec.Meta(description="From the city down to the place itself.")]
    longitude: Annotated[float, msgspec.Meta(examples=[119.04213])]
    latitude: Annotated[float, msgspec.Meta(examples=[29.60849])]
    approximate: Annotated[bool, msgspec.Meta(description="The point is derived from the district, not surveyed.")]
    towns: Annotated[int, msgspec.Meta(description="How many lie below.")]
    villages: Annotated[int, msgspec.Meta(description="How many lie below.", examples=[57])]
    stations: list[StationBody]

    @classmethod
    def of(cls, view: Area, path: list[PlaceView], stations: list[StationView]) -> "PlaceDetail":
        """Return what a program sees of a place's page."""
        return cls(
            PlaceBody.of(view), [PlaceBody.of(one) for one in path], view.longitude, view.latitude, view.approximate,
            view.towns, view.villages, [StationBody.of(one) for one in stations],
        )  # fmt: skip


@get("/places", guards=[public], summary="List places")
async def list_places(
    parent: FromQuery[str] = "",
    q: FromQuery[str] = "",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[PlaceBody]:
    """List places by code: those directly below ``parent``, those whose name contains ``q``, or all."""
    size = page_size(limit)
    rows = await queries.listed_places(PlaceFilter(parent, q), decode_cursor(cursor, str), size + 1)
    return page_of(sliced(rows, lambda row: row.code, size), PlaceBody.of)


@get("/places/{code:str}", guards=[public], summary="Show a place")
async def show_place(code: FromPath[str]) -> PlaceDetail:
    """Show one place with its path and its stations."""
    found = await queries.area(code)
    return PlaceDetail.of(found, await queries.path_to(code), await queries.stations_around(code))


def _parent(code: str) -> str | None:
    return next(iter(codes_above(code)[-2:-1]), None)
