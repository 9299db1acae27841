"""The code of a shift and when it counts.

Six digits that change every 30 seconds (RFC 6238 with HMAC-SHA-256, truncated by RFC 4226 section 5.3), so that the
telephone computes them without a network and a photograph of them is worth nothing half a minute later. The secret
belongs to one sign-up and opens nothing outside its shift.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.accounts.rules import Limit
from app.core import clock
from app.core.errors import DomainError
from app.core.text import N_
from volunteers.attendance.rules import EARLIEST_BEFORE, LATEST_AFTER, OwnAttendance

STEP_SECONDS = 30
DRIFT_STEPS = 1
DIGITS = 6
SECRET_BYTES = 20
SETTLING = timedelta(minutes=10)
"""So soon after arriving nobody leaves by code: a second tap is a slip of the finger."""

CODES_PER_CLERK = Limit(60, timedelta(minutes=5))
_SHOWN = re.compile(r"(?:.*[?&]c=)?(?:(?P<sign_up>[0-9a-f-]{36})\.)?(?P<digits>\d{6})")


class Moment(StrEnum):
    """Coming and going."""

    IN = "in"
    OUT = "out"


MOMENT_NAMES: Mapping[Moment, str] = {Moment.IN: N_("已签到"), Moment.OUT: N_("已签退")}


class CodeUnreadable(DomainError):
    """What was typed is no code."""

    code, status, message = "code_unreadable", 422, N_("请输入对方手机上的 6 位数字。")


class CodeUnknown(DomainError):
    """No shift of this station shows such a code now."""

    code, status = "code_unknown", 422
    message = N_("没有对上。数字每 30 秒会变，请看着对方手机再输一次；还不行，就在下面的名单里点名字。")


class CodeUsed(DomainError):
    """A code is good for one time."""

    code, status, message = "code_used", 409, N_("这个码刚用过。等数字变了再输。")


class CodeAmbiguous(DomainError):
    """Two people show the same digits by chance."""

    code, status, message = "code_ambiguous", 409, N_("有两个人的数字碰巧一样。等数字变了再输，或在下面点名字。")


class NotTheTime(DomainError):
    """A shift's code works from an hour before it until three hours after."""

    code, status, message = "not_the_time", 409, N_("现在不能签到。开始前 1 小时到结束后 3 小时之间才行。")


class NotArrived(DomainError):
    """Nobody goes who has not come."""

    code, status, message = "not_arrived", 409, N_("还没有签到，不能签退。")


class AlreadyLeft(DomainError):
    """Who left has left; the station writes other times when it confirms."""

    code, status, message = "already_left", 409, N_("已经签退了。时间不对的话，请在确认到场时改。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "check_in_second_party": OwnAttendance,
    "check_in_in_time": NotTheTime,
    "check_in_code_once": CodeUsed,
    "check_in_once": AlreadyLeft,
    "check_in_before_out": NotArrived,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a phone shows: digits, and in the picture also whose they are."""

    digits: str
    sign_up: UUID | None


def read(typed: str) -> Shown:
    """Return what was typed or scanned: six digits, with spaces or not, or the picture's whole address."""
    found = _SHOWN.fullmatch(re.sub(r"\s", "", typed.lower()))
    if found is None:
        raise CodeUnreadable
    try:
        return Shown(found["digits"], UUID(found["sign_up"]) if found["sign_up"] else None)
    except ValueError:
        raise CodeUnreadable from None


def step_of(instant: datetime) -> int:
    """Return the number of the 30 seconds that an instant lies in."""
    return int(instant.timestamp()) // STEP_SECONDS


def digits_of(secret: bytes, step: int) -> str:
    """Return the six digits of a secret in a step."""
    mac = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha256).digest()
    offset = mac[-1] & 15
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_of_code(secret: bytes, digits: str, now: datetime) -> int | None:
    """Return the step around now in which the secret shows the digits, the latest first; None if it does not."""
    here = step_of(now)
    steps: Iterable[int] = range(here + DRIFT_STEPS, here - DRIFT_STEPS - 1, -1)
    return next((step for step in steps if hmac.compare_digest(digits_of(secret, step), digits)), None)


def counts_at(starts: datetime, ends: datetime, now: datetime) -> bool:
    """Tell whether a shift's code opens anything."""
    return starts - EARLIEST_BEFORE <= now <= ends + LATEST_AFTER


def shown_at(starts: datetime, ends: datetime, now: datetime) -> bool:
    """Tell whether the person's page carries the code: on the day, so that it is there when the network is not."""
    return clock.local(starts).date() == clock.local(now).date() or counts_at(starts, ends, now)


def minutes_late(starts: datetime, arrived: datetime) -> int:
    """Return the whole minutes by which somebody came late."""
    return max(0, int((arrived - starts).total_seconds()) // 60)


def next_moment(
    arrived: datetime | None, left: datetime | None, now: datetime, wanted: Moment | None = None
) -> Moment | None:
    """Return what is written down: coming, going, or nothing (who has come comes once more).

    A button says which it means; a code (``wanted`` is None) means what is next.
    """
    if left is not None:
        raise AlreadyLeft
    if arrived is None:
        if wanted is Moment.OUT:
            raise NotArrived
        return Moment.IN
    slip = wanted is None and now - arrived < SETTLING
    return None if slip or wanted is Moment.IN else Moment.OUT
