"""What a finding says in one sentence, and its life: a person looks, and decides with a reason.

A record of voluntary service is truthful, and who keeps it answers for that (志愿服务记录与证明出具办法（试行）,
民政部令第67号). A finding is a question and no verdict: nothing follows from it by itself.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

import msgspec

from app.core.errors import DomainError, InvalidInput, SamePersonRefused
from app.core.text import N_, Message

LONGEST = 300


class FindingKind(StrEnum):
    """What was noticed."""

    TWO_PLACES = "two_places"
    TRAVEL = "travel"
    LONG_DAY = "long_day"
    PERSON_CONFIRMER = "person_confirmer"
    STATION_CONFIRMER = "station_confirmer"
    PAIR = "pair"


class FindingStatus(StrEnum):
    """Open until somebody decides."""

    OPEN = "open"
    DISMISSED = "dismissed"
    CONFIRMED = "confirmed"


class FindingEvent(StrEnum):
    """What somebody decides: there is nothing to it, or there is."""

    DISMISS = "dismiss"
    CONFIRM = "confirm"


TRANSITIONS: dict[tuple[FindingStatus, FindingEvent], FindingStatus] = {
    (FindingStatus.OPEN, FindingEvent.DISMISS): FindingStatus.DISMISSED,
    (FindingStatus.OPEN, FindingEvent.CONFIRM): FindingStatus.CONFIRMED,
}
STATUS_NAMES: Mapping[FindingStatus, str] = {
    FindingStatus.OPEN: N_("待核查"),
    FindingStatus.DISMISSED: N_("查过，没有问题"),
    FindingStatus.CONFIRMED: N_("确有问题"),
}
EVENT_NAMES: Mapping[FindingEvent, str] = {
    FindingEvent.DISMISS: N_("查过，没有问题"),
    FindingEvent.CONFIRM: N_("确有问题"),
}
KIND_NAMES: Mapping[FindingKind, str] = {
    FindingKind.TWO_PLACES: N_("同时在两处"),
    FindingKind.TRAVEL: N_("来不及赶到"),
    FindingKind.LONG_DAY: N_("一天太长"),
    FindingKind.PERSON_CONFIRMER: N_("总由一人确认"),
    FindingKind.STATION_CONFIRMER: N_("全站由一人确认"),
    FindingKind.PAIR: N_("只给对方确认"),
}
_SENTENCES: Mapping[FindingKind, str] = {
    FindingKind.TWO_PLACES: N_("%(name)s 在两个地方的时间重叠了 %(minutes)s 分钟。"),
    FindingKind.TRAVEL: N_(
        "%(name)s 前后两处相距 %(kilometres)s 公里，只隔 %(gap)s 分钟，赶路至少要 %(needed)s 分钟。"
    ),
    FindingKind.LONG_DAY: N_("%(name)s 在 %(day)s 一天记了 %(hours)s 小时。"),
    FindingKind.PERSON_CONFIRMER: N_(
        "%(days)s 天里，%(name)s 的 %(whole)s 小时有 %(hours)s 小时由 %(confirmer)s 一人确认，虽然同事也能确认。"
    ),
    FindingKind.STATION_CONFIRMER: N_(
        "%(days)s 天里，%(station)s 的 %(whole)s 小时有 %(hours)s 小时由 %(confirmer)s 一人确认，虽然同事也能确认。"
    ),
    FindingKind.PAIR: N_(
        "%(days)s 天里，%(confirmer)s 只给 %(name)s 一人确认，%(name)s 也只由 %(confirmer)s 确认，共 %(times)s 次。"
    ),
}


class DecidedAboutOneself(SamePersonRefused):
    """Whom a finding is about leaves it to somebody else."""

    code, message = "decided_about_oneself", N_("这条和你有关，请由另一位协调员核查。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {"finding_second_party": DecidedAboutOneself}


class Evidence(msgspec.Struct, frozen=True):
    """The sign-ups that show it, and the figures of its kind."""

    sign_ups: tuple[int, ...]
    minutes: int = 0
    whole: int = 0
    days: int = 0
    times: int = 0
    metres: int = 0
    gap: int = 0
    needed: int = 0
    day: date | None = None


def sentence(kind: FindingKind, evidence: Evidence, name: str, confirmer: str, station: str) -> Message:
    """Say in plain words what was noticed."""
    figures = {
        "name": name,
        "confirmer": confirmer,
        "station": station,
        "minutes": evidence.minutes,
        "hours": hours(evidence.minutes),
        "whole": hours(evidence.whole),
        "days": evidence.days,
        "times": evidence.times,
        "kilometres": f"{evidence.metres / 1000:.1f}",
        "gap": evidence.gap,
        "needed": evidence.needed,
        "day": evidence.day.isoformat() if evidence.day else "",
    }
    return Message(_SENTENCES[kind], figures)


def hours(minutes: int) -> str:
    """Return minutes as hours with one digit."""
    return f"{minutes / 60:.1f}"


def checked(reason: str) -> str:
    """Return the reason of a decision, or refuse none and too much."""
    said = reason.replace("\r\n", "\n").strip()
    if not said or len(said) > LONGEST:
        raise InvalidInput({"reason": Message(N_("请写明原因，最多 300 字。"))})
    return said
