"""What keeps a place from buying, each with its source and what would clear it; and from closing a purchase."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.core.money import yuan
from app.core.text import N_, Message
from procurement.blocks import Block, Source
from procurement.budgets.rules import BUDGET_LAW_18
from procurement.frameworks.rules import (
    ADMISSION_NAMES,
    FRAMEWORK_RULES,
    OPEN_KIND,
    SUPPLIER_CONDITIONS,
    AdmissionStatus,
    FrameworkStatus,
    Term,
)

CALL_OFF_LAW = Source(FRAMEWORK_RULES, "第42条")
BUDGETED = Source("政府采购法", "第33条")


@dataclass(frozen=True, slots=True)
class Admitted:
    """How an offer stands in its framework."""

    admission: AdmissionStatus
    framework: FrameworkStatus
    term: Term
    framework_place: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What is bought: a supplier's product version as it stands today, and for a call-off its admission."""

    organization_verified: bool
    product_listed: bool
    areas: tuple[str, ...]  # codes of the places that the product version serves
    admitted: Admitted | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """What is paid from: the budget line's programme, place and year."""

    programme: str
    place_code: str
    year: int


def request_blocks(offer: Offer, money: Money, place_code: str, today: date) -> list[Block]:
    """Name what keeps a place from buying this offer from this budget line today."""
    return [*offer_blocks(offer, today), *_place_blocks(offer, place_code), *money_blocks(money, place_code, today)]


def offer_blocks(offer: Offer, today: date) -> list[Block]:
    """Name what is wrong with the offer itself; looked at again when the purchase is approved and contracted."""
    admitted = _admission_blocks(offer.admitted, today) if offer.admitted else ()
    return [*admitted, *_supplier_blocks(offer)]


def _admission_blocks(admitted: Admitted, today: date) -> Iterable[Block]:
    if admitted.admission is not AdmissionStatus.ADMITTED:
        yield Block(
            "supplier_not_admitted",
            CALL_OFF_LAW,
            Message(N_("这家机构没有入围，或已退出、被清退。")),
            Message(N_("请选择其他入围机构。")),
            Message(ADMISSION_NAMES[admitted.admission]),
        )
    term = admitted.term
    if admitted.framework is not FrameworkStatus.IN_FORCE or not term.starts_on <= today <= term.ends_on:
        yield Block(
            "framework_not_in_force",
            CALL_OFF_LAW,
            Message(N_("框架协议没有生效，或已过有效期。")),
            Message(N_("请选择正在生效的框架协议。")),
            term.ends_on.isoformat(),
        )


def _supplier_blocks(offer: Offer) -> Iterable[Block]:
    if not offer.organization_verified:
        yield Block(
            "supplier_not_verified",
            SUPPLIER_CONDITIONS,
            Message(N_("机构的认证已暂停。")),
            Message(N_("请选择其他机构，或等待其恢复认证。")),
            Message(N_("已暂停")),
        )
    if not offer.product_listed:
        yield Block(
            "product_not_listed",
            SUPPLIER_CONDITIONS,
            Message(N_("产品已暂停或下架。")),
            Message(N_("请选择其他产品。")),
            Message(N_("未上架")),
        )


def _place_blocks(offer: Offer, place_code: str) -> Iterable[Block]:
    if offer.admitted and not place_code.startswith(offer.admitted.framework_place):
        yield Block(
            "place_outside_framework",
            CALL_OFF_LAW,
            Message(N_("这个地区不在框架协议的适用范围内。")),
            Message(N_("请选择覆盖本地区的框架协议。")),
            offer.admitted.framework_place,
        )
    if not any(place_code.startswith(area) or area.startswith(place_code) for area in offer.areas):
        yield Block(
            "place_not_served",
            CALL_OFF_LAW,
            Message(N_("产品不服务这个地区。")),
            Message(N_("请选择服务本地区的产品。")),
            place_code,
        )


def rate_blocks(unit_price_fen: int, rate_fen: int) -> list[Block]:
    """Require the framework's uniform rate of a call-off."""
    if unit_price_fen == rate_fen:
        return []
    return [
        Block(
            "not_at_uniform_rate",
            OPEN_KIND,
            Message(N_("单价%(price)s不是框架协议的统一付费标准。"), {"price": yuan(unit_price_fen)}),
            Message(N_("请按统一付费标准采购。")),
            yuan(rate_fen),
        )
    ]


def money_blocks(money: Money, place_code: str, today: date) -> Iterable[Block]:
    """Name what keeps a place from paying from this budget line today."""
    if money.programme != "purchase" or not place_code.startswith(money.place_code):
        yield Block(
            "budget_line_of_another_purpose",
            BUDGETED,
            Message(N_("这条预算不是本地区的购买服务预算。")),
            Message(N_("请选择本地区“政府购买公共法律服务”的预算行。")),
            money.place_code if money.programme == "purchase" else Message(N_("不是购买服务的预算")),
        )
    if money.year != today.year:
        yield Block(
            "budget_line_of_another_year",
            BUDGET_LAW_18,
            Message(N_("预算按公历年度执行，只能使用本年预算。")),
            Message(N_("请选择本年的预算行。")),
            str(money.year),
        )


def closing_blocks(evaluation: str, performance: Source) -> list[Block]:
    """Require the performance evaluation before a purchase counts as rated; the source is the day's."""
    if evaluation.strip():
        return []
    return [
        Block(
            "purchase_not_evaluated",
            performance,
            Message(N_("结项前必须完成绩效评价。")),
            Message(N_("请写明服务效果和满意度。")),
            Message(N_("没有评价")),
        )
    ]
