"""What an event is about: the object to read again. What else the event says is not believed, and not kept.

Source: docs.stripe.com/api/events/types; the names are Stripe's, and our own demonstration sends the same.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class SubjectKind(StrEnum):
    """What to read again after an event."""

    CHECKOUT = "checkout"
    PAYMENT = "payment"
    PLAN = "plan"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Subject:
    """The object that an event is about."""

    kind: SubjectKind
    id: str = ""


NOTHING = Subject(SubjectKind.NONE)


def subject_of(kind: str, about: dict[str, Any]) -> Subject:
    """Return what to read again after an event of a kind about an object."""
    if kind.startswith("checkout.session."):
        return _named(SubjectKind.CHECKOUT, about.get("id"))
    if kind.startswith("payment_intent."):
        return _named(SubjectKind.PAYMENT, about.get("id"))
    if kind.startswith(("charge.", "refund.")):  # disputes are charge.dispute.*
        return _named(SubjectKind.PAYMENT, about.get("payment_intent"))
    if kind.startswith("customer.subscription."):
        return _named(SubjectKind.PLAN, about.get("id"))
    if kind.startswith("invoice."):
        parent = (about.get("parent") or {}).get("subscription_details") or {}
        return _named(SubjectKind.PLAN, parent.get("subscription") or about.get("subscription"))
    return NOTHING


def _named(kind: SubjectKind, found: Any) -> Subject:
    """Take an id, or the id of an expanded object."""
    found = found.get("id") if isinstance(found, dict) else found
    return Subject(kind, found) if isinstance(found, str) and found else NOTHING
