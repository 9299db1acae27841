"""A purchase's way and its guards. Bought so far by call-off from an open framework (令110 §36, §42).

One table holds every method's way, keyed (method, status, event), so that the competitive methods join it
without a second machine.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.state import advance
from app.core.text import N_, Message
from procurement.blocks import Block, Source
from procurement.budgets.rules import BUDGET_LAW_18
from procurement.frameworks.rules import FRAMEWORK_RULES, SUPPLIER_CONDITIONS, AdmissionStatus, FrameworkStatus, Term

CALL_OFF_LAW = Source(FRAMEWORK_RULES, "第42条")
BUDGETED = Source("政府采购法", "第33条")
PERFORMANCE = Source("财政部令第102号", "第20条", verified=False)


class Method(StrEnum):
    """How a purchase finds its supplier."""

    CALL_OFF = "call_off"


class PurchaseStatus(StrEnum):
    """From the intention to the closed file."""

    INTENT = "intent"
    RESERVED = "reserved"
    APPROVED = "approved"
    ORDERED = "ordered"
    CONTRACTED = "contracted"
    DELIVERING = "delivering"
    ACCEPTED = "accepted"
    PAID = "paid"
    RATED = "rated"
    CLOSED = "closed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class PurchaseEvent(StrEnum):
    """What moves a purchase."""

    RESERVE = "reserve"
    APPROVE = "approve"
    REFUSE = "refuse"
    CANCEL = "cancel"
    ORDER = "order"  # the contract is offered with the buyer's signature
    CONTRACT = "contract"  # the provider signs
    DELIVER = "deliver"  # the first village order
    ACCEPT = "accept"  # every contracted unit is accepted, or the term is over and nothing is open
    PAY = "pay"  # every accepted unit is paid
    RATE = "rate"
    CLOSE = "close"


M, S, E = Method, PurchaseStatus, PurchaseEvent
TRANSITIONS: dict[tuple[Method, PurchaseStatus, PurchaseEvent], PurchaseStatus] = {
    (M.CALL_OFF, S.INTENT, E.RESERVE): S.RESERVED,
    (M.CALL_OFF, S.INTENT, E.CANCEL): S.CANCELLED,
    (M.CALL_OFF, S.RESERVED, E.APPROVE): S.APPROVED,
    (M.CALL_OFF, S.RESERVED, E.REFUSE): S.REFUSED,
    (M.CALL_OFF, S.RESERVED, E.CANCEL): S.CANCELLED,
    (M.CALL_OFF, S.APPROVED, E.ORDER): S.ORDERED,
    (M.CALL_OFF, S.APPROVED, E.CANCEL): S.CANCELLED,
    (M.CALL_OFF, S.ORDERED, E.CONTRACT): S.CONTRACTED,
    (M.CALL_OFF, S.ORDERED, E.CANCEL): S.CANCELLED,
    (M.CALL_OFF, S.CONTRACTED, E.DELIVER): S.DELIVERING,
    (M.CALL_OFF, S.CONTRACTED, E.ACCEPT): S.ACCEPTED,
    (M.CALL_OFF, S.DELIVERING, E.ACCEPT): S.ACCEPTED,
    (M.CALL_OFF, S.ACCEPTED, E.PAY): S.PAID,
    (M.CALL_OFF, S.PAID, E.RATE): S.RATED,
    (M.CALL_OFF, S.RATED, E.CLOSE): S.CLOSED,
}

HOLDS_RESERVATION = frozenset({S.RESERVED, S.APPROVED, S.ORDERED})
"""States in which the money is reserved; before them nothing is, after them the contract has bound it."""

STATUS_NAMES: Mapping[PurchaseStatus, str] = {
    S.INTENT: N_("意向"),
    S.RESERVED: N_("待审批"),
    S.APPROVED: N_("已审批"),
    S.ORDERED: N_("待签约"),
    S.CONTRACTED: N_("已签约"),
    S.DELIVERING: N_("履约中"),
    S.ACCEPTED: N_("已验收"),
    S.PAID: N_("已支付"),
    S.RATED: N_("已评价"),
    S.CLOSED: N_("已归档"),
    S.REFUSED: N_("未批准"),
    S.CANCELLED: N_("已取消"),
}


def after(method: Method, status: PurchaseStatus, event: PurchaseEvent) -> PurchaseStatus:
    """Return the state that an event leads to, or refuse with both names."""
    of_method = {(start, what): end for (by, start, what), end in TRANSITIONS.items() if by is method}
    return advance(of_method, status, event)


@dataclass(frozen=True, slots=True)
class Offer:
    """What is bought from: an admission, its framework and product, as they stand today."""

    admission: AdmissionStatus
    framework: FrameworkStatus
    term: Term
    framework_place: str
    organization_verified: bool
    product_listed: bool
    areas: tuple[str, ...]  # codes of the places that the product version serves


@dataclass(frozen=True, slots=True)
class Money:
    """What is paid from: the budget line's programme, place and year."""

    programme: str
    place_code: str
    year: int


def request_blocks(offer: Offer, money: Money, place_code: str, today: date) -> list[Block]:
    """Name what keeps a place from buying this offer from this budget line today."""
    return [*offer_blocks(offer, today), *_place_blocks(offer, place_code), *_money_blocks(money, place_code, today)]


def offer_blocks(offer: Offer, today: date) -> list[Block]:
    """Name what is wrong with the offer itself; looked at again when the purchase is approved and contracted."""
    return list(_offer_blocks(offer, today))


def _offer_blocks(offer: Offer, today: date) -> Iterable[Block]:
    if offer.admission is not AdmissionStatus.ADMITTED:
        yield Block(
            "supplier_not_admitted",
            CALL_OFF_LAW,
            Message(N_("这家机构没有入围，或已退出、被清退。")),
            Message(N_("请选择其他入围机构。")),
            offer.admission.value,
        )
    if offer.framework is not FrameworkStatus.IN_FORCE or not offer.term.starts_on <= today <= offer.term.ends_on:
        yield Block(
            "framework_not_in_force",
            CALL_OFF_LAW,
            Message(N_("框架协议没有生效，或已过有效期。")),
            Message(N_("请选择正在生效的框架协议。")),
            offer.term.ends_on.isoformat(),
        )
    if not offer.organization_verified:
        yield Block(
            "supplier_not_verified",
            SUPPLIER_CONDITIONS,
            Message(N_("机构的认证已暂停。")),
            Message(N_("请选择其他机构，或等待其恢复认证。")),
        )
    if not offer.product_listed:
        yield Block(
            "product_not_listed",
            CALL_OFF_LAW,
            Message(N_("产品已暂停或下架。")),
            Message(N_("请选择其他产品。")),
        )


def _place_blocks(offer: Offer, place_code: str) -> Iterable[Block]:
    if not place_code.startswith(offer.framework_place):
        yield Block(
            "place_outside_framework",
            CALL_OFF_LAW,
            Message(N_("这个地区不在框架协议的适用范围内。")),
            Message(N_("请选择覆盖本地区的框架协议。")),
            offer.framework_place,
        )
    if not any(place_code.startswith(area) or area.startswith(place_code) for area in offer.areas):
        yield Block(
            "place_not_served",
            CALL_OFF_LAW,
            Message(N_("产品不服务这个地区。")),
            Message(N_("请选择服务本地区的产品。")),
            place_code,
        )


def _money_blocks(money: Money, place_code: str, today: date) -> Iterable[Block]:
    if money.programme != "purchase" or not place_code.startswith(money.place_code):
        yield Block(
            "budget_line_of_another_purpose",
            BUDGETED,
            Message(N_("这条预算不是本地区的购买服务预算。")),
            Message(N_("请选择本地区“政府购买公共法律服务”的预算行。")),
            f"{money.place_code} / {money.programme}",
        )
    if money.year != today.year:
        yield Block(
            "budget_line_of_another_year",
            BUDGET_LAW_18,
            Message(N_("预算按公历年度执行，只能使用本年预算。")),
            Message(N_("请选择本年的预算行。")),
            str(money.year),
        )


def closing_blocks(evaluation: str) -> list[Block]:
    """Require the performance evaluation before a purchase counts as rated."""
    if evaluation.strip():
        return []
    return [
        Block(
            "purchase_not_evaluated",
            PERFORMANCE,
            Message(N_("结项前必须完成绩效评价。")),
            Message(N_("请写明服务效果和满意度。")),
        )
    ]
