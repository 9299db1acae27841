"""Days away and extra hours for programs."""

from datetime import date, time
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, JSONBody

from app.core import clock
from app.core.errors import InvalidInput
from app.core.text import N_, Message
from app.web.guards import CurrentPrincipal
from volunteers.assignments.api import Instant
from volunteers.people.exceptions import queries, rules, service
from volunteers.people.exceptions.controllers import VOLUNTEER
from volunteers.people.exceptions.rules import ExceptionKind, Stretch

Day = Annotated[date, msgspec.Meta(examples=["2027-02-03"])]


class ExceptionBody(msgspec.Struct):
    """Away from ``from_day`` to ``until_day``, both included; or free on ``from_day`` between two times of day."""

    kind: ExceptionKind
    from_day: Day
    until_day: Day | None = None
    begins: Annotated[time, msgspec.Meta(examples=["09:00:00"])] | None = None
    stops: Annotated[time, msgspec.Meta(examples=["12:00:00"])] | None = None

    def stretch(self) -> Stretch:
        """Return the same as the service takes it."""
        if self.kind is ExceptionKind.AWAY:
            return rules.away(self.from_day, self.until_day or self.from_day, clock.now())
        if self.begins is None or self.stops is None:
            raise InvalidInput({"begins": Message(N_("请填写从几点到几点。"))})
        return rules.free(self.from_day, self.begins, self.stops, clock.now())


class ExceptionCreated(msgspec.Struct):
    """The exception's id, and how many of the caller's seats lie in days away: they stay until given back."""

    id: UUID
    seats: Annotated[int, msgspec.Meta(ge=0, examples=[0])]


class ExceptionEntry(msgspec.Struct):
    """One exception of the caller's."""

    id: UUID
    kind: ExceptionKind
    starts: Instant
    ends: Instant


@post("/people/me/exceptions", guards=[VOLUNTEER], summary="Be away, or free once more")
async def create_exception(data: JSONBody[ExceptionBody], principal: CurrentPrincipal) -> ExceptionCreated:
    """Say that some days or hours depart from the weekly windows."""
    said = await service.say(principal, data.stretch())
    return ExceptionCreated(said.public_id, said.seats)


@get("/people/me/exceptions", guards=[VOLUNTEER], summary="List one's exceptions")
async def list_exceptions(principal: CurrentPrincipal) -> list[ExceptionEntry]:
    """List what is not over, the soonest first."""
    return [ExceptionEntry(one.public_id, one.kind, one.starts, one.ends) for one in await queries.ahead(principal)]


@delete("/people/me/exceptions/{public_id:uuid}", guards=[VOLUNTEER], summary="Take an exception back")
async def delete_exception(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Forget an exception of the caller's."""
    await service.take_back(principal, public_id)
