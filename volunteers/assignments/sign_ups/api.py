"""One's own sign-ups for programs."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, post
from litestar.params import FromPath, FromQuery, JSONBody

from app.core.access import Permission
from app.web.api import Page, page_of
from app.web.guards import CurrentPrincipal, requires
from app.web.pagination import decode_cursor, page_size, sliced
from volunteers.assignments.api import Count, Instant, Reference
from volunteers.assignments.queries import position_id
from volunteers.assignments.rules import Compensation
from volunteers.assignments.sign_ups import queries, service
from volunteers.assignments.sign_ups.queries import MySignUp
from volunteers.assignments.sign_ups.rules import SignUpStatus

VOLUNTEER = requires(Permission.ASSIGNMENT_SIGN_UP)


class WishBody(msgspec.Struct):
    """A position of an assignment that the caller wants."""

    assignment: Reference
    position: Annotated[int, msgspec.Meta(ge=1, examples=[1])] = 1


class TakenBody(msgspec.Struct):
    """The id of a sign-up, for withdrawing."""

    id: UUID


class SignUpBody(msgspec.Struct):
    """One of the caller's sign-ups; ``minutes`` once attendance is confirmed."""

    id: UUID
    status: SignUpStatus
    assignment: Reference
    title_zh: str
    starts: Instant
    ends: Instant
    compensation: Compensation
    minutes: Count | None

    @classmethod
    def of(cls, view: MySignUp) -> "SignUpBody":
        """Return what a program sees of a sign-up."""
        names = ("status", "title_zh", "starts", "ends", "compensation", "minutes")
        return cls(view.public_id, assignment=view.reference, **{name: getattr(view, name) for name in names})


@post("/sign-ups", guards=[VOLUNTEER], summary="Sign up for a position")
async def create_sign_up(data: JSONBody[WishBody], principal: CurrentPrincipal) -> TakenBody:
    """Take a seat for oneself; a refusal names every reason."""
    return TakenBody(await service.sign_up(principal, await position_id(data.assignment, data.position)))


@get("/sign-ups", guards=[VOLUNTEER], summary="List one's own sign-ups")
async def list_sign_ups(
    principal: CurrentPrincipal, cursor: FromQuery[str | None] = None, limit: FromQuery[int | None] = None
) -> Page[SignUpBody]:
    """List the caller's sign-ups, the latest first, those given back included."""
    size = page_size(limit)
    rows = await queries.my_sign_ups(principal, decode_cursor(cursor, tuple[datetime, UUID]), size + 1)
    return page_of(sliced(rows, lambda row: (row.starts, row.public_id), size), SignUpBody.of)


@delete("/sign-ups/{public_id:uuid}", guards=[VOLUNTEER], summary="Withdraw from a sign-up")
async def withdraw_sign_up(public_id: FromPath[UUID], principal: CurrentPrincipal) -> None:
    """Give a seat back before the assignment starts."""
    await service.withdraw(principal, public_id)
