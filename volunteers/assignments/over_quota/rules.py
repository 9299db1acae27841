"""When somebody may be added beyond the quota, and when they may be moved into a seat.

Capacity is what protects the people on a shift (志愿服务条例 art. 16: work that fits those who do it, in safety); going
beyond it is somebody's decision, never an accident, and it says who decided and why.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from app.core.errors import DomainError
from app.core.text import N_
from volunteers.assignments.sign_ups.eligibility import Candidate, Reasons, Seat, reasons_against
from volunteers.assignments.sign_ups.rules import Origin

LONGEST_REASON = 200


class SeatsFree(DomainError):
    """Within the quota nobody needs to be added beyond it."""

    code, status, message = "seats_free", 409, N_("这个岗位还有空位，不用超额，请本人直接报名或从名单导入。")


class ReasonForAddingMissing(DomainError):
    """Whoever looks at the shift later sees why there were more people than seats."""

    code, status, message = "reason_for_adding_missing", 422, N_("请写明为什么要超额加人。")


class NotOneself(DomainError):
    """Nobody waives a limit for themselves."""

    code, status, message = "not_oneself", 403, N_("不能给自己超额加名额，请让同事来加。")


class NoSeatFree(DomainError):
    """There is nothing to move into."""

    code, status, message = "no_seat_free", 409, N_("还没有空出名额，不能转为正式。")


class NotOverQuota(DomainError):
    """The person has a seat already, or is no longer on the shift."""

    code, status, message = "not_over_quota", 409, N_("这一位不是超额的，或已经不在这个任务上。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {"over_quota_second_party": NotOneself}


def reasons_to_refuse(seat: Seat, person: Candidate, now: datetime) -> Reasons:
    """Return what keeps a person from coming beyond the quota: every rule but that a seat must be free."""
    beyond = replace(seat, free=1, status="open" if seat.status == "closed" else seat.status)
    return reasons_against(beyond, person, now, Origin.OVER_QUOTA)
