"""A village's order on its way: 点单 → 接单 → 派单 → 评单, within its quota and the contract's quantity."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from app.core import clock
from app.core.text import N_, Message
from procurement.blocks import Block, Source, house
from procurement.deliveries.months.rules import Month, month_blocks
from procurement.deliveries.ordering.hours.rules import hours_blocks
from procurement.deliveries.ordering.rules import ALL_HOURS, Hours
from procurement.frameworks.rules import FRAMEWORK_RULES

QUANTITY = Source(FRAMEWORK_RULES, "第36条")
USERS_CHOICE = Source(FRAMEWORK_RULES, "第3条第3项")
QUOTA, ORDERING = house(N_("配送额度")), house(N_("点单"))


class OrderStatus(StrEnum):
    """From the village's wish to the acceptance."""

    PLACED = "placed"
    TAKEN = "taken"
    DECLINED = "declined"
    SCHEDULED = "scheduled"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class OrderEvent(StrEnum):
    """What moves an order."""

    TAKE = "take"
    DECLINE = "decline"
    LAPSE = "lapse"  # the provider said nothing within the clock
    SCHEDULE = "schedule"
    DELIVER = "deliver"
    MISS = "miss"  # its time passed and nobody came
    ACCEPT = "accept"
    REFUSE = "refuse"
    RECTIFY = "rectify"  # sent back to be put right; it stays delivered
    CANCEL = "cancel"


S, E = OrderStatus, OrderEvent
TRANSITIONS: dict[tuple[OrderStatus, OrderEvent], OrderStatus] = {
    (S.PLACED, E.TAKE): S.TAKEN,
    (S.PLACED, E.DECLINE): S.DECLINED,
    (S.PLACED, E.LAPSE): S.DECLINED,
    (S.PLACED, E.CANCEL): S.CANCELLED,
    (S.PLACED, E.MISS): S.CANCELLED,
    (S.TAKEN, E.SCHEDULE): S.SCHEDULED,
    (S.TAKEN, E.CANCEL): S.CANCELLED,
    (S.TAKEN, E.MISS): S.CANCELLED,
    (S.SCHEDULED, E.DELIVER): S.DELIVERED,
    (S.SCHEDULED, E.MISS): S.CANCELLED,
    (S.DELIVERED, E.ACCEPT): S.ACCEPTED,
    (S.DELIVERED, E.REFUSE): S.REFUSED,
    (S.DELIVERED, E.RECTIFY): S.DELIVERED,
}

OPEN = frozenset({S.PLACED, S.TAKEN, S.SCHEDULED, S.DELIVERED})
"""States in which something is still to happen; a contract ends when none of its orders is in them."""

STATUS_NAMES: Mapping[OrderStatus, str] = {
    S.PLACED: N_("待接单"),
    S.TAKEN: N_("已接单"),
    S.DECLINED: N_("未接单"),
    S.SCHEDULED: N_("已排期"),
    S.DELIVERED: N_("待验收"),
    S.ACCEPTED: N_("验收合格"),
    S.REFUSED: N_("验收不合格"),
    S.CANCELLED: N_("已取消"),
}

MISSED = N_("预约时间已过，没有人到场服务，名额已退回。")


@dataclass(frozen=True, slots=True)
class Contract:
    """What an order is placed under."""

    signed: bool
    open: bool  # its purchase still delivers
    place_code: str
    areas: tuple[str, ...]  # codes of the places that the pinned product version serves
    starts_on: date
    ends_on: date
    quantity: int
    ordered: int
    product_id: int = 0


@dataclass(frozen=True, slots=True)
class Quota:
    """How many units a village may order in a year, and how many it has."""

    quota: int
    used: int


def order_blocks(
    contract: Contract,
    quota: Quota | None,
    place_code: str,
    wished_start: datetime,
    now: datetime,
    month: Month | None = None,
    hours: Hours = ALL_HOURS,
) -> list[Block]:
    """Name what keeps a village from ordering one unit under this contract at this time."""
    return [
        *_contract_blocks(contract, wished_start, now),
        *_place_blocks(contract, place_code),
        *_quantity_blocks(contract, quota),
        *month_blocks(month or Month(), wished_start),
        *hours_blocks(hours, wished_start),
    ]


def _contract_blocks(contract: Contract, wished_start: datetime, now: datetime) -> Iterable[Block]:
    wished_day = clock.local(wished_start).date()
    if not contract.signed or not contract.open:
        yield Block(
            "contract_not_delivering",
            QUANTITY,
            Message(N_("合同还没有签订，或已经结束。")),
            Message(N_("请选择正在履行的服务。")),
            Message(N_("不在履行中")),
        )
    if not contract.starts_on <= wished_day <= contract.ends_on:
        yield Block(
            "order_outside_term",
            QUANTITY,
            Message(N_("希望的时间不在合同期限内。")),
            Message(N_("请选择合同期限内的日期。")),
            f"{contract.starts_on.isoformat()} – {contract.ends_on.isoformat()}",
        )
    if wished_start <= now:
        yield Block(
            "order_in_the_past",
            ORDERING,
            Message(N_("希望的时间已经过去。")),
            Message(N_("请选择以后的时间。")),
            f"{clock.local(wished_start):%Y-%m-%d %H:%M}",
        )


def _place_blocks(contract: Contract, place_code: str) -> Iterable[Block]:
    if len(place_code) != len("330106001001"):
        yield Block(
            "order_not_for_a_village",
            USERS_CHOICE,
            Message(N_("点单以村、社区为单位。")),
            Message(N_("请选择具体的村或社区。")),
            Message(N_("不是村或社区")),
        )
    if not place_code.startswith(contract.place_code) or not any(
        place_code.startswith(area) for area in contract.areas
    ):
        yield Block(
            "village_not_served",
            USERS_CHOICE,
            Message(N_("这项服务不覆盖这个村（社区）。")),
            Message(N_("请选择覆盖本村的服务。")),
            Message(N_("不在服务的地区内")),
        )


def _quantity_blocks(contract: Contract, quota: Quota | None) -> Iterable[Block]:
    if contract.ordered >= contract.quantity:
        yield Block(
            "contract_used_up",
            QUANTITY,
            Message(N_("合同数量%(quantity)s已经点完。"), {"quantity": contract.quantity}),
            Message(N_("请选择其他服务，或请采购人补充采购。")),
            str(contract.quantity),
        )
    if quota is None:
        yield Block(
            "no_quota",
            QUOTA,
            Message(N_("本村（社区）今年没有配送额度。")),
            Message(N_("请联系区县司法局核定额度。")),
            "0",
        )
    elif quota.used >= quota.quota:
        yield Block(
            "quota_used_up",
            QUOTA,
            Message(N_("本村（社区）今年的配送额度%(quota)s已经用完。"), {"quota": quota.quota}),
            Message(N_("请联系区县司法局追加额度，或等待明年。")),
            str(quota.quota),
        )


@dataclass(frozen=True, slots=True)
class LineFinding:
    """What an acceptor found about one line of the requirement; what is not met is said in words."""

    number: int
    met: bool
    words: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an acceptor found about one delivered order.

    Without lines the one word goes for all of them. What is not accepted is refused, or put right until a day.
    """

    accepted: bool
    people_reached: int
    rating: int
    opinion: str
    lines: tuple[LineFinding, ...] = ()
    rectify_by: date | None = None


def finding_faults(finding: Finding) -> dict[str, Message]:
    """Say which part of a finding is missing or impossible, by field."""
    fields = {}
    if not 1 <= finding.rating <= 5:
        fields["rating"] = Message(N_("请评1到5分。"))
    if finding.people_reached < 0 or (finding.accepted and finding.people_reached == 0):
        fields["people_reached"] = Message(N_("请填写服务人数。"))
    unexplained = not finding.accepted and not finding.lines
    if not finding.opinion.strip() and (unexplained or finding.rating <= 2):
        fields["opinion"] = Message(N_("不合格或低分时请写明意见。"))
    return fields
