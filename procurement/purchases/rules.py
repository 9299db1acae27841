"""A purchase's way: by call-off from an open framework (令110 §36, §42), quotations, or a tender.

One table holds every method's way, keyed (method, status, event).
"""

from collections.abc import Mapping
from enum import StrEnum

from app.core.state import advance
from app.core.text import N_


class Method(StrEnum):
    """How a purchase finds its supplier."""

    CALL_OFF = "call_off"
    QUOTATION = "quotation"  # three quotations below the threshold
    TENDER = "tender"  # run by the provincial platform, recorded here


class PurchaseStatus(StrEnum):
    """From the intention to the closed file."""

    INTENT = "intent"
    RESERVED = "reserved"
    QUOTATIONS_SEALED = "quotations_sealed"  # suppliers are invited; what they hand in cannot be read yet
    OPENED = "opened"
    COMPARED = "compared"  # a supplier is proposed, with the minutes
    REQUIREMENT_REVIEWED = "requirement_reviewed"
    PLAN_FILED = "plan_filed"
    METHOD_SET = "method_set"
    NOTICED = "noticed"
    SEALED = "sealed"
    EVALUATED = "evaluated"
    AWARDED = "awarded"
    RESULT_PUBLISHED = "result_published"
    APPROVED = "approved"
    ORDERED = "ordered"
    CONTRACTED = "contracted"
    CONTRACT_PUBLISHED = "contract_published"
    DELIVERING = "delivering"
    ACCEPTED = "accepted"
    PAID = "paid"
    RATED = "rated"
    CLOSED = "closed"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    TERMINATED = "terminated"


class PurchaseEvent(StrEnum):
    """What moves a purchase."""

    RESERVE = "reserve"
    INVITE = "invite"  # suppliers are asked for sealed quotations
    OPEN = "open"  # the deadline is over and the offers are read
    COMPARE = "compare"  # the comparison sheet and the minutes propose a supplier
    REVIEW_REQUIREMENT = "review_requirement"
    FILE_PLAN = "file_plan"
    SET_METHOD = "set_method"
    NOTICE = "notice"
    SEAL = "seal"
    EVALUATE = "evaluate"
    AWARD = "award"  # the buyer takes the rank order
    PUBLISH_RESULT = "publish_result"
    REOPEN = "reopen"  # the result fell by a challenge: another of the ranked is chosen
    APPROVE = "approve"
    REFUSE = "refuse"
    CANCEL = "cancel"
    ORDER = "order"  # the contract is offered with the buyer's signature
    CONTRACT = "contract"  # the provider signs
    PUBLISH_CONTRACT = "publish_contract"
    DELIVER = "deliver"  # the first village order
    ACCEPT = "accept"  # every contracted unit is accepted, or the term is over and nothing is open
    PAY = "pay"  # every accepted unit is paid
    RATE = "rate"
    CLOSE = "close"
    TERMINATE = "terminate"  # the procedure fails before the contract, or the contract ends early


M, S, E = Method, PurchaseStatus, PurchaseEvent
_WAYS: Mapping[Method, tuple[tuple[PurchaseStatus, PurchaseEvent, PurchaseStatus], ...]] = {
    M.CALL_OFF: (
        (S.INTENT, E.RESERVE, S.RESERVED),
        (S.RESERVED, E.APPROVE, S.APPROVED),
        (S.APPROVED, E.ORDER, S.ORDERED),
        (S.ORDERED, E.CONTRACT, S.CONTRACTED),
    ),
    M.QUOTATION: (
        (S.INTENT, E.RESERVE, S.RESERVED),
        (S.RESERVED, E.INVITE, S.QUOTATIONS_SEALED),
        (S.QUOTATIONS_SEALED, E.INVITE, S.QUOTATIONS_SEALED),  # again: too few answered, or the keys are lost
        (S.QUOTATIONS_SEALED, E.OPEN, S.OPENED),
        (S.OPENED, E.INVITE, S.QUOTATIONS_SEALED),  # again: too few of them count
        (S.OPENED, E.COMPARE, S.COMPARED),
        (S.COMPARED, E.APPROVE, S.APPROVED),
        (S.APPROVED, E.ORDER, S.ORDERED),
        (S.ORDERED, E.CONTRACT, S.CONTRACTED),
    ),
    M.TENDER: (
        (S.INTENT, E.RESERVE, S.RESERVED),
        (S.RESERVED, E.REVIEW_REQUIREMENT, S.REQUIREMENT_REVIEWED),
        (S.REQUIREMENT_REVIEWED, E.FILE_PLAN, S.PLAN_FILED),
        (S.PLAN_FILED, E.SET_METHOD, S.METHOD_SET),
        (S.METHOD_SET, E.NOTICE, S.NOTICED),
        (S.NOTICED, E.SEAL, S.SEALED),
        (S.SEALED, E.OPEN, S.OPENED),
        (S.OPENED, E.EVALUATE, S.EVALUATED),
        (S.EVALUATED, E.AWARD, S.AWARDED),
        (S.AWARDED, E.PUBLISH_RESULT, S.RESULT_PUBLISHED),
        (S.AWARDED, E.REOPEN, S.EVALUATED),
        (S.RESULT_PUBLISHED, E.REOPEN, S.EVALUATED),
        (S.RESULT_PUBLISHED, E.ORDER, S.ORDERED),
        (S.ORDERED, E.CONTRACT, S.CONTRACTED),
        (S.CONTRACTED, E.PUBLISH_CONTRACT, S.CONTRACT_PUBLISHED),
    ),
}
"""From the intent to the contract each method goes its own way; what was contracted is delivered by all alike."""
_REFUSED_AT = {M.CALL_OFF: S.RESERVED, M.QUOTATION: S.COMPARED}


def _transitions() -> dict[tuple[Method, PurchaseStatus, PurchaseEvent], PurchaseStatus]:
    table: dict[tuple[Method, PurchaseStatus, PurchaseEvent], PurchaseStatus] = {}
    for method, way in _WAYS.items():
        table |= {(method, start, event): end for start, event, end in way}
        early = E.TERMINATE if method is M.TENDER else E.CANCEL
        ended = S.TERMINATED if method is M.TENDER else S.CANCELLED
        table |= {(method, start, early): ended for start, event, _ in way}
        if method in _REFUSED_AT:
            table[method, _REFUSED_AT[method], E.REFUSE] = S.REFUSED
        bound = way[-1][2]
        table |= {
            (method, bound, E.DELIVER): S.DELIVERING,
            (method, bound, E.ACCEPT): S.ACCEPTED,
            (method, bound, E.TERMINATE): S.TERMINATED,
            (method, S.DELIVERING, E.ACCEPT): S.ACCEPTED,
            (method, S.DELIVERING, E.TERMINATE): S.TERMINATED,
            (method, S.ACCEPTED, E.PAY): S.PAID,
            (method, S.PAID, E.RATE): S.RATED,
            (method, S.RATED, E.CLOSE): S.CLOSED,
        }
    return table


TRANSITIONS = _transitions()

AWAITS_APPROVAL = frozenset((method, status) for method, status, event in TRANSITIONS if event is E.APPROVE)
"""Where a second person decides."""
WAITS_FOR_APPROVER = AWAITS_APPROVAL | {(M.TENDER, S.EVALUATED)}
"""Where an approver's word is the next step: the award of a tender is one as well."""
HOLDS_RESERVATION = frozenset(end for way in _WAYS.values() for _, _, end in way) - {S.CONTRACTED, S.CONTRACT_PUBLISHED}
"""States in which the money is reserved; before them nothing is, after them the contract has bound it."""

UNDER_CONTRACT = frozenset({S.CONTRACTED, S.CONTRACT_PUBLISHED, S.DELIVERING})
"""States in which a contract binds and is not yet fulfilled."""

METHOD_NAMES: Mapping[Method, str] = {
    M.CALL_OFF: N_("框架协议采购"),
    M.QUOTATION: N_("三家比价"),
    M.TENDER: N_("政采云项目采购"),
}
STATUS_NAMES: Mapping[PurchaseStatus, str] = {
    S.INTENT: N_("意向"),
    S.RESERVED: N_("待审批"),
    S.QUOTATIONS_SEALED: N_("报价密封中"),
    S.OPENED: N_("已开启"),
    S.COMPARED: N_("已比价"),
    S.REQUIREMENT_REVIEWED: N_("需求已审查"),
    S.PLAN_FILED: N_("实施计划已备案"),
    S.METHOD_SET: N_("采购方式已确定"),
    S.NOTICED: N_("已公告"),
    S.SEALED: N_("投标已截止"),
    S.EVALUATED: N_("已评审"),
    S.AWARDED: N_("已确定供应商"),
    S.RESULT_PUBLISHED: N_("结果已公告"),
    S.APPROVED: N_("已审批"),
    S.ORDERED: N_("待签约"),
    S.CONTRACTED: N_("已签约"),
    S.CONTRACT_PUBLISHED: N_("合同已公告"),
    S.DELIVERING: N_("履约中"),
    S.ACCEPTED: N_("已验收"),
    S.PAID: N_("已支付"),
    S.RATED: N_("已评价"),
    S.CLOSED: N_("已归档"),
    S.REFUSED: N_("未批准"),
    S.CANCELLED: N_("已取消"),
    S.TERMINATED: N_("已终止"),
}


def may_deliver(method: Method, status: PurchaseStatus) -> bool:
    """Tell whether villages may order: from the contract on, for a tender from its publication on."""
    return status is S.DELIVERING or (method, status, E.DELIVER) in TRANSITIONS


def after(method: Method, status: PurchaseStatus, event: PurchaseEvent) -> PurchaseStatus:
    """Return the state that an event leads to, or refuse with both names."""
    of_method = {(start, what): end for (by, start, what), end in TRANSITIONS.items() if by is method}
    return advance(of_method, status, event)
