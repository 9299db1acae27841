"""How a purchase looks: the sign of its status, and the steps of its way."""

from collections.abc import Mapping

from app.core.text import N_
from app.web.components import Tag
from procurement.purchases.rules import STATUS_NAMES, Method, PurchaseStatus

_OFF = (PurchaseStatus.INTENT, PurchaseStatus.REFUSED, PurchaseStatus.CANCELLED, PurchaseStatus.TERMINATED)
_GOING_ON = (PurchaseStatus.CONTRACTED, PurchaseStatus.CONTRACT_PUBLISHED, PurchaseStatus.DELIVERING)
ENDED = (PurchaseStatus.CLOSED, PurchaseStatus.REFUSED, PurchaseStatus.CANCELLED, PurchaseStatus.TERMINATED)
_TONES: Mapping[PurchaseStatus, str] = {
    **dict.fromkeys(PurchaseStatus, "wait"),
    **dict.fromkeys(_OFF, "off"),
    **dict.fromkeys(_GOING_ON, "info"),
    PurchaseStatus.CLOSED: "done",
}
STATUS_TAGS: Mapping[PurchaseStatus, Tag] = {
    status: Tag(_TONES[status], STATUS_NAMES[status]) for status in PurchaseStatus
}
_BY_METHOD: Mapping[tuple[Method, PurchaseStatus], Tag] = {
    (Method.QUOTATION, PurchaseStatus.RESERVED): Tag("wait", N_("待邀请报价")),
    (Method.QUOTATION, PurchaseStatus.COMPARED): Tag("wait", N_("待审批")),
}


def status_tag(method: Method, status: PurchaseStatus) -> Tag:
    """Return the sign of a purchase's status; some states wait for another thing in another method."""
    return _BY_METHOD.get((method, status), STATUS_TAGS[status])


GROUPS: Mapping[str, tuple[str, tuple[PurchaseStatus, ...]]] = {
    "open": (
        N_("进行中"),
        tuple(status for status in PurchaseStatus if status not in ENDED),
    ),
    "reserved": (N_("待审批"), (PurchaseStatus.RESERVED,)),
    "approved": (N_("待发合同"), (PurchaseStatus.APPROVED,)),
    "signing": (N_("待签约"), (PurchaseStatus.ORDERED,)),
    "delivering": (N_("履约中"), _GOING_ON),
    "closing": (N_("待结项"), (PurchaseStatus.ACCEPTED, PurchaseStatus.PAID, PurchaseStatus.RATED)),
    "ended": (N_("已结束"), ENDED),
}
"""What the list of purchases is filtered by."""
