"""Reports for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal
from app.web.pagination import decode_cursor, page_size, sliced
from volunteers.assignments.api import Instant, Reference
from volunteers.attendance.checking_in.controllers import VOLUNTEER
from volunteers.attendance.troubles import queries, service
from volunteers.attendance.troubles.controllers import OFFICER
from volunteers.attendance.troubles.rules import LONGEST, TroubleKind, TroubleStatus

Words = Annotated[str, msgspec.Meta(max_length=LONGEST, examples=["卷帘门锁着，电话没人接。"])]
Answer = Annotated[str, msgspec.Meta(max_length=LONGEST, examples=["已联系站点，10 分钟内开门。"])]


class ReportBody(msgspec.Struct):
    """What is wrong at the place of a shift."""

    kind: TroubleKind
    words: Words = ""


class AnswerBody(msgspec.Struct):
    """What was done about it."""

    answer: Answer


class TroubleCreated(msgspec.Struct):
    """The report's id."""

    id: UUID


class TroubleBody(msgspec.Struct):
    """One report."""

    id: UUID
    kind: TroubleKind
    words: Words
    status: TroubleStatus
    assignment: Reference
    reported_at: Instant
    answer: Answer
    answered_at: datetime | None

    @classmethod
    def of(cls, view: queries.View) -> "TroubleBody":
        """Return what a program sees of a report."""
        return cls(
            *(view.public_id, view.kind, view.words, view.status, view.reference),
            *(view.reported_at, view.answer, view.answered_at),
        )


@post("/sign-ups/{sign_up:uuid}/troubles", guards=[VOLUNTEER], summary="Report a closed or unsafe station")
async def create_trouble(
    sign_up: FromPath[UUID], data: JSONBody[ReportBody], principal: CurrentPrincipal
) -> TroubleCreated:
    """Report about the caller's own shift, from an hour before it until a day after."""
    return TroubleCreated(await service.report(principal, sign_up, data.kind, data.words))


@get("/troubles", guards=[OFFICER], summary="List reports about stations")
async def list_troubles(
    principal: CurrentPrincipal,
    status: FromQuery[TroubleStatus | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[TroubleBody]:
    """List the reports at the caller's places, the latest first."""
    size = page_size(limit)
    rows = await queries.troubles(principal, status, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, lambda row: row.id, size), TroubleBody.of)


@post("/troubles/{public_id:uuid}/answer", guards=[OFFICER], status_code=204, summary="Answer a report")
async def answer_trouble(public_id: FromPath[UUID], data: JSONBody[AnswerBody], principal: CurrentPrincipal) -> None:
    """Say what was done; who reported it is told."""
    await service.answer(principal, public_id, data.answer)
