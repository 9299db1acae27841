"""A purchase's way as a timeline: what happened, and what comes next."""

from app.core.text import N_, Message
from app.web.components import Moment
from procurement.purchases.queries import PurchaseView
from procurement.purchases.rules import STATUS_NAMES, Method, PurchaseStatus

_ENDED = (PurchaseStatus.REFUSED, PurchaseStatus.CANCELLED, PurchaseStatus.TERMINATED)
_ORDER = [status for status in PurchaseStatus if status not in _ENDED]


def moments(purchase: PurchaseView) -> list[Moment]:
    """Return the steps of a purchase; one that ended early shows why instead of what would have come."""
    done = [Moment(N_("申请并预留预算"), purchase.requested_at, "done", actor=purchase.requester)]
    if purchase.approved_at:
        done.append(Moment(N_("另一人审批"), purchase.approved_at, "done", actor=purchase.approver or ""))
    if purchase.offered_at:
        done.append(Moment(N_("采购人签署合同"), purchase.offered_at, "done"))
    if purchase.signed_at:
        done.append(Moment(N_("服务机构签署，合同生效"), purchase.signed_at, "done"))
    if purchase.status in _ENDED:
        return [*done, Moment(STATUS_NAMES[purchase.status], None, "need", detail=purchase.refusal_reason)]
    return [*done, *_to_come(purchase)]


def _to_come(purchase: PurchaseView) -> list[Moment]:
    reached = _ORDER.index(purchase.status)
    units = Message(
        N_("已点单 %(ordered)s，已验收 %(accepted)s，共 %(quantity)s"),
        {"ordered": purchase.ordered, "accepted": purchase.accepted, "quantity": purchase.units},
    )
    compares = purchase.method is Method.QUOTATION and reached < _ORDER.index(PurchaseStatus.COMPARED)
    quoted = ((PurchaseStatus.COMPARED, N_("密封报价，开启和比价"), False),) * compares
    steps = (
        *quoted,
        (PurchaseStatus.APPROVED, N_("另一人审批"), bool(purchase.approved_at)),
        (PurchaseStatus.ORDERED, N_("采购人签署合同"), bool(purchase.offered_at)),
        (PurchaseStatus.CONTRACTED, N_("服务机构签署，合同生效"), bool(purchase.signed_at)),
        (PurchaseStatus.ACCEPTED, N_("村社点单，逐次验收"), False),
        (PurchaseStatus.PAID, N_("验收数量全部支付"), False),
        (PurchaseStatus.RATED, N_("绩效评价"), False),
        (PurchaseStatus.CLOSED, N_("归档"), False),
    )
    return [
        Moment(
            words,
            None,
            "done" if _ORDER.index(status) <= reached else "off",
            detail=units if status is PurchaseStatus.ACCEPTED and purchase.signed_at else "",
        )
        for status, words, dated in steps
        if not dated
    ]
