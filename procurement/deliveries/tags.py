"""How an order looks: the sign of its status."""

from collections.abc import Mapping

from app.web.components import Tag
from procurement.deliveries.rules import STATUS_NAMES, OrderStatus

_TONES: Mapping[OrderStatus, str] = {
    OrderStatus.PLACED: "wait",
    OrderStatus.TAKEN: "wait",
    OrderStatus.DECLINED: "need",
    OrderStatus.SCHEDULED: "info",
    OrderStatus.DELIVERED: "wait",
    OrderStatus.ACCEPTED: "done",
    OrderStatus.REFUSED: "need",
    OrderStatus.CANCELLED: "off",
}
STATUS_TAGS: Mapping[OrderStatus, Tag] = {status: Tag(_TONES[status], STATUS_NAMES[status]) for status in OrderStatus}
