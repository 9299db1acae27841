"""When a visit is rated and how.

评单 belongs to those who were served, acceptance to somebody who neither ordered nor delivered (采购法 §61): two words
on one visit, neither of which stands for the other.
"""

from collections.abc import Mapping

from app.core.errors import DomainError
from app.core.text import N_
from procurement.blocks import LawRefusal
from procurement.deliveries.rules import OrderStatus
from procurement.separation import SAME, TWO_PEOPLE
from volunteers.thanks.rules import STAR_NAMES

LONGEST_WORDS = 200
RATABLE = frozenset({OrderStatus.DELIVERED, OrderStatus.ACCEPTED, OrderStatus.REFUSED})
RATING_NAMES: Mapping[int, str] = STAR_NAMES
FACES: Mapping[int, str] = {
    5: "emoji-laughing",
    4: "emoji-smile",
    3: "emoji-neutral",
    2: "emoji-frown",
    1: "emoji-angry",
}


class NotYetRatable(DomainError):
    """The visit has not taken place."""

    code, status, message = "visit_not_ratable", 409, N_("服务送达以后才能评单。")


class AlreadyRated(DomainError):
    """One word for one visit."""

    code, status, message = "visit_already_rated", 409, N_("这一单已经评过了，谢谢。")


class OwnVisit(LawRefusal):
    """A provider does not rate itself."""

    code, status = "own_visit", 409
    source, compared = TWO_PEOPLE, SAME
    reason, remedy = N_("接单的人不能评自己的服务。"), N_("请由点单的村（社区）评单。")
