"""What a resident may say after a shift, and when figures become public.

Nobody checks who taps: the figures say so wherever they are shown. A number in the words (a telephone, an identity
card) is masked before it is stored: 个人信息保护法 第6条, no more is collected than the purpose needs.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.accounts.rules import Limit
from app.core.errors import DomainError
from app.core.text import N_

OPEN_AFTER = timedelta(days=7)
"""How long after a shift people may still rate it; the office's own promise, not law."""
LONGEST_WORDS = 100
FEWEST_PUBLIC = 5
"""Fewer ratings are nobody's public figure: one angry neighbour would be the whole of it."""
PUBLIC_DAYS = timedelta(days=365)
PER_ADDRESS_AND_SHIFT = Limit(40, timedelta(hours=1))
"""A village hall has one address for everybody in it."""
UNKNOWN_CODES_PER_ADDRESS = Limit(30, timedelta(hours=1))

DIGIT_ZH = "[0-9０-９〇零一二三四五六七八九幺]"
_NUMBER = re.compile(f"{DIGIT_ZH}(?:[ \u3000.·—-]*{DIGIT_ZH}){{6,}}[xX]?")


class ThanksStatus(StrEnum):
    """Whether people see the words."""

    SHOWN = "shown"
    HIDDEN = "hidden"


class ThanksEvent(StrEnum):
    """What the station decides about them."""

    HIDE = "hide"
    SHOW = "show"


TRANSITIONS: dict[tuple[ThanksStatus, ThanksEvent], ThanksStatus] = {
    (ThanksStatus.SHOWN, ThanksEvent.HIDE): ThanksStatus.HIDDEN,
    (ThanksStatus.HIDDEN, ThanksEvent.SHOW): ThanksStatus.SHOWN,
}
STATUS_NAMES: Mapping[ThanksStatus, str] = {
    ThanksStatus.SHOWN: N_("已显示"),
    ThanksStatus.HIDDEN: N_("已隐藏"),
}
STAR_NAMES: Mapping[int, str] = {
    5: N_("很满意"),
    4: N_("满意"),
    3: N_("还可以"),
    2: N_("不满意"),
    1: N_("很不满意"),
}


class NotRatable(DomainError):
    """The shift has not begun, is long over, or nobody came."""

    code, status = "not_ratable", 409
    message = N_("这个班次现在不能评价。班次开始后到结束后 7 天内可以评。")


class AlreadyRated(DomainError):
    """One browser, one rating of a shift."""

    code, status, message = "already_rated", 409, N_("这个班次你已经评过了，谢谢。")


class EverybodySpoke(DomainError):
    """As many have spoken as people were there."""

    code, status, message = "everybody_spoke", 409, N_("到场的人都评过了，谢谢。")


class AlreadyThanked(DomainError):
    """One thanks to a rating."""

    code, status, message = "already_thanked", 409, N_("你的话已经转达了，谢谢。")


class RateFirst(DomainError):
    """Words belong to a rating of the same browser."""

    code, status, message = "rate_first", 409, N_("请先点一下满意程度，再写话。")


class NoCookies(DomainError):
    """Without a cookie nobody can tell one browser from the next."""

    code, status, message = "no_cookies", 409, N_("浏览器没有保存 Cookie，没法记下评价。请刷新页面再点一次。")


class OwnShift(DomainError):
    """Nobody rates their own work."""

    code, status, message = "own_shift", 409, N_("这是你自己的班次，请让居民来评。")


class NothingSaid(DomainError):
    """No words."""

    code, status, message = "nothing_said", 422, N_("请写一句话，也可以不写直接关掉页面。")


class NumberInWords(DomainError):
    """A number that the masking did not see, but the database did."""

    code, status, message = "number_in_words", 422, N_("请不要写电话号码或身份证号。")


class ReasonForHidingMissing(DomainError):
    """Who hides words says why; it is kept."""

    code, status, message = "reason_for_hiding_missing", 422, N_("请写明原因，会留存备查。")


class AboutOwnShift(DomainError):
    """Nobody hides what was said about their own work."""

    code, status, message = "about_own_shift", 409, N_("这是对你自己班次的话，请另一位工作人员处理。")


class DecidedAlready(DomainError):
    """Somebody else was faster."""

    code, status, message = "decided_already", 409, N_("这句话刚被别人处理过。请刷新再看。")


CONSTRAINTS: Mapping[str, type[DomainError]] = {
    "shift_rating_once": AlreadyRated,
    "shift_rating_in_time": NotRatable,
    "shift_rating_within_people": EverybodySpoke,
    "shift_thanks_once": AlreadyThanked,
    "shift_thanks_without_numbers": NumberInWords,
    "thanks_moderation_follows": DecidedAlready,
    "thanks_moderation_second_party": AboutOwnShift,
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Ratings added up."""

    count: int
    total: int

    @property
    def average(self) -> str:
        """Return the average with one decimal, rounded half up; nothing without ratings."""
        tenths = (self.total * 20 + self.count) // (2 * self.count) if self.count else 0
        return f"{tenths // 10}.{tenths % 10}" if self.count else ""

    @property
    def public(self) -> bool:
        """Tell whether there are enough for everybody to see."""
        return self.count >= FEWEST_PUBLIC


def ratable(starts: datetime, ends: datetime, worked: bool, now: datetime) -> bool:
    """Tell whether a shift takes ratings: it has begun, is not long over, and somebody is or was there."""
    return worked and starts <= now <= ends + OPEN_AFTER


def masked(words: str) -> str:
    """Return the words on one line, each number of seven digits or more covered, however it is written."""
    line = " ".join(words.split())
    return _NUMBER.sub("***", line)
