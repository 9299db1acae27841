"""Who may join and what they state about themselves.

Volunteers register under their real names (志愿服务条例 art. 7) and are adults here (民法典 art. 17-18). Identity
and bank numbers are sensitive personal information: separate consent (个人信息保护法 art. 28-29).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from app.core import clock
from app.core.errors import DomainError
from app.core.ids import is_id_card
from app.core.text import N_, Message
from volunteers.people.credentials.rules import NewCredential

DAY_MINUTES = 24 * 60
ADULT_YEARS = 18
MINUTES_PER_DAY = 1440
_CODE = re.compile(r"[a-z][a-z_]{1,29}")


class Gender(StrEnum):
    """As on the identity card; some visits ask for one."""

    F = "F"
    M = "M"


class Corps(StrEnum):
    """The corps a person may belong to, several at a time."""

    VOLUNTEER = "volunteer"
    LAWYER = "lawyer"
    LEGAL_WORKER = "legal_worker"
    MEDIATOR = "mediator"
    NOTARY = "notary"
    APPRAISER = "appraiser"
    RETIRED_JUDGE = "retired_judge"
    STUDENT = "student"


class PersonStatus(StrEnum):
    """Whether a person takes assignments."""

    ACTIVE = "active"
    PAUSED = "paused"
    LEFT = "left"


class PersonEvent(StrEnum):
    """What a person decides about their own service."""

    PAUSE = "pause"
    RESUME = "resume"
    LEAVE = "leave"


TRANSITIONS: dict[tuple[PersonStatus, PersonEvent], PersonStatus] = {
    (PersonStatus.ACTIVE, PersonEvent.PAUSE): PersonStatus.PAUSED,
    (PersonStatus.ACTIVE, PersonEvent.LEAVE): PersonStatus.LEFT,
    (PersonStatus.PAUSED, PersonEvent.RESUME): PersonStatus.ACTIVE,
    (PersonStatus.PAUSED, PersonEvent.LEAVE): PersonStatus.LEFT,
}

STATUS_NAMES: Mapping[PersonStatus, str] = {
    PersonStatus.ACTIVE: N_("接任务"),
    PersonStatus.PAUSED: N_("已暂停"),
    PersonStatus.LEFT: N_("已退出"),
}
CORPS_NAMES: Mapping[Corps, str] = {
    Corps.VOLUNTEER: N_("志愿者"),
    Corps.LAWYER: N_("律师"),
    Corps.LEGAL_WORKER: N_("基层法律服务工作者"),
    Corps.MEDIATOR: N_("人民调解员"),
    Corps.NOTARY: N_("公证员"),
    Corps.APPRAISER: N_("司法鉴定人"),
    Corps.RETIRED_JUDGE: N_("退休法官、检察官"),
    Corps.STUDENT: N_("法学学生"),
}

LANGUAGE_NAMES: Mapping[str, str] = {
    "putonghua": N_("普通话"),
    "hangzhou": N_("杭州话"),
    "english": N_("英语"),
    "sign": N_("手语"),
}

SKILL_NAMES: Mapping[str, str] = {
    "labor": N_("劳动"),
    "marriage": N_("婚姻家庭"),
    "land": N_("土地山林"),
    "criminal": N_("刑事"),
    "minors": N_("未成年人"),
}


class AlreadyJoined(DomainError):
    """The account has a person behind it."""

    code, status, message = "already_joined", 409, N_("你已经加入了。可在“我的资料”里修改资料。")


class IdCardTaken(DomainError):
    """The identity number belongs to somebody who joined before."""

    code, status = "id_card_taken", 409
    message = N_("这个身份证号已登记过。请用原来的账号登录，或到就近站点核对。")


class NotJoined(DomainError):
    """The account has not joined as a volunteer."""

    code, status, message = "not_joined", 409, N_("请先加入志愿者，填几项资料即可。")


@dataclass(frozen=True, slots=True)
class Window:
    """A weekly stretch of free time: weekday 0 is Monday, minutes of Hangzhou's day."""

    weekday: int
    from_minute: int
    to_minute: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a person wants to be asked for at most."""

    max_minutes_day: int = 480
    max_minutes_week: int = 960
    max_shifts_week: int = 4
    max_travel_m: int = 30_000


@dataclass(frozen=True, slots=True)
class Profile:
    """What a person states when joining; the home point defaults to the home place's own."""

    name: str
    gender: Gender
    corps: tuple[Corps, ...]
    home_place_code: str
    privacy_notice: str
    id_card: str = ""
    bank_name: str = ""
    bank_account: str = ""
    public_official: bool = False
    organization_id: int | None = None
    home_point: tuple[int, int] | None = None
    languages: tuple[str, ...] = ("putonghua",)
    skills: tuple[str, ...] = ()
    preferred_kinds: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    credentials: tuple[NewCredential, ...] = ()
    availability: tuple[Window, ...] = ()
    familiar_place_codes: tuple[str, ...] = ()
    recused_from: tuple[str, ...] = ()


def faults(profile: Profile, today: date) -> dict[str, Message]:
    """Return what is wrong with a profile, by field; an identity number is asked for only by ``join``."""
    found: dict[str, Message] = {}
    if not profile.name.strip():
        found["name"] = Message(N_("请填写姓名。"))
    if fault := corps_fault(profile.corps):
        found["corps"] = fault
    if not profile.privacy_notice:
        found["privacy_notice"] = Message(N_("加入前请阅读并同意个人信息处理告知。"))
    if profile.id_card and (message := id_card_fault(profile.id_card, profile.gender, today)):
        found["id_card"] = message
    if profile.bank_account and not is_bank_account(profile.bank_account):
        found["bank_account"] = Message(N_("银行账号应为 12 到 21 位数字。"))
    if not all(is_window(window) for window in profile.availability):
        found["availability"] = Message(N_("空闲时间的结束要晚于开始。"))
    return found | preference_faults(profile.limits, profile.languages, profile.skills)


def corps_fault(corps: Collection[Corps]) -> Message | None:
    """Return what is wrong with the corps somebody belongs to: there is always one."""
    return None if corps else Message(N_("请至少选择一种身份。"))


def preference_faults(limits: Limits, languages: Iterable[str], skills: Iterable[str]) -> dict[str, Message]:
    """Return what is wrong with limits, languages and skills, by field."""
    found: dict[str, Message] = {}
    languages, skills = list(languages), list(skills)
    if not languages or not all(_CODE.fullmatch(code) for code in languages):
        found["languages"] = Message(N_("请至少选择一种语言。"))
    if not all(_CODE.fullmatch(code) for code in skills):
        found["skills"] = Message(N_("请从列出的专长中选择。"))
    if min(limits.max_minutes_day, limits.max_minutes_week, limits.max_shifts_week, limits.max_travel_m) <= 0:
        found["limits"] = Message(N_("上限须大于零。"))
    return found


def id_card_fault(number: str, gender: Gender, today: date) -> Message | None:
    """Return what is wrong with an identity number: check digit, birth date, gender, age (GB 11643-1999)."""
    born = birth_date(number) if is_id_card(number) else None
    if born is None:
        return Message(N_("身份证号不正确，请核对后再填。"))
    if gender_of(number) != gender:
        return Message(N_("身份证号与所选性别不一致。"))
    if not is_adult(born, today):
        return Message(N_("年满 18 周岁才能加入。"))
    return None


def birth_date(id_card: str) -> date | None:
    """Return the date of birth inside an identity number, if there is such a date."""
    try:
        return date(int(id_card[6:10]), int(id_card[10:12]), int(id_card[12:14]))
    except ValueError:
        return None


def gender_of(id_card: str) -> Gender:
    """Return the gender that the 17th digit states: odd for men."""
    return Gender.M if int(id_card[16]) % 2 else Gender.F


def is_adult(born: date, today: date) -> bool:
    """Tell whether the eighteenth birthday has come."""
    return (today.year - born.year, (today.month, today.day)) >= (ADULT_YEARS, (born.month, born.day))


def is_bank_account(number: str) -> bool:
    """Tell whether the text can be an account or card number."""
    return bool(re.fullmatch(r"\d{12,21}", number))


def is_window(window: Window) -> bool:
    """Tell whether the window lies within one day."""
    return 0 <= window.weekday <= 6 and 0 <= window.from_minute < window.to_minute <= MINUTES_PER_DAY


def merged(windows: Iterable[Window]) -> list[Window]:
    """Join windows that touch or overlap, so that a shift across their seam still lies inside one."""
    joined: list[Window] = []
    for window in sorted(windows, key=lambda w: (w.weekday, w.from_minute)):
        last = joined[-1] if joined else None
        if last and last.weekday == window.weekday and window.from_minute <= last.to_minute:
            joined[-1] = Window(last.weekday, last.from_minute, max(last.to_minute, window.to_minute))
        else:
            joined.append(window)
    return joined


def is_free(windows: Iterable[Window], starts: datetime, ends: datetime) -> bool:
    """Tell whether the windows hold the whole shift (rule 1 of the dispatch format); they join at midnight."""
    first = clock.local(starts)
    free_until = first.weekday() * DAY_MINUTES + first.hour * 60 + first.minute
    end = free_until + -(-int((ends - starts).total_seconds()) // 60)
    days = [(w.weekday * DAY_MINUTES, w) for w in windows]
    week = 7 * DAY_MINUTES
    spans = sorted((at + w.from_minute, at + w.to_minute) for day, w in days for at in (day, day + week))
    for since, until in spans:
        if since <= free_until < until:
            free_until = until
    return free_until >= end
