"""Findings for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core import clock
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal
from app.web.i18n import translate
from app.web.pagination import decode_cursor, page_size, sliced
from volunteers.assignments.api import Instant, Reference
from volunteers.attendance.findings import queries, service
from volunteers.attendance.findings.controllers import OFFICER
from volunteers.attendance.findings.queries import View
from volunteers.attendance.findings.rules import LONGEST, FindingEvent, FindingKind, FindingStatus

Text = Annotated[str, msgspec.Meta(max_length=LONGEST, examples=["两站相邻，签到时走了后门。"])]


class FindingBody(msgspec.Struct):
    """Something noticed in attendance, in one sentence in the language of the request."""

    id: UUID
    kind: FindingKind
    status: FindingStatus
    sentence: Annotated[str, msgspec.Meta(examples=["王芳 在 2026-11-26 一天记了 13.5 小时。"])]
    first_seen: Instant
    reason: str
    decided_at: datetime | None

    @classmethod
    def of(cls, view: View) -> "FindingBody":
        """Return what a program sees of a finding."""
        says = translate(view.says())
        return cls(view.public_id, view.kind, view.status, says, view.first_seen, view.reason, view.decided_at)


class WorkBody(msgspec.Struct):
    """A shift that belongs to the evidence, with the record as it stands."""

    sign_up: UUID
    assignment: Reference
    name: str
    came: datetime | None
    went: datetime | None
    minutes: int | None
    confirmed_by: str | None


class EvidenceBody(msgspec.Struct):
    """A finding with the shifts that show it."""

    finding: FindingBody
    work: list[WorkBody]


class DecisionBody(msgspec.Struct):
    """Whether there is something to it, and why."""

    event: FindingEvent
    reason: Text


class LookedBody(msgspec.Struct):
    """How many findings of each kind are new."""

    found: dict[FindingKind, int]


@get("/findings", guards=[OFFICER], summary="List what was noticed in attendance")
async def list_findings(
    principal: CurrentPrincipal,
    status: FromQuery[FindingStatus | None] = None,
    kind: FromQuery[FindingKind | None] = None,
    cursor: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
) -> Page[FindingBody]:
    """List the findings at the caller's places, the latest first."""
    size = page_size(limit)
    rows = await queries.findings(principal, status, kind, decode_cursor(cursor, int), size + 1)
    return page_of(sliced(rows, lambda row: row.id, size), FindingBody.of)


@get("/findings/{public_id:uuid}", guards=[OFFICER], summary="Read a finding with its evidence")
async def read_finding(public_id: FromPath[UUID], principal: CurrentPrincipal) -> EvidenceBody:
    """Return one finding and the shifts that show it."""
    view = await queries.finding(principal, public_id)
    work = [
        WorkBody(row.sign_up, row.reference, row.name, row.came, row.went, row.minutes, row.confirmer)
        for row in await queries.work_behind(view)
    ]
    return EvidenceBody(FindingBody.of(view), work)


@post("/findings/look", guards=[OFFICER], status_code=200, summary="Look for patterns now")
async def look(principal: CurrentPrincipal) -> LookedBody:
    """Look at everybody's attendance of the last weeks; what was found before is not found again."""
    return LookedBody(dict(await service.look(principal, clock.now())))


@post("/findings/{public_id:uuid}/decision", guards=[OFFICER], status_code=204, summary="Decide a finding")
async def decide(public_id: FromPath[UUID], data: JSONBody[DecisionBody], principal: CurrentPrincipal) -> None:
    """Say with a reason whether there is something to it; nothing follows by itself."""
    await service.decide(principal, public_id, data.event, data.reason)
