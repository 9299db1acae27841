"""What a station repeats: on which days, at what time, with which seats, and which days fall out.

Public holidays and the weekends worked in exchange are those that the State Council announces each year
(全国年节及纪念日放假办法, 国务院令第795号); offices keep the other days of the week.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from app.core import clock
from app.core.calendar import Calendar
from app.core.errors import DomainError
from app.core.text import N_, Message
from volunteers.assignments.rules import (
    BRIEFING,
    LONGEST,
    AssignmentDraft,
    Compensation,
    Kind,
    PositionDraft,
    SignUpMode,
    is_phone,
    positions_fault,
)

MOST_WEEKS = 12
MINUTES_PER_DAY = 1440
MOST_REGULARS_HOURS = 720


class Holidays(StrEnum):
    """Whether a public holiday falls out."""

    SKIP = "skip"
    KEEP = "keep"


class PatternStatus(StrEnum):
    """Whether a pattern makes shifts."""

    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class PatternEvent(StrEnum):
    """What the station decides about it; the shifts it has made stay."""

    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


TRANSITIONS: dict[tuple[PatternStatus, PatternEvent], PatternStatus] = {
    (PatternStatus.ACTIVE, PatternEvent.PAUSE): PatternStatus.PAUSED,
    (PatternStatus.ACTIVE, PatternEvent.END): PatternStatus.ENDED,
    (PatternStatus.PAUSED, PatternEvent.RESUME): PatternStatus.ACTIVE,
    (PatternStatus.PAUSED, PatternEvent.END): PatternStatus.ENDED,
}
STATUS_NAMES: Mapping[PatternStatus, str] = {
    PatternStatus.ACTIVE: N_("在用"),
    PatternStatus.PAUSED: N_("已暂停"),
    PatternStatus.ENDED: N_("已结束"),
}
EVENT_NAMES: Mapping[PatternEvent, str] = {
    PatternEvent.PAUSE: N_("暂停"),
    PatternEvent.RESUME: N_("恢复"),
    PatternEvent.END: N_("结束"),
}
HOLIDAY_NAMES: Mapping[Holidays, str] = {
    Holidays.SKIP: N_("法定节假日不排班"),
    Holidays.KEEP: N_("法定节假日照常"),
}


class PatternRefused(DomainError):
    """The pattern is not in order; ``fields`` names what."""

    code, status, message = "pattern_refused", 422, N_("有内容需要修改，请看标出的位置。")


class PatternResting(DomainError):
    """A pattern that was paused or has ended makes no shifts."""

    code, status, message = "pattern_resting", 409, N_("这个排班规律已暂停或结束，不再生成班次。")


@dataclass(frozen=True, slots=True)
class PatternDraft:
    """A pattern as it is stated: weekday 0 is Monday, minutes are of Hangzhou's day."""

    kind: Kind
    title_zh: str
    place_id: int
    station_id: int
    weekdays: tuple[int, ...]
    from_minute: int
    minutes: int
    valid_from: date
    compensation: Compensation
    insured: bool
    positions: tuple[PositionDraft, ...]
    valid_until: date | None = None
    holidays: Holidays = Holidays.SKIP
    exchanged_days: bool = False
    skipped_days: tuple[date, ...] = ()
    weeks_ahead: int = 4
    title_en: str = ""
    continuity: bool = False
    sign_up_mode: SignUpMode = SignUpMode.INSTANT
    regulars_hours: int | None = None
    contact_name: str = ""
    contact_phone: str = ""
    meeting_point_zh: str = ""
    meeting_point_en: str = ""
    questions_zh: str = ""
    questions_en: str = ""
    limits_zh: str = ""
    limits_en: str = ""
    briefing_zh: str = ""
    briefing_en: str = ""

    def at(self, day: date) -> tuple[datetime, datetime]:
        """Return when the shift of a day begins and ends."""
        starts = clock.at_local(day, time(self.from_minute // 60, self.from_minute % 60))
        return starts, starts + timedelta(minutes=self.minutes)


def is_held(pattern: PatternDraft, day: date, calendar: Calendar) -> bool:
    """Tell whether the pattern has a shift on the day."""
    if day < pattern.valid_from or (pattern.valid_until is not None and day > pattern.valid_until):
        return False
    if day in pattern.skipped_days:
        return False
    worked = calendar.exceptions.get(day)
    if worked is False and pattern.holidays is Holidays.SKIP:
        return False
    return day.weekday() in pattern.weekdays or (worked is True and pattern.exchanged_days)


def days_between(pattern: PatternDraft, first: date, last: date, calendar: Calendar) -> list[date]:
    """Return the days from the first to the last, both included, on which the pattern has a shift."""
    span = (first + timedelta(days=step) for step in range((last - first).days + 1))
    return [day for day in span if is_held(pattern, day, calendar)]


def shift_on(pattern_id: int, pattern: PatternDraft, day: date) -> AssignmentDraft:
    """Return the shift that a pattern makes for a day."""
    starts, ends = pattern.at(day)
    same = ("kind", "title_zh", "title_en", "place_id", "station_id", "compensation", "insured", "positions")
    return AssignmentDraft(
        **{name: getattr(pattern, name) for name in (*same, "continuity", "sign_up_mode", *BRIEFING)},
        starts=starts,
        ends=ends,
        regulars_until=starts - timedelta(hours=pattern.regulars_hours) if pattern.regulars_hours else None,
        pattern_id=pattern_id,
        pattern_day=day,
    )


def faults(pattern: PatternDraft) -> dict[str, Message]:
    """Return what keeps a pattern from being stored, by field."""
    found: dict[str, Message] = {}
    if not pattern.title_zh.strip():
        found["title_zh"] = Message(N_("请填写任务名称。"))
    if not pattern.weekdays or not set(pattern.weekdays) <= set(range(7)):
        found["weekdays"] = Message(N_("请至少选一天。"))
    if not 0 <= pattern.from_minute < MINUTES_PER_DAY:
        found["starts"] = Message(N_("请填写有效的日期或时间。"))
    if not 0 < pattern.minutes <= LONGEST.total_seconds() // 60:
        found["ends"] = Message(N_("一个班次最长 12 小时。"))
    if pattern.valid_until is not None and pattern.valid_until < pattern.valid_from:
        found["valid_until"] = Message(N_("结束日期不能早于开始日期。"))
    if not 1 <= pattern.weeks_ahead <= MOST_WEEKS:
        found["weeks_ahead"] = Message(N_("请填 1 到 12 周。"))
    if pattern.regulars_hours is not None and not 1 <= pattern.regulars_hours <= MOST_REGULARS_HOURS:
        found["regulars_hours"] = Message(N_("请填 1 到 720 小时。"))
    if not is_phone(pattern.contact_phone):
        found["contact_phone"] = Message(N_("联系电话只写数字、空格和横线。"))
    if positions := positions_fault(pattern.kind, pattern.positions):
        found["positions"] = positions
    return found
