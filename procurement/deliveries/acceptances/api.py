"""Acceptances for programs: the lines to judge with every judgement of an order, and the public results."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission, Principal
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, public, requires
from app.web.pagination import decode_cursor, page_size, sliced
from procurement.contracts.requirements.rules import Line, LineKind
from procurement.contracts.requirements.service import lines_of_order
from procurement.deliveries import queries
from procurement.deliveries.acceptances.judging import report_put_right
from procurement.deliveries.acceptances.queries import PublicResult, Round, public_results, rounds_of
from procurement.deliveries.acceptances.rules import Outcome, RectificationStatus
from procurement.deliveries.controllers import PARTY


class LineBody(msgspec.Struct):
    """One line of the requirement: words, or a figure (minutes, people who come)."""

    number: Annotated[int, msgspec.Meta(examples=[3])]
    kind: LineKind
    text_zh: Annotated[str, msgspec.Meta(examples=["现场答疑不少于三十分钟"])]
    figure: Annotated[int, msgspec.Meta(examples=[0])]

    @classmethod
    def of(cls, line: Line) -> "LineBody":
        """Return what a program sees of a line."""
        return cls(line.number, line.kind, line.text_zh, line.figure)


class FoundBody(msgspec.Struct):
    """What was found about one line."""

    number: Annotated[int, msgspec.Meta(examples=[3])]
    met: bool
    words: Annotated[str, msgspec.Meta(examples=["现场答疑只有十分钟"])]


class JudgementBody(msgspec.Struct):
    """One judgement; ``sha256`` is of all that was judged, ``genuine`` says whether that is still what is kept."""

    round: Annotated[int, msgspec.Meta(examples=[1])]
    outcome: Outcome
    lines: list[FoundBody]
    people_reached: Annotated[int, msgspec.Meta(examples=[46])]
    rating: Annotated[int, msgspec.Meta(examples=[5])]
    opinion: str
    opinions: Annotated[int, msgspec.Meta(examples=[12])]
    judged_at: datetime
    sha256: Annotated[str, msgspec.Meta(examples=["9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"])]
    genuine: bool
    due_on: date | None
    rectification: RectificationStatus | None
    report_zh: str

    @classmethod
    def of(cls, view: Round) -> "JudgementBody":
        """Return what a program sees of a judgement."""
        names = (
            "round",
            "outcome",
            "people_reached",
            "rating",
            "opinion",
            "opinions",
            "judged_at",
            "genuine",
            "due_on",
        )
        lines = [FoundBody(one.found.number, one.found.met, one.found.words) for one in view.lines]
        return cls(
            **{name: getattr(view, name) for name in names},
            lines=lines,
            sha256=view.sha256.hex(),
            rectification=view.rectification,
            report_zh=view.report_zh,
        )


class JudgementsBody(msgspec.Struct):
    """What an order is judged by, and how it was judged."""

    lines: list[LineBody]
    judgements: list[JudgementBody]


class ReportBody(msgspec.Struct):
    """What was put right."""

    report_zh: Annotated[str, msgspec.Meta(max_length=1000, examples=["周六补讲一场，到场四十人"])]


class ResultBody(msgspec.Struct):
    """One acceptance as everybody sees it; nobody's name."""

    reference: Annotated[str, msgspec.Meta(examples=["DD-2026-000042"])]
    product_reference: Annotated[str, msgspec.Meta(examples=["CP-2026-000123"])]
    organization_public_id: UUID
    wished_start: datetime
    accepted_at: datetime
    verdict: Outcome
    people_reached: Annotated[int, msgspec.Meta(examples=[46])]
    rating: Annotated[int, msgspec.Meta(examples=[5])]
    lines: Annotated[int, msgspec.Meta(examples=[11])]
    unmet: Annotated[int, msgspec.Meta(examples=[0])]
    rounds: Annotated[int, msgspec.Meta(examples=[1])]
    opinions: Annotated[int, msgspec.Meta(examples=[12])]

    @classmethod
    def of(cls, view: PublicResult) -> "ResultBody":
        """Return what a program sees of a result."""
        return cls(**{name: getattr(view, name) for name in cls.__struct_fields__})


@get("/orders/{reference:str}/judgements", guards=[PARTY], summary="Show an order's lines and judgements")
async def show_judgements(reference: FromPath[str], principal: CurrentPrincipal) -> JudgementsBody:
    """Return the requirement line by line, and each judgement with its hash, to the parties of the order."""
    return await _judgements(principal, reference)


@post(
    "/orders/{reference:str}/rectification-reports",
    guards=[requires(Permission.ORDER_ANSWER)],
    summary="Report that a delivery is put right",
)
async def report_rectification(
    reference: FromPath[str], data: JSONBody[ReportBody], principal: CurrentPrincipal
) -> JudgementsBody:
    """Say for the provider what was put right; the acceptor is told and judges again."""
    await report_put_right(principal, reference, data.report_zh)
    return await _judgements(principal, reference)


@get("/acceptances", guards=[public], summary="List acceptance results")
async def list_results(
    place: FromQuery[str] = "",
    verdict: FromQuery[Outcome | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[ResultBody]:
    """Return the acceptances of a place and all below it, the newest first."""
    size = page_size(limit)
    code = place if place.isdigit() else ""
    rows = await public_results(code, verdict, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, key=lambda row: row.id, size=size), ResultBody.of)


async def _judgements(principal: Principal, reference: str) -> JudgementsBody:
    found = await queries.order(principal, reference)
    lines = [LineBody.of(line) for line in await lines_of_order(found.id)]
    return JudgementsBody(lines, [JudgementBody.of(one) for one in await rounds_of(found.id)])
