"""One's own hours for programs."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.params import FromQuery

from app.web.guards import CurrentPrincipal
from app.web.pagination import PAGE, decode_cursor, sliced
from volunteers.assignments.api import Instant, Reference
from volunteers.hours import queries
from volunteers.hours.controllers import VOLUNTEER

Minutes = Annotated[int, msgspec.Meta(examples=[120])]
Sha256 = Annotated[str, msgspec.Meta(examples=["5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"])]


class HoursEntryBody(msgspec.Struct):
    """One entry of the chain; a correction has negative or positive minutes and a reason."""

    number: Annotated[int, msgspec.Meta(examples=[1])]
    kind: Annotated[str, msgspec.Meta(examples=["credit"])]
    minutes: Minutes
    reason: Annotated[str, msgspec.Meta(examples=[""])]
    sign_up: UUID
    assignment: Reference
    work: Annotated[str, msgspec.Meta(examples=["duty"])]
    arrived_at: Instant
    left_at: Instant
    confirmed_at: Instant
    station: Annotated[str, msgspec.Meta(examples=["文晖街道公共法律服务站"])]
    sha256: Sha256


class HoursBody(msgspec.Struct):
    """What the caller's hours add up to, and a page of entries, the latest first."""

    minutes: Minutes
    services: Annotated[int, msgspec.Meta(examples=[1])]
    years: Annotated[dict[str, int], msgspec.Meta(examples=[{"2026": 120}])]
    entries: list[HoursEntryBody]
    next_cursor: Annotated[str | None, msgspec.Meta(examples=[None])]


@get("/hours", guards=[VOLUNTEER], summary="List one's volunteer hours")
async def list_hours(principal: CurrentPrincipal, cursor: FromQuery[str | None] = None) -> HoursBody:
    """Return the caller's hours; each entry's hash covers the one before it."""
    found = await queries.my_hours(principal, decode_cursor(cursor, int), PAGE + 1)
    part = sliced(found.entries, key=lambda entry: entry.number)
    years = {str(year): minutes for year, minutes in found.years.items()}
    return HoursBody(found.minutes, found.services, years, [_body(entry) for entry in part.items], part.next_cursor)


def _body(entry: queries.Entry) -> HoursEntryBody:
    return HoursEntryBody(
        *(entry.number, entry.kind, entry.minutes, entry.reason, entry.sign_up, entry.reference, entry.work),
        *(entry.arrived_at, entry.left_at, entry.confirmed_at, entry.station_zh, entry.entry_sha256.hex()),
    )
