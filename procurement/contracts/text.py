"""A contract's text: the standard form filled in, byte for byte the same for the same terms.

What was signed is stored with its SHA-256; anybody can fill the form again from the terms and compare.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from string import Template

from app.core.money import plain_yuan
from marketplace.products.content import GROUP_NAMES, UNIT_NAMES, TargetGroup, Unit

FORMS = {"call_off": "contract_zh.txt", "quotation": "quotation_zh.txt", "tender": "tender_zh.txt"}
"""The form of each method of purchase."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that the form has a place for."""

    reference: str
    purchase: str
    framework: str
    buyer: str
    provider: str
    uscc: str
    product: str
    version: int
    title: str
    content: str
    standard: str
    staffing: str
    process: str
    target_group: str
    unit: str
    minutes: int
    quantity: int
    unit_price_fen: int
    starts_on: date
    ends_on: date
    method: str = "call_off"
    payment: str = ""  # how it is paid, in words


def contract_text(terms: Terms) -> str:
    """Return the contract's full text."""
    written = {
        name: getattr(terms, name)
        for name in Terms.__dataclass_fields__
        if name not in ("unit", "unit_price_fen", "target_group")
    }
    return _form(terms.method).substitute(
        written,
        unit=UNIT_NAMES[Unit(terms.unit)],
        target_group=GROUP_NAMES[TargetGroup(terms.target_group)],
        unit_price=plain_yuan(terms.unit_price_fen),
        amount=plain_yuan(terms.quantity * terms.unit_price_fen),
    )


def text_sha256(text: str) -> bytes:
    """Return the hash that stands beside the signatures."""
    return hashlib.sha256(text.encode()).digest()


@cache
def _form(method: str) -> Template:
    return Template(Path(__file__).with_name(FORMS[method]).read_text(encoding="utf-8"))
