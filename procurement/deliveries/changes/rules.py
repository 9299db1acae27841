"""Another time for an order: who proposes, who answers, and what the new time must fit.

A house rule, so that a visit that does not suit is moved with the people on it. The year stays, because the quota is
the year's; a new month must have room, and the provider comes on the day.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from app.core import clock
from app.core.errors import DomainError
from app.core.text import N_, Message
from procurement.blocks import Block
from procurement.deliveries.months.rules import Month
from procurement.deliveries.ordering.rules import ALL_HOURS, Hours
from procurement.deliveries.rules import QUOTA, Contract, OrderStatus, order_blocks


class Side(StrEnum):
    """Whose proposal it is."""

    VILLAGE = "village"
    PROVIDER = "provider"


class ChangeStatus(StrEnum):
    """What became of a proposal."""

    PROPOSED = "proposed"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class ChangeEvent(StrEnum):
    """What moves it."""

    AGREE = "agree"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


S, E = ChangeStatus, ChangeEvent
TRANSITIONS: dict[tuple[ChangeStatus, ChangeEvent], ChangeStatus] = {
    (S.PROPOSED, E.AGREE): S.AGREED,
    (S.PROPOSED, E.REFUSE): S.REFUSED,
    (S.PROPOSED, E.WITHDRAW): S.WITHDRAWN,
    (S.PROPOSED, E.LAPSE): S.LAPSED,
}
STATUS_NAMES: Mapping[ChangeStatus, str] = {
    S.PROPOSED: N_("等对方答复"),
    S.AGREED: N_("已改期"),
    S.REFUSED: N_("对方不同意改期"),
    S.WITHDRAWN: N_("已收回改期"),
    S.LAPSED: N_("改期没有答复"),
}
MOVABLE = frozenset({OrderStatus.PLACED, OrderStatus.TAKEN, OrderStatus.SCHEDULED})
"""An order whose visit is still to come."""
_ABOUT_TIME = frozenset({"contract_not_delivering", "order_outside_term", "order_in_the_past", "month_full", "day_off",
                         "outside_hours"})  # fmt: skip


class AlreadyProposed(DomainError):
    """One proposal at a time."""

    code, status, message = "already_proposed", 409, N_("这一单已经有改期的提议，请先答复或收回。")


class NotMovable(DomainError):
    """The visit took place, or the order is over."""

    code, status, message = "order_not_movable", 409, N_("这一单已经不能改期。")


def time_blocks(
    contract: Contract, now_at: datetime, start: datetime, month: Month, now: datetime, hours: Hours = ALL_HOURS
) -> list[Block]:
    """Name what keeps an order from being moved to a time."""
    old, new = clock.local(now_at), clock.local(start)
    if (old.year, old.month) == (new.year, new.month):
        month = replace(month, units=None)  # its own unit moves along
    found = order_blocks(contract, None, contract.place_code, start, now, month, hours)
    blocks = [block for block in found if block.code in _ABOUT_TIME]
    if old.year != new.year:
        reason, remedy = (
            Message(N_("不能改到另一年，额度按年计算。")),
            Message(N_("请选同一年的时间，或取消后重新点单。")),
        )
        blocks.append(Block("change_of_year", QUOTA, reason, remedy, str(new.year)))
    return blocks
