"""Why a claim of a contract is what it is, in words."""

from collections.abc import Callable, Mapping
from typing import Any

from app.core.money import yuan
from app.core.text import N_, Message
from procurement.tariffs.engine.model import Step

ITEM_NAMES = {
    "advance": N_("预付款"),
    "milestone": N_("付款节点"),
    "final": N_("合同结清"),
}


def message_of(step: Step) -> Message | None:
    """Return a step of a contract's trace in words; None if the step is of another kind."""
    said = _WORDS.get(step.key)
    return said(step.values) if said else None


def _advance(values: Mapping[str, Any]) -> Message:
    return Message(
        N_("合同 %(contract)s 总价 %(price)s 的 %(percent)s%%，双方签署后预付：%(amount)s"),
        {
            "contract": values["contract"],
            "price": yuan(values["price_fen"]),
            "percent": values["percent"],
            "amount": yuan(values["advance_fen"]),
        },
    )


def _offset(values: Mapping[str, Any]) -> Message:
    return Message(
        N_("冲抵预付款 %(offset)s，应付 %(net)s"),
        {"offset": yuan(values["offset_fen"]), "net": yuan(values["net_fen"])},
    )


def _milestone(values: Mapping[str, Any]) -> Message:
    return Message(N_("合同 %(contract)s：验收达到 %(percent)s%%，合并支付 %(units)s 次服务"), dict(values))


def _final(values: Mapping[str, Any]) -> Message:
    return Message(
        N_("合同 %(contract)s 结束，结清余下 %(units)s 次服务"),
        {"contract": values["contract"], "units": values["units"]},
    )


def _unit(values: Mapping[str, Any]) -> Message:
    return Message(N_("订单 %(order)s：%(amount)s"), {"order": values["order"], "amount": yuan(values["amount_fen"])})


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], Message]] = {
    "payment.advance": _advance,
    "payment.offset": _offset,
    "payment.milestone": _milestone,
    "payment.final": _final,
    "payment.unit": _unit,
}
