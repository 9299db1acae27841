"""What an assignment is, when a draft may be published, and what moves it from state to state.

Voluntary service is unpaid (志愿服务条例 art. 2); a paid duty says so before anybody signs up. Who gives legal service
in the name of a lawyer holds a practising certificate (律师法 art. 13), who mediates is appointed (人民调解法 art. 13).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_, Message
from volunteers.people.credentials.rules import CredentialKind

LONGEST = timedelta(hours=12)
MOST_POSITIONS = 20
MOST_SEATS = 200


class Kind(StrEnum):
    """What people are sent to do."""

    DUTY = "duty"
    LECTURE = "lecture"
    MEDIATION = "mediation"
    VILLAGE = "village"
    DELIVERY = "delivery"
    HOME_VISIT = "homevisit"


class Compensation(StrEnum):
    """What a person gets; the amount is procurement's business."""

    UNPAID = "unpaid"
    EXPENSES = "expenses"
    SUBSIDY = "subsidy"


class SignUpMode(StrEnum):
    """Whether a tap is enough, or the station chooses among those who ask."""

    INSTANT = "instant"
    REQUEST = "request"


class AssignmentStatus(StrEnum):
    """Whether people may sign up."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class AssignmentEvent(StrEnum):
    """What the station decides; a closed assignment takes people from dispatch only."""

    PUBLISH = "publish"
    CLOSE = "close"
    REOPEN = "reopen"
    CANCEL = "cancel"


TRANSITIONS: dict[tuple[AssignmentStatus, AssignmentEvent], AssignmentStatus] = {
    (AssignmentStatus.DRAFT, AssignmentEvent.PUBLISH): AssignmentStatus.OPEN,
    (AssignmentStatus.DRAFT, AssignmentEvent.CANCEL): AssignmentStatus.CANCELLED,
    (AssignmentStatus.OPEN, AssignmentEvent.CLOSE): AssignmentStatus.CLOSED,
    (AssignmentStatus.OPEN, AssignmentEvent.CANCEL): AssignmentStatus.CANCELLED,
    (AssignmentStatus.CLOSED, AssignmentEvent.REOPEN): AssignmentStatus.OPEN,
    (AssignmentStatus.CLOSED, AssignmentEvent.CANCEL): AssignmentStatus.CANCELLED,
}

KIND_NAMES: Mapping[Kind, str] = {
    Kind.DUTY: N_("驻点值班"),
    Kind.LECTURE: N_("普法讲座"),
    Kind.MEDIATION: N_("纠纷调解"),
    Kind.VILLAGE: N_("村社顾问"),
    Kind.DELIVERY: N_("产品配送"),
    Kind.HOME_VISIT: N_("上门走访"),
}

COMPENSATION_NAMES: Mapping[Compensation, str] = {
    Compensation.UNPAID: N_("无偿"),
    Compensation.EXPENSES: N_("误餐交通补助"),
    Compensation.SUBSIDY: N_("有补贴"),
}

SIGN_UP_MODE_NAMES: Mapping[SignUpMode, str] = {
    SignUpMode.INSTANT: N_("报名就算数"),
    SignUpMode.REQUEST: N_("先申请，站点来选"),
}

STATUS_NAMES: Mapping[AssignmentStatus, str] = {
    AssignmentStatus.DRAFT: N_("草稿"),
    AssignmentStatus.OPEN: N_("可报名"),
    AssignmentStatus.CLOSED: N_("报名截止"),
    AssignmentStatus.CANCELLED: N_("已取消"),
}

NEEDS_CREDENTIAL = frozenset({Kind.DUTY, Kind.MEDIATION, Kind.VILLAGE})
"""Kinds that give legal service in person: one of the positions at least asks for a credential."""

SKILLED_HANDS_ONLY = frozenset({Kind.MEDIATION})
"""Kinds about named parties, whose every position asks for a credential (confidentiality: 人民调解法 art. 15)."""


class DraftRefused(DomainError):
    """One of the assignments to publish is not in order; ``fields`` names what."""

    code, status = "draft_refused", 422
    message = N_("第 %(number)s 个任务有内容需要修改，请看标出的位置。")


class AlreadyStarted(DomainError):
    """What has begun is neither cancelled nor moved."""

    code, status, message = "already_started", 409, N_("任务已经开始，不能再取消或改期。")


@dataclass(frozen=True, slots=True)
class PositionDraft:
    """A kind of seat: what is asked of the person, and how many are wanted."""

    role_zh: str
    capacity: int = 1
    minimum: int = 1
    role_en: str = ""
    credentials_any: tuple[str, ...] = ()
    skills_all: tuple[str, ...] = ()
    languages_all: tuple[str, ...] = ()
    gender: str | None = None
    trainings_all: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssignmentDraft:
    """An assignment before it exists; the point defaults to the place's, ``parties`` are codes, never names."""

    kind: Kind
    title_zh: str
    place_id: int
    station_id: int
    starts: datetime
    ends: datetime
    compensation: Compensation
    insured: bool
    positions: tuple[PositionDraft, ...]
    title_en: str = ""
    point: tuple[int, int] | None = None
    green: bool = False
    continuity: bool = False
    parties: tuple[str, ...] = ()
    sign_up_mode: SignUpMode = SignUpMode.INSTANT
    regulars_until: datetime | None = None
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
    pattern_id: int | None = None
    pattern_day: date | None = None
    status: AssignmentStatus = field(default=AssignmentStatus.OPEN)


BRIEFING = (
    *("contact_name", "contact_phone", "meeting_point_zh", "meeting_point_en", "questions_zh", "questions_en"),
    *("limits_zh", "limits_en", "briefing_zh", "briefing_en"),
)
"""What only those who go are told: whom to meet, where, what people ask, what one may not do."""


def faults(draft: AssignmentDraft, now: datetime) -> dict[str, Message]:
    """Return what keeps a draft from being stored, by field."""
    found: dict[str, Message] = {}
    if not draft.title_zh.strip():
        found["title_zh"] = Message(N_("请填写任务名称。"))
    if draft.ends <= draft.starts:
        found["ends"] = Message(N_("结束时间要晚于开始时间。"))
    elif draft.ends - draft.starts > LONGEST:
        found["ends"] = Message(N_("一个任务最长 12 小时，更长的请分成几个。"))
    if draft.starts <= now:
        found["starts"] = Message(N_("开始时间已过。"))
    if draft.status not in (AssignmentStatus.DRAFT, AssignmentStatus.OPEN):
        found["status"] = Message(N_("新任务只能是草稿或直接发布。"))
    if regulars := regulars_fault(draft.regulars_until, draft.starts):
        found["regulars_until"] = regulars
    if not is_phone(draft.contact_phone):
        found["contact_phone"] = Message(N_("联系电话只写数字、空格和横线。"))
    if positions := positions_fault(draft.kind, draft.positions):
        found["positions"] = positions
    return found


def regulars_fault(until: datetime | None, starts: datetime) -> Message | None:
    """Return what is wrong with the time until which only a station's regulars sign up: it ends before the start."""
    if until is None or until < starts:
        return None
    return Message(N_("“常来的人先报”要在任务开始前结束。"))


def is_phone(text: str) -> bool:
    """Tell whether a text can be a telephone number; none is one as well."""
    return bool(re.fullmatch(r"[\d +()-]{0,30}", text.strip()))


def positions_fault(kind: Kind, positions: Sequence[PositionDraft]) -> Message | None:
    """Return what is wrong with the positions as a whole, the first thing first."""
    if not 1 <= len(positions) <= MOST_POSITIONS:
        return Message(N_("请设置 1 到 20 个岗位。"))
    for position in positions:
        if not position.role_zh.strip():
            return Message(N_("请填写每个岗位的名称。"))
        if not 0 <= position.minimum <= position.capacity or not 1 <= position.capacity <= MOST_SEATS:
            return Message(N_("岗位人数应在 1 到 200 之间，最少人数不能超过名额。"))
        if not set(position.credentials_any) <= {kind.value for kind in CredentialKind}:
            return Message(N_("岗位要求里有不认识的证件种类。"))
        if position.gender not in (None, "F", "M"):
            return Message(N_("岗位的性别要求不正确。"))
    asked = [bool(position.credentials_any) for position in positions]
    if kind in SKILLED_HANDS_ONLY and not all(asked):
        return Message(N_("调解涉及当事人，每个岗位都要写明所需证件。"))
    if kind in NEEDS_CREDENTIAL and not any(asked):
        return Message(N_("这类任务至少要有一个岗位写明所需证件。"))
    return None
