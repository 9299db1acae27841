"""What a person on a shift reports about the place, when, and how it is answered.

A host organization sees to the conditions and the safety of voluntary service (志愿服务条例 art. 16, 17 †).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.errors import DomainError, InvalidInput
from app.core.text import N_, Message

LONGEST = 300
BEFORE, AFTER = timedelta(hours=1), timedelta(hours=24)
"""From an hour before the shift until a day after it; the database keeps the same times."""


class TroubleKind(StrEnum):
    """What is wrong."""

    CLOSED = "closed"
    NOBODY = "nobody"
    UNSAFE = "unsafe"
    OTHER = "other"


class TroubleStatus(StrEnum):
    """Told, and answered."""

    OPEN = "open"
    ANSWERED = "answered"


class TroubleEvent(StrEnum):
    """What the coordinator does."""

    ANSWER = "answer"


TRANSITIONS: dict[tuple[TroubleStatus, TroubleEvent], TroubleStatus] = {
    (TroubleStatus.OPEN, TroubleEvent.ANSWER): TroubleStatus.ANSWERED,
}
STATUS_NAMES: Mapping[TroubleStatus, str] = {
    TroubleStatus.OPEN: N_("待处理"),
    TroubleStatus.ANSWERED: N_("已答复"),
}
KIND_NAMES: Mapping[TroubleKind, str] = {
    TroubleKind.CLOSED: N_("站点没开门"),
    TroubleKind.NOBODY: N_("没有人接待我"),
    TroubleKind.UNSAFE: N_("不安全"),
    TroubleKind.OTHER: N_("别的情况"),
}


class ReportedAlready(DomainError):
    """The same thing is told once for a shift."""

    code, status, message = "reported_already", 409, N_("这件事你已经报告过，协调员会答复你。")


class NotTheTime(DomainError):
    """A report is about a shift that is on, about to begin or just over."""

    code, status = "not_the_time", 409
    message = N_("只能在任务开始前 1 小时到结束后 24 小时之间报告。急事请打站点电话。")


class AboutOneself(DomainError):
    """A second party answers."""

    code, status, message = "own_trouble", 409, N_("这是你自己报告的，请由另一位协调员答复。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "trouble_once": ReportedAlready,
    "trouble_in_time": NotTheTime,
    "trouble_second_party": AboutOneself,
}


def checked(kind: TroubleKind, words: str) -> str:
    """Return what was said about it; what has no name of its own needs words."""
    said = words.strip()
    if len(said) > LONGEST or (kind is TroubleKind.OTHER and not said):
        raise InvalidInput({"words": Message(N_("请写清楚是什么情况，最多 300 字。"))})
    return said


def checked_answer(answer: str) -> str:
    """Return the answer, or refuse one that says nothing or too much."""
    said = answer.strip()
    if not said or len(said) > LONGEST:
        raise InvalidInput({"answer": Message(N_("请写怎么处理的，最多 300 字。本人会收到。"))})
    return said


def may_report(starts: datetime, ends: datetime, now: datetime) -> bool:
    """Tell whether it is the time to report about a shift."""
    return starts - BEFORE <= now <= ends + AFTER
