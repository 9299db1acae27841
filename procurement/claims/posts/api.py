"""Posts of full-time mediators for programs: list, record, end."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.web.guards import CurrentPrincipal
from procurement.claims.cases.queries import named
from procurement.claims.posts import queries, service
from procurement.claims.posts.controllers import RECORDERS
from procurement.claims.posts.forms import EndForm
from procurement.claims.posts.queries import PostRow
from procurement.claims.posts.rules import PostDraft


class PostBody(msgspec.Struct):
    """A post, how many of its months were claimed, and for how much."""

    id: UUID
    mediator: Annotated[str, msgspec.Meta(examples=["沈一诺"])]
    agency: Annotated[str, msgspec.Meta(examples=["清波街道人民调解委员会"])]
    document: Annotated[str, msgspec.Meta(examples=["上司聘〔2026〕4号"])]
    monthly_fen: Annotated[int, msgspec.Meta(examples=[310_000])]
    from_day: Annotated[date, msgspec.Meta(examples=["2026-08-17"])]
    until_day: Annotated[date | None, msgspec.Meta(examples=["2027-08-16"])]
    months: Annotated[int, msgspec.Meta(examples=[3])]
    claimed_fen: Annotated[int, msgspec.Meta(examples=[770_000])]

    @classmethod
    def of(cls, row: PostRow) -> "PostBody":
        """Return the body of a view."""
        return cls(
            row.public_id, row.mediator, row.agency, row.document, row.monthly_fen, row.from_day, row.until_day,
            row.months, row.claimed_fen,
        )  # fmt: skip


class NewPostBody(msgspec.Struct):
    """A post as its document of appointment says; the mediator is named by the number of a verified licence."""

    licence: Annotated[str, msgspec.Meta(min_length=1, max_length=40, examples=["33010020260001"])]
    agency: Annotated[str, msgspec.Meta(min_length=1, max_length=80, examples=["清波街道人民调解委员会"])]
    district: Annotated[str, msgspec.Meta(min_length=6, max_length=12, examples=["330102"])]
    document: Annotated[str, msgspec.Meta(min_length=1, max_length=80, examples=["上司聘〔2026〕4号"])]
    monthly_fen: Annotated[int, msgspec.Meta(gt=0, examples=[310_000])]
    from_day: Annotated[date, msgspec.Meta(examples=["2026-08-17"])]
    until_day: Annotated[date | None, msgspec.Meta(examples=["2027-08-16"])] = None


class RecordedPostBody(msgspec.Struct):
    """The id by which a post is named from now on."""

    id: UUID


@get("/mediator-posts", guards=[RECORDERS], summary="List posts of full-time mediators")
async def list_posts(principal: CurrentPrincipal) -> list[PostBody]:
    """Return the posts of the caller's places, those that go on first; 500 at most."""
    return [PostBody.of(row) for row in await queries.posts(principal)]


@post("/mediator-posts", guards=[RECORDERS], summary="Record a post")
async def record_post(data: JSONBody[NewPostBody], principal: CurrentPrincipal) -> RecordedPostBody:
    """Record a post; a job claims each of its months that is over. Nobody is full-time at two places."""
    person_id, place_id = await named(data.licence, data.district)
    draft = PostDraft(
        person_id, place_id, data.agency, data.document, data.monthly_fen, data.from_day, data.until_day
    )  # fmt: skip
    return RecordedPostBody(await queries.public_id_of(await service.record_post(principal, draft)))


@post("/mediator-posts/{post_id:uuid}/end", guards=[RECORDERS], status_code=204, summary="End a post")
async def end_post(post_id: FromPath[UUID], data: JSONBody[EndForm], principal: CurrentPrincipal) -> None:
    """Say the last day of a post whose end was open."""
    await service.end_post(principal, await queries.id_of(post_id), data.until_day)
