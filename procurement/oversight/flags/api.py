"""Flags for programs: the same list with its figures."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromQuery

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import PAGE, decode_cursor, sliced
from procurement.oversight.flags import queries
from procurement.oversight.flags.queries import Filter, FlagView
from procurement.oversight.flags.rules import FlagKind, FlagStatus, Part


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
