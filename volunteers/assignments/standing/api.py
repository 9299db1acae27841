"""Coming every week for programs: the person's own, and the station's."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.core.errors import NotFound
from app.web.guards import CurrentPrincipal
from volunteers.assignments.api import Reference
from volunteers.assignments.over_quota.forms import Who
from volunteers.assignments.patterns.queries import pattern as find_pattern
from volunteers.assignments.sign_ups.rules import Reason, SignUpStatus
from volunteers.assignments.standing import queries, service
from volunteers.assignments.standing.controllers import STAFF, VOLUNTEER
from volunteers.assignments.standing.queries import InTurn, Mine
from volunteers.assignments.standing.rules import StandingEvent, StandingStatus
from volunteers.assignments.standing.service import Weekly

Weekday = Annotated[int, msgspec.Meta(ge=0, le=6, description="0 is Monday", examples=[1])]
Number = Annotated[int, msgspec.Meta(ge=1, examples=[1])]
Day = Annotated[date, msgspec.Meta(examples=["2027-03-01"])]


class WeeklyBody(msgspec.Struct):
    """A shift that comes back every week, its position, and the term."""

    assignment: Reference
    valid_from: Day
    valid_until: Day
    position: Number = 1


class ProposalBody(msgspec.Struct):
    """Whom the station asks, for what, and for which term."""

    who: Annotated[Who, msgspec.Meta(examples=["王芳"])]
    weekday: Weekday
    valid_from: Day
    valid_until: Day
    position: Number = 1


class PauseBody(msgspec.Struct):
    """Days off."""

    first_day: Day
    last_day: Day


class StandingCreated(msgspec.Struct):
    """The id of a standing sign-up."""

    id: UUID


class ShiftEntry(msgspec.Struct):
    """One shift: the state of the seat, or why there is none."""

    assignment: Reference
    status: SignUpStatus | None
    reasons: list[Reason]


class StandingEntry(msgspec.Struct):
    """One's own standing sign-up, or a station's question (``proposed``)."""

    id: UUID
    status: StandingStatus
    weekday: Weekday
    valid_from: Day
    valid_until: Day
    title_zh: str
    shifts: list[ShiftEntry]

    @classmethod
    def of(cls, row: Mine) -> "StandingEntry":
        """Return what a program sees of it."""
        shifts = [ShiftEntry(one.reference, one.status, list(one.reasons)) for one in row.shifts]
        return cls(row.public_id, row.status, row.weekday, row.valid_from, row.valid_until, row.title_zh, shifts)


class TurnEntry(msgspec.Struct):
    """Somebody who comes every week; the list is in the order in which they are seated."""

    id: UUID
    name: str
    position: Number
    weekday: Weekday
    status: StandingStatus
    valid_until: Day

    @classmethod
    def of(cls, row: InTurn) -> "TurnEntry":
        """Return what a program sees of it."""
        return cls(row.public_id, row.name, row.number, row.weekday, row.status, row.valid_until)


@get("/standing", guards=[VOLUNTEER], summary="List one's standing sign-ups")
async def list_standing(principal: CurrentPrincipal) -> list[StandingEntry]:
    """Return what the caller agreed to each week, with what became of it on each shift."""
    return [StandingEntry.of(row) for row in await queries.my_standing(principal)]


@post("/standing", guards=[VOLUNTEER], summary="Come every week")
async def create_standing(data: JSONBody[WeeklyBody], principal: CurrentPrincipal) -> StandingCreated:
    """Agree to come every week on the weekday of a shift that a pattern made."""
    offered = await queries.offered_by(data.assignment, data.position)
    if offered is None:
        raise NotFound
    weekly = Weekly(offered.pattern, data.position, offered.weekday, data.valid_from, data.valid_until)
    return StandingCreated(await service.come_every_week(principal, weekly))


@post("/standing/{public_id:uuid}/agree", guards=[VOLUNTEER], summary="Agree to a station's proposal", status_code=204)
async def agree_standing(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Say yes; shifts that are there are taken at once as far as there is room."""
    await service.answer(principal, public_id, StandingEvent.AGREE)


@post("/standing/{public_id:uuid}/decline", guards=[VOLUNTEER], summary="Decline a proposal", status_code=204)
async def decline_standing(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Say no to a station's proposal."""
    await service.answer(principal, public_id, StandingEvent.DECLINE)


@post("/standing/{public_id:uuid}/pauses", guards=[VOLUNTEER], summary="Take days off", status_code=204)
async def pause_standing(public_id: FromPath[UUID], data: JSONBody[PauseBody], principal: CurrentPrincipal) -> None:
    """Leave some days out; seats already taken are withdrawn one by one."""
    await service.pause(principal, public_id, data.first_day, data.last_day)


@delete("/standing/{public_id:uuid}", guards=[VOLUNTEER], summary="Come no more every week")
async def end_standing(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """End it; seats already taken stay."""
    await service.end(principal, public_id)


@get("/patterns/{public_id:uuid}/standing", guards=[STAFF], summary="List who comes every week")
async def list_turns(public_id: FromPath[UUID], principal: CurrentPrincipal) -> list[TurnEntry]:
    """Return who comes every week to a pattern's shifts, in the order in which they are seated."""
    found = await find_pattern(principal, public_id)
    return [TurnEntry.of(row) for row in await queries.in_turn(found.id)]


@post("/patterns/{public_id:uuid}/standing", guards=[STAFF], summary="Ask somebody to come every week")
async def propose_standing(
    public_id: FromPath[UUID], data: JSONBody[ProposalBody], principal: CurrentPrincipal
) -> StandingCreated:
    """Ask a volunteer; nothing happens until they agree."""
    weekly = Weekly(public_id, data.position, data.weekday, data.valid_from, data.valid_until)
    return StandingCreated(await service.propose(principal, weekly, data.who))
