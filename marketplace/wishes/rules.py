"""A wish's way: open, answered by a provider that writes a product, fulfilled once that is listed, or closed.

The wall is public and holds no personal data: words without numbers, counts by town (个人信息保护法 第6条).
"""

import re
from collections.abc import Mapping
from enum import StrEnum

from app.core.errors import DomainError
from app.core.text import N_, Message

LONGEST_WORDS = 200
_NUMBER = re.compile(r"\d{7}")


class WishStatus(StrEnum):
    """Where a wish stands."""

    OPEN = "open"
    ANSWERED = "answered"
    FULFILLED = "fulfilled"
    CLOSED = "closed"


class WishEvent(StrEnum):
    """What moves it."""

    SUPPORT = "support"
    ANSWER = "answer"
    FULFIL = "fulfil"
    REOPEN = "reopen"  # none of the products that were to answer it will come
    CLOSE = "close"


S, E = WishStatus, WishEvent
TRANSITIONS: dict[tuple[WishStatus, WishEvent], WishStatus] = {
    (S.OPEN, E.SUPPORT): S.OPEN,
    (S.OPEN, E.ANSWER): S.ANSWERED,
    (S.OPEN, E.CLOSE): S.CLOSED,
    (S.ANSWERED, E.SUPPORT): S.ANSWERED,
    (S.ANSWERED, E.ANSWER): S.ANSWERED,
    (S.ANSWERED, E.FULFIL): S.FULFILLED,
    (S.ANSWERED, E.REOPEN): S.OPEN,
    (S.ANSWERED, E.CLOSE): S.CLOSED,
}
ALIVE = frozenset({S.OPEN, S.ANSWERED})
STATUS_NAMES: Mapping[WishStatus, str] = {
    S.OPEN: N_("等机构来应"),
    S.ANSWERED: N_("有机构在写"),
    S.FULFILLED: N_("已有服务"),
    S.CLOSED: N_("已结束"),
}


class AlreadySupported(DomainError):
    """One voice for each village."""

    code, status, message = "wish_already_supported", 409, N_("本村（社区）已经加过了。")


class OtherDistrict(DomainError):
    """A wish is the district's."""

    code, status, message = "wish_of_other_district", 409, N_("只能加入本区县的心愿。可以为本村另写一条。")


class AlreadyAnswered(DomainError):
    """One product, one answer."""

    code, status, message = "wish_already_answered", 409, N_("这个产品已经应过这条心愿。")


class OtherCategory(DomainError):
    """The product is of another kind."""

    code, status, message = "wish_of_other_category", 409, N_("这个产品的类别与心愿不同，请选同一类别的产品。")


class ProductOver(DomainError):
    """A product that will not be listed answers nothing."""

    code, status, message = "product_over", 409, N_("这个产品已经撤回或下架，请选别的产品。")


CONSTRAINTS = {
    "wish_support_once": AlreadySupported,
    "wish_support_of_district": OtherDistrict,
    "wish_answer_once": AlreadyAnswered,
    "wish_answer_of_category": OtherCategory,
}


def faults(words_zh: str) -> dict[str, Message]:
    """Say what is wrong with the words of a wish."""
    if not words_zh.strip():
        return {"words_zh": Message(N_("请写一句想要什么。"))}
    if _NUMBER.search(words_zh):
        return {"words_zh": Message(N_("心愿是公开的，请不要写电话号码或身份证号。"))}
    return {}
