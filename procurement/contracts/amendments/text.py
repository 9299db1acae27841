"""An amendment's text: a standard form filled in, byte for byte the same for the same terms."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Template

from app.core.money import plain_yuan
from marketplace.products.content import UNIT_NAMES, Unit
from procurement.contracts.amendments.rules import Change

FORM = "amendment_zh.txt"
UNITS_ZH = "增加数量：{added} {unit}；单价 {price} 元不变；增加金额：{amount} 元。"
DAYS_ZH = "履行期限的截止日期由 {before} 延长至 {after}（含当日）。"


@dataclass(frozen=True, slots=True)
class AmendmentTerms:
    """Everything that the form has a place for."""

    reference: str
    number: int
    buyer: str
    provider: str
    uscc: str
    unit: str
    unit_price_fen: int
    ends_on: date
    change: Change
    reason: str


def amendment_text(terms: AmendmentTerms) -> str:
    """Return the amendment's full text."""
    names = ("reference", "number", "buyer", "provider", "uscc", "reason")
    return _form().substitute({name: getattr(terms, name) for name in names}, change=_change(terms))


def _change(terms: AmendmentTerms) -> str:
    change = terms.change
    if change.ends_on is not None:
        return DAYS_ZH.format(before=terms.ends_on, after=change.ends_on)
    return UNITS_ZH.format(
        added=change.added,
        unit=UNIT_NAMES[Unit(terms.unit)],
        price=plain_yuan(terms.unit_price_fen),
        amount=plain_yuan(change.added * terms.unit_price_fen),
    )


@cache
def _form() -> Template:
    return Template(Path(__file__).with_name(FORM).read_text(encoding="utf-8"))
