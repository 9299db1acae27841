"""A station's regulars for programs."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, put
from litestar.params import FromPath, JSONBody

from app.core.errors import NotFound
from app.web.guards import CurrentPrincipal
from volunteers.assignments.api import Instant
from volunteers.assignments.regulars import queries, service
from volunteers.assignments.regulars.controllers import DESK
from volunteers.assignments.rosters.queries import chosen, my_stations


class ComerEntry(msgspec.Struct):
    """Somebody who comes to a station; regulars sign up before everybody else."""

    person: UUID
    name: Annotated[str, msgspec.Meta(examples=["王芳"])]
    times: Annotated[int, msgspec.Meta(ge=0, examples=[5])]
    last: Instant | None
    marked: bool
    regular: bool
    weekdays: Annotated[list[int], msgspec.Meta(description="The days kept for them; Monday is 0", examples=[[1, 3]])]


class KeptWeekdays(msgspec.Struct):
    """The weekdays that are kept for somebody; Monday is 0, none named: any day."""

    weekdays: Annotated[list[Annotated[int, msgspec.Meta(ge=0, le=6)]], msgspec.Meta(max_length=7, examples=[[1]])]


@get("/stations/{station:int}/regulars", guards=[DESK], summary="List who comes to a station")
async def list_regulars(station: FromPath[int], principal: CurrentPrincipal) -> list[ComerEntry]:
    """Return who came in the last half year, the regulars first."""
    found = chosen(await my_stations(principal), station)
    if found is None:
        raise NotFound
    return [
        ComerEntry(
            row.public_id, row.name, row.times, row.last, row.marked_at is not None, row.regular, list(row.weekdays)
        )
        for row in await queries.comers(found)
    ]


@put("/stations/{station:int}/regulars/{person:uuid}", guards=[DESK], status_code=204, summary="Mark a regular")
async def put_regular(station: FromPath[int], person: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Make somebody who has come a regular."""
    await service.mark(principal, station, person)


@put(
    "/stations/{station:int}/regulars/{person:uuid}/weekdays",
    guards=[DESK],
    status_code=204,
    summary="Keep weekdays for somebody",
)
async def put_weekdays(
    station: FromPath[int], person: FromPath[UUID], data: JSONBody[KeptWeekdays], principal: CurrentPrincipal
) -> None:
    """Mark somebody as the regular of these weekdays; the week's plan sends them on those days before others."""
    await service.keep_weekdays(principal, station, person, data.weekdays)


@delete("/stations/{station:int}/regulars/{person:uuid}", guards=[DESK], summary="Take a mark away")
async def delete_regular(station: FromPath[int], person: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Take the mark away; who came often stays a regular by that."""
    await service.unmark(principal, station, person)
