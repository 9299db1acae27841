"""What one can be on stand-by for, and what keeps somebody from it.

A stand-by takes no seat and promises nothing but an ear: whoever is called may still say no. So it may overlap with
other stand-bys, and what will be full or far off that day is weighed when they are called.
"""

from collections.abc import Mapping
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_
from volunteers.assignments.sign_ups.eligibility import Reasons
from volunteers.assignments.sign_ups.rules import Reason


class StandByStatus(StrEnum):
    """Ready to be called, or not any more."""

    READY = "ready"
    ENDED = "ended"


class StandByEvent(StrEnum):
    """What the person does."""

    END = "end"


TRANSITIONS: dict[tuple[StandByStatus, StandByEvent], StandByStatus] = {
    (StandByStatus.READY, StandByEvent.END): StandByStatus.ENDED,
}
STATUS_NAMES: Mapping[StandByStatus, str] = {
    StandByStatus.READY: N_("随时可叫"),
    StandByStatus.ENDED: N_("已取消替补"),
}
PARTS: Mapping[str, tuple[int, int]] = {"am": (0, 720), "pm": (720, 1080), "eve": (1080, 1440), "day": (0, 1440)}
"""Parts of a day in minutes since midnight; a shift is of a part if it lies wholly within."""

PART_NAMES: Mapping[str, str] = {"day": N_("全天"), "am": N_("上午"), "pm": N_("下午"), "eve": N_("晚上")}


class AlreadyOnStandBy(DomainError):
    """The same person, for the same shift or the same part of the week."""

    code, status, message = "already_on_stand_by", 409, N_("你已经是这里的替补了。")


class TooFarAway(DomainError):
    """The station lies beyond what the person said they travel."""

    code, status, message = (
        "station_too_far",
        409,
        N_("这个站点超出你愿意去的距离。请在我的资料里改距离，或选近一点的站点。"),
    )


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "stand_by_once_a_shift": AlreadyOnStandBy,
    "stand_by_once_a_week": AlreadyOnStandBy,
}


def against(reasons: Reasons) -> Reasons:
    """Return what keeps a person from being on stand-by: all but that no seat is free, or is the station's to give."""
    given = (Reason.SEATS_TAKEN, Reason.ASK_FIRST, Reason.REGULARS_FIRST)
    return {reason: text for reason, text in reasons.items() if reason not in given}


def part_of(from_minute: int, to_minute: int) -> str:
    """Return the name of a part of the day."""
    return next((part for part, span in PARTS.items() if span == (from_minute, to_minute)), "day")
