"""Flags for programs: the same list with its figures, one with what was said about it, an auditor's word."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.oversight.flags import queries, service
from procurement.oversight.flags.queries import Filter, FlagView
from procurement.oversight.flags.rules import FlagEvent, FlagKind, FlagStatus, Part


def _example(value: Any) -> msgspec.Meta:
    return msgspec.Meta(examples=[value])


class FlagBody(msgspec.Struct):
    """Something to look at again: a question with its figures, never a verdict; null measured has not happened."""

    id: UUID
    kind: FlagKind
    status: FlagStatus
    place_code: Annotated[str, _example("330106")]
    year: Annotated[int, _example(2026)]
    measured: Annotated[int | None, _example(93_000_000)]
    threshold: Annotated[int, _example(90_000_000)]
    unit: Annotated[str, _example("fen")]
    n: Annotated[int, _example(3)]
    minimum: Annotated[int, _example(2)]
    source: Annotated[str, _example("政府采购法实施条例 第28条 †")]
    parts: list[Part]
    references: Annotated[list[str], _example(["CG-2026-000001"])]
    found_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, view: FlagView) -> "FlagBody":
        """Return what a program sees of a flag."""
        return cls(
            view.public_id, view.kind, view.status, view.place_code, view.year, view.measured, view.threshold,
            view.unit, view.n, view.minimum, str(view.source), list(view.parts), list(view.references), view.found_at,
            view.closed_at,
        )  # fmt: skip


class ReviewedBody(msgspec.Struct):
    """An auditor's word."""

    outcome: FlagStatus
    words_zh: Annotated[str, _example("合同已在省级平台公告，这里补登。")]
    reviewer: Annotated[str, msgspec.Meta(examples=["褚监督"])]
    reviewed_at: datetime


class FlagDetailBody(FlagBody, kw_only=True):
    """A flag with what was said about it."""

    reviews: list[ReviewedBody]


class ReviewBody(msgspec.Struct):
    """What an auditor found out."""

    event: FlagEvent
    words: Annotated[str, msgspec.Meta(min_length=1, max_length=500, examples=["合同已在省级平台公告，这里补登。"])]


@get("/oversight/flags", guards=[requires(Permission.LEDGER_READ)], summary="List what asks to be looked at again")
async def list_flags(
    principal: CurrentPrincipal,
    kind: FromQuery[FlagKind | None] = None,
    place_code: FromQuery[str] = "",
    year: FromQuery[int | None] = None,
    standing: FromQuery[str] = "",
    cursor: FromQuery[str | None] = None,
) -> Page[FlagBody]:
    """The flags that stand in one's places; ``standing`` is open, referred, explained or closed."""
    wanted = Filter(kind.value if kind else "", place_code, year, standing)
    found = await queries.flags(principal, wanted, decode_cursor(cursor, int), PAGE + 1)
    return page_of(sliced(found, key=lambda row: row.id), FlagBody.of)


@get("/oversight/flags/{flag_id:uuid}", guards=[requires(Permission.LEDGER_READ)], summary="Show a flag")
async def show_flag(flag_id: FromPath[UUID], principal: CurrentPrincipal) -> FlagDetailBody:
    """One flag with everything that auditors said about it."""
    found, reviews, _ = await queries.flag(principal, flag_id)
    said = [ReviewedBody(one.outcome, one.words_zh, one.reviewer, one.reviewed_at) for one in reviews]
    return FlagDetailBody(**msgspec.structs.asdict(FlagBody.of(found)), reviews=said)


@post(
    "/oversight/flags/{flag_id:uuid}/reviews",
    guards=[requires(Permission.AUDIT_READ)], status_code=204, summary="Note a word about a flag",
)  # fmt: skip
async def review(flag_id: FromPath[UUID], data: JSONBody[ReviewBody], principal: CurrentPrincipal) -> None:
    """Explain the matter or refer it, in words that cannot be changed; refused to whoever handled it."""
    await service.review_flag(principal, flag_id, data.event, data.words)
