"""Messages to everybody on a shift, for programs."""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.access import Permission
from app.web.guards import CurrentPrincipal, requires
from volunteers.assignments.api import Instant
from volunteers.assignments.messages import queries, service
from volunteers.assignments.messages.controllers import STAFF
from volunteers.assignments.messages.rules import LONGEST

Body = Annotated[str, msgspec.Meta(max_length=LONGEST, examples=["今天改走东门，带上工作证。"])]
READS = requires(Permission.ASSIGNMENT_SIGN_UP, Permission.ATTENDANCE_CONFIRM, Permission.ASSIGNMENT_PUBLISH)


class MessageBody(msgspec.Struct):
    """What to say, and whether those who wait or ask for a seat hear it too."""

    body: Body
    to_waiting: bool = False


class SentBody(msgspec.Struct):
    """How many people it went to."""

    people: Annotated[int, msgspec.Meta(ge=1, examples=[4])]


class SaidBody(msgspec.Struct):
    """A message that was sent."""

    body: Body
    author: Annotated[str, msgspec.Meta(examples=["北山街道站点"])]
    people: Annotated[int, msgspec.Meta(ge=1, examples=[4])]
    to_waiting: bool
    sent_at: Instant


@get("/assignments/{reference:str}/messages", guards=[READS], summary="List a station's messages about an assignment")
async def list_messages(reference: FromPath[str], principal: CurrentPrincipal) -> list[SaidBody]:
    """Return the messages, the latest first: all to the station, to a volunteer those that were sent to them."""
    return [
        SaidBody(one.body, one.author, one.people, one.to_waiting, one.sent_at)
        for one in await queries.readable(principal, reference)
    ]


@post("/assignments/{reference:str}/messages", guards=[STAFF], summary="Write to everybody on an assignment")
async def create_message(
    reference: FromPath[str], data: JSONBody[MessageBody], principal: CurrentPrincipal
) -> SentBody:
    """Send a message to everybody with a seat; at most five about an assignment on one day."""
    return SentBody(await service.write_to_everybody(principal, reference, data.body, to_waiting=data.to_waiting))
