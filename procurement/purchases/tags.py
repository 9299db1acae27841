"""How a purchase looks: the sign of its status, and the steps of its way."""

from collections.abc import Mapping

from app.core.text import N_
from app.web.components import Tag
from procurement.purchases.rules import STATUS_NAMES, WAITS_FOR_APPROVER, Method, PurchaseStatus

P = PurchaseStatus
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
    (Method.TENDER, PurchaseStatus.RESERVED): Tag("wait", N_("待需求审查")),
    (Method.TENDER, PurchaseStatus.EVALUATED): Tag("wait", N_("待确定供应商")),
}


def status_tag(method: Method, status: PurchaseStatus) -> Tag:
    """Return the sign of a purchase's status; some states wait for another thing in another method."""
    return _BY_METHOD.get((method, status), STATUS_TAGS[status])


Way = tuple[Method, PurchaseStatus]
_ALL = tuple((method, status) for method in Method for status in PurchaseStatus)


def _in(*statuses: PurchaseStatus) -> tuple[Way, ...]:
    return tuple(way for way in _ALL if way[1] in statuses)


_CHOOSING = (
    *((Method.QUOTATION, one) for one in (P.RESERVED, P.QUOTATIONS_SEALED, P.OPENED)),
    *((Method.TENDER, one) for one in (P.INTENT, P.RESERVED, P.REQUIREMENT_REVIEWED, P.PLAN_FILED, P.METHOD_SET)),
    *((Method.TENDER, one) for one in (P.NOTICED, P.SEALED, P.OPENED, P.AWARDED)),
)
GROUPS: Mapping[str, tuple[str, tuple[Way, ...]]] = {
    "open": (N_("进行中"), tuple(way for way in _ALL if way[1] not in ENDED)),
    "choosing": (N_("选供应商"), _CHOOSING),
    "waiting": (N_("待审批"), tuple(sorted(WAITS_FOR_APPROVER))),
    "approved": (N_("待发合同"), _in(P.APPROVED, P.RESULT_PUBLISHED)),
    "signing": (N_("待签约"), _in(P.ORDERED)),
    "delivering": (N_("履约中"), _in(*_GOING_ON)),
    "closing": (N_("待结项"), _in(P.ACCEPTED, P.PAID, P.RATED)),
    "ended": (N_("已结束"), _in(*ENDED)),
}
"""What the list of purchases is filtered by: where each method's purchases then stand."""
