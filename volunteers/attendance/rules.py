"""Who came, as a second party confirms it: nobody credits hours alone, nothing is confirmed before it happened.

A volunteer record states the work, its time and place truthfully (志愿服务记录与证明出具办法（试行）, 民政部令第67号,
art. 5-7). Only unpaid work earns hours (志愿服务条例 art. 2); work that is subsidised has its claim instead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.core.errors import DomainError
from app.core.text import N_

EARLIEST_BEFORE = timedelta(hours=1)
LATEST_AFTER = timedelta(hours=3)
MOST_SERVED = 2000


class Outcome(StrEnum):
    """What the station saw."""

    ATTENDED = "attended"
    ABSENT = "absent"


OUTCOME_NAMES: Mapping[Outcome, str] = {Outcome.ATTENDED: N_("到场"), Outcome.ABSENT: N_("未到")}


class NotStarted(DomainError):
    """Nobody can have come to what has not begun."""

    code, status, message = "not_started", 409, N_("任务还没有开始，不能确认到场情况。")


class NotOver(DomainError):
    """Hours are confirmed once they have been worked."""

    code, status, message = "not_over", 409, N_("任务还没有结束。如果有人提前离开，请写上实际离开的时间。")


class TimesImplausible(DomainError):
    """The times lie outside the shift and what may reasonably surround it."""

    code, status = "times_implausible", 422
    message = N_("到场和离开时间不合理：最多比班次早 1 小时到、晚 3 小时走，离开要晚于到场。")


class OwnAttendance(DomainError):
    """A second party confirms; never oneself."""

    code, status, message = "own_attendance", 409, N_("不能确认自己的到场情况，请站点另一位工作人员确认。")


@dataclass(frozen=True, slots=True)
class Presence:
    """What the station says about one sign-up; what it leaves out comes from check-in and log, else from the shift."""

    sign_up: UUID
    outcome: Outcome
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    people_served: int | None = None

    def completed(self, starts: datetime, ends: datetime, came: datetime | None, went: datetime | None) -> "Presence":
        """Return the same with the times at which the person was seen; who comes early begins with the shift."""
        if self.outcome is Outcome.ABSENT:
            return self
        return replace(
            self,
            arrived_at=self.arrived_at or (came and max(came, starts)),
            left_at=self.left_at or (went and min(went, ends)),
        )


@dataclass(frozen=True, slots=True)
class Stay:
    """From when to when a person was there; nothing for who did not come."""

    arrived_at: datetime | None = None
    left_at: datetime | None = None
    minutes: int = 0


def stay_of(presence: Presence, starts: datetime, ends: datetime, now: datetime) -> Stay:
    """Return the time worked, in whole minutes, or refuse what cannot have been."""
    if now < starts:
        raise NotStarted
    if not 0 <= (presence.people_served or 0) <= MOST_SERVED:
        raise TimesImplausible
    if presence.outcome is Outcome.ABSENT:
        return Stay()
    arrived, left = presence.arrived_at or starts, presence.left_at or ends
    if left > now:
        raise NotOver
    if not starts - EARLIEST_BEFORE <= arrived < left <= ends + LATEST_AFTER:
        raise TimesImplausible
    return Stay(arrived, left, int((left - arrived).total_seconds()) // 60)
