"""No-shows, their rule and excuses for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.core.errors import NotFound
from app.web.guards import CurrentPrincipal, public
from volunteers.assignments.api import Instant, Reference
from volunteers.assignments.sign_ups.bars import Consequence
from volunteers.attendance.no_shows import queries, service
from volunteers.attendance.no_shows.controllers import STAFF, VOLUNTEER
from volunteers.attendance.no_shows.queries import Excuse
from volunteers.attendance.no_shows.rules import LONGEST, ExcuseStatus, Verdict

Days = Annotated[int, msgspec.Meta(ge=1, examples=[30])]
Times = Annotated[int, msgspec.Meta(ge=1, examples=[2])]
Text = Annotated[str, msgspec.Meta(max_length=LONGEST, examples=["发烧去了医院，有病历。"])]


class RuleBody(msgspec.Struct):
    """So many no-shows within so many days, and what follows for how long; null: nothing follows."""

    within_days: Days
    request_after: Times | None
    pause_after: Times | None
    lasts_days: Days
    excuse_days: Days
    effective_from: Instant


class ExcuseBody(msgspec.Struct):
    """What somebody said for themselves, and the answer."""

    id: UUID
    status: ExcuseStatus
    reason: Text
    stated_at: Instant
    answer: str
    answered_at: datetime | None

    @classmethod
    def of(cls, excuse: Excuse) -> "ExcuseBody":
        """Return what a program sees of an excuse."""
        said = (excuse.status, excuse.reason, excuse.stated_at, excuse.answer, excuse.answered_at)
        return cls(excuse.public_id, *said)


class NoShowBody(msgspec.Struct):
    """A shift that the caller did not come to; only what stands counts."""

    id: UUID
    assignment: Reference
    starts: Instant
    recorded_at: Instant
    standing: bool
    excuse_until: Instant
    excuse: ExcuseBody | None


class BarBody(msgspec.Struct):
    """What follows from no-shows, and until when."""

    consequence: Consequence
    missed: Times
    until: Instant


class RecordBody(msgspec.Struct):
    """The caller's no-shows, and what follows from them now."""

    no_shows: list[NoShowBody]
    bar: BarBody | None


class ReasonBody(msgspec.Struct):
    """Why one did not come."""

    reason: Text


class StatedBody(msgspec.Struct):
    """An excuse that waits for the station's answer."""

    name: Annotated[str, msgspec.Meta(examples=["王芳"])]
    assignment: Reference
    excuse: ExcuseBody


class AnswerBody(msgspec.Struct):
    """Whether the excuse counts, and why."""

    verdict: Verdict
    answer: Text


class CreatedBody(msgspec.Struct):
    """The id of an excuse, for taking it back."""

    id: UUID


@get("/no-show-rule", guards=[public], summary="Read the rule about no-shows")
async def read_rule() -> RuleBody:
    """Return the rule in force."""
    rule = await queries.rule_now()
    if rule is None:
        raise NotFound
    return RuleBody(**{name: getattr(rule, name) for name in RuleBody.__struct_fields__})


@get("/no-shows", guards=[VOLUNTEER], summary="List one's own no-shows")
async def list_no_shows(principal: CurrentPrincipal) -> RecordBody:
    """Return what was recorded about the caller, the latest first, and what follows now."""
    rows, bar = await queries.my_no_shows(principal), await queries.my_bar(principal)
    told = [
        NoShowBody(
            *(row.public_id, row.reference, row.starts, row.recorded_at, row.standing, row.excuse_until),
            ExcuseBody.of(row.excuse) if row.excuse else None,
        )
        for row in rows
    ]
    return RecordBody(told, BarBody(bar.consequence, bar.missed, bar.until) if bar else None)


@post("/no-shows/{public_id:uuid}/excuse", guards=[VOLUNTEER], summary="Say why one did not come")
async def create_excuse(
    public_id: FromPath[UUID], data: JSONBody[ReasonBody], principal: CurrentPrincipal
) -> CreatedBody:
    """State an excuse, within the rule's days."""
    return CreatedBody(await service.state_excuse(principal, public_id, data.reason))


@delete("/excuses/{public_id:uuid}", guards=[VOLUNTEER], summary="Take an excuse back")
async def delete_excuse(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Take back an excuse that nobody has answered."""
    await service.withdraw_excuse(principal, public_id)


@get("/excuses", guards=[STAFF], summary="List excuses that wait for an answer")
async def list_excuses(principal: CurrentPrincipal) -> list[StatedBody]:
    """Return the excuses at the caller's places, the oldest first."""
    return [
        StatedBody(one.name, one.reference, ExcuseBody.of(one.excuse))
        for one in await queries.excuses_to_answer(principal)
    ]


@post("/excuses/{public_id:uuid}/answer", guards=[STAFF], status_code=204, summary="Answer an excuse")
async def answer_excuse(public_id: FromPath[UUID], data: JSONBody[AnswerBody], principal: CurrentPrincipal) -> None:
    """Accept or refuse an excuse, with a reason that the person is told."""
    await service.answer_excuse(principal, public_id, data.verdict, data.answer)
