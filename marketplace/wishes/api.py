"""The wall for programs."""

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, public
from app.web.pagination import decode_cursor, page_size, sliced
from marketplace.organizations.provision import Category
from marketplace.products.content import TargetGroup
from marketplace.wishes import queries, service
from marketplace.wishes.controllers import CLERK, CLOSER, PROVIDER
from marketplace.wishes.queries import WishRow
from marketplace.wishes.rules import LONGEST_WORDS, WishStatus

Reference = Annotated[str, msgspec.Meta(examples=["XY-2026-000004"])]
Village = Annotated[str, msgspec.Meta(max_length=12, examples=["330106001001"])]
Words = Annotated[str, msgspec.Meta(max_length=LONGEST_WORDS, examples=["想请人给网约工讲讲社保怎么缴。"])]


class WishBody(msgspec.Struct):
    """A wish on the wall; villages are counted, never named."""

    reference: Reference
    category: Category
    target_group: TargetGroup
    words_zh: Words
    status: WishStatus
    town_zh: Annotated[str, msgspec.Meta(examples=["文新街道"])]
    villages: Annotated[int, msgspec.Meta(examples=[7])]
    written_at: Annotated[datetime, msgspec.Meta(examples=["2026-11-28T02:00:00Z"])]
    reason: str

    @classmethod
    def of(cls, row: WishRow) -> "WishBody":
        """Return what a program sees of a wish."""
        return cls(**{name: getattr(row, name) for name in cls.__struct_fields__})


class NewWishBody(msgspec.Struct):
    """A wish to write."""

    place_code: Village
    category: Category
    target_group: TargetGroup
    words_zh: Words


class SupportBody(msgspec.Struct):
    """For which village."""

    place_code: Village


class AnswerBody(msgspec.Struct):
    """With which product of one's own."""

    product: Annotated[str, msgspec.Meta(examples=["CP-2026-000007"])]


class CloseBody(msgspec.Struct):
    """Why it is closed."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, examples=["镇里已经请到了讲师。"])]


@get("/wishes", guards=[public], summary="List wishes")
async def list_wishes(
    category: FromQuery[str] = "",
    district: FromQuery[str] = "",
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[WishBody]:
    """Wishes that are alive, the newest first."""
    size = page_size(limit)
    rows = await queries.wall(category, district, after=decode_cursor(cursor, int), limit=size + 1)
    return page_of(sliced(rows, key=lambda row: row.id, size=size), WishBody.of)


@get("/wishes/{reference:str}", guards=[public], summary="Show a wish")
async def show_wish(reference: FromPath[str]) -> WishBody:
    """One wish, alive or closed."""
    return WishBody.of(await queries.wish(reference))


@post("/wishes", guards=[CLERK], summary="Write a wish")
async def create_wish(data: JSONBody[NewWishBody], principal: CurrentPrincipal) -> WishBody:
    """Write a wish for a village of one's own."""
    reference = await service.write_wish(principal, data.place_code, data.category, data.target_group, data.words_zh)
    return WishBody.of(await queries.wish(reference))


@post("/wishes/{reference:str}/support", guards=[CLERK], summary="Want the same", status_code=200)
async def support_wish(reference: FromPath[str], data: JSONBody[SupportBody], principal: CurrentPrincipal) -> WishBody:
    """Say that a village of the same district wants it too; once for each village."""
    await service.support(principal, reference, data.place_code)
    return WishBody.of(await queries.wish(reference))


@post("/wishes/{reference:str}/answers", guards=[PROVIDER], summary="Answer a wish", status_code=200)
async def answer_wish(reference: FromPath[str], data: JSONBody[AnswerBody], principal: CurrentPrincipal) -> WishBody:
    """Answer with a product, a draft or listed; villages are told once it is listed."""
    await service.answer(principal, reference, data.product)
    return WishBody.of(await queries.wish(reference))


@post("/wishes/{reference:str}/closure", guards=[CLOSER], summary="Close a wish", status_code=200)
async def close_wish(reference: FromPath[str], data: JSONBody[CloseBody], principal: CurrentPrincipal) -> WishBody:
    """Close a wish with the reason that everybody reads: its own village, or a reviewer of the catalogue."""
    await service.close(principal, reference, data.reason)
    return WishBody.of(await queries.wish(reference))
