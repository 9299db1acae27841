"""Checking in for programs: the owner's code, and taking one."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get, post
from litestar.params import FromPath, JSONBody

from app.core.errors import InvalidInput, NotFound
from app.core.text import N_, Message
from app.web.guards import CurrentPrincipal
from volunteers.attendance.checking_in import queries, rules, service
from volunteers.attendance.checking_in.controllers import CONFIRMS, VOLUNTEER
from volunteers.attendance.checking_in.rules import Moment

Instant = Annotated[datetime, msgspec.Meta(tz=True, examples=["2026-11-30T01:02:00Z"])]


class CodeBody(msgspec.Struct):
    """What computes the digits: RFC 6238 with HMAC-SHA-256, 6 digits, 30 seconds; useless outside the shift."""

    secret: Annotated[str, msgspec.Meta(examples=["9f3c0ad1e5b74c2288d1906b7aa1c5d2e3f40516"])]
    digits: Annotated[str, msgspec.Meta(pattern=r"^\d{6}$", examples=["204615"])]
    closes: Instant
    algorithm: str = "SHA256"
    period: int = rules.STEP_SECONDS


class CheckBody(msgspec.Struct):
    """The code on somebody's phone, or the sign-up of who has none with what they do; one of the two."""

    code: Annotated[str, msgspec.Meta(max_length=300, examples=["204615"])] = ""
    sign_up: UUID | None = None
    moment: Moment = Moment.IN


class CheckedBody(msgspec.Struct):
    """Who was seen. ``moment`` is null for somebody who had come just before and showed the code once more."""

    sign_up: UUID
    moment: Moment | None
    name: Annotated[str, msgspec.Meta(examples=["沈一诺"])]
    role_zh: Annotated[str, msgspec.Meta(examples=["律师"])]
    starts: Instant
    arrived_at: Instant | None
    left_at: Instant | None
    minutes_late: Annotated[int, msgspec.Meta(ge=0, examples=[0])]


@get("/sign-ups/{public_id:uuid}/check-in-code", guards=[VOLUNTEER], summary="One's own check-in code")
async def check_in_code(public_id: FromPath[UUID], principal: CurrentPrincipal) -> CodeBody:
    """Return the secret and the digits of one's own shift, on its day."""
    code = queries.code_of(await queries.my_day(principal, public_id))
    if code is None:
        raise NotFound
    return CodeBody(code.secret, code.digits, code.closes)


@post("/check-ins", guards=[CONFIRMS], status_code=200, summary="Check somebody in or out")
async def create_check_in(data: JSONBody[CheckBody], principal: CurrentPrincipal) -> CheckedBody:
    """Take a code, or a name; the first time says that they came, a later one that they go."""
    if bool(data.code) == bool(data.sign_up):
        raise InvalidInput({"code": Message(N_("请给出签到码或报名编号，两者选一。"))})
    if data.sign_up:
        checked = await service.check_by_name(principal, data.sign_up, data.moment)
    else:
        checked = await service.check_by_code(principal, data.code)
    seen = await queries.expected_one(principal, checked.sign_up)
    times = (seen.starts, seen.arrived_at, seen.left_at)
    return CheckedBody(checked.sign_up, checked.moment, seen.name, seen.role_zh, *times, minutes_late=seen.late)
